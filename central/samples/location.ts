/** Where an agent, a device or an alert is: codes of unit and site, if known. */
export interface Location {
  readonly unit?: string;
  readonly site?: string;
}
