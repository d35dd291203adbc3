import { CUSTOM_PREFIX } from '../../../contract/custom/declaration.ts';

/** For a measurement that nobody declared at central: how that is done. Pure. */
export function remedyFor(measurement: string): string {
  return measurement.startsWith(CUSTOM_PREFIX)
    ? ': declare it in measurementsDirectory of central.yaml, as the profile of the agent does under custom, or push that profile from central'
    : '';
}

/** The same for a tag or field that its declaration lacks. */
export function remedyForPart(measurement: string): string {
  return measurement.startsWith(CUSTOM_PREFIX)
    ? '; declare it at central where the measurement is declared (measurementsDirectory, or the pushed config)'
    : '';
}
