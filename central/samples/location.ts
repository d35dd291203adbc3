/** Where an agent, a device or an alert is: codes of unit and site, if known. */
export interface Location {
  readonly unit?: string;
  readonly site?: string;
}

/** Without the parts that are not known. */
export function locationFrom(unit: string | undefined, site: string | undefined): Location {
  return { ...(unit !== undefined && { unit }), ...(site !== undefined && { site }) };
}
