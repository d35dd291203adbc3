/** Set by `npm run test:abuse -- --long`: attacks of an hour instead of seconds. */
export const isLongAbuse = process.env['WARDWATCH_ABUSE_LONG'] !== undefined;

/** What an attack takes in CI, and in the long form: its number of messages, its seconds. */
export function abuseScale<T>(short: T, long: T): T {
  return isLongAbuse ? long : short;
}
