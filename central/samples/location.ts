/** Where an agent, a device or an alert is: codes of the unit and the site, as far as known. */
export interface Location {
  readonly unit?: string;
  readonly site?: string;
}
