/** Its life in the inventory, as calendar days of the city. */
interface Lifetime {
  readonly installedOn?: string | undefined;
  readonly retiredOn?: string | undefined;
}

/** From the day it is installed to the day before it is retired. `day`: such as 2025-07-01. */
export function isExpectedOn({ installedOn, retiredOn }: Lifetime, day: string): boolean {
  return (installedOn === undefined || installedOn <= day) && !isRetiredOn({ retiredOn }, day);
}

export function isRetiredOn({ retiredOn }: Pick<Lifetime, 'retiredOn'>, day: string): boolean {
  return retiredOn !== undefined && retiredOn <= day;
}
