import { z } from 'zod';

export const DAY_MS = 86_400_000;

/** The years 1970 to 9999, which `Date` and both stores can take. */
const MAX_TIME_MS = 253_402_300_799_999;

/** A point in time in a query: Unix time in ms, or RFC 3339. */
export const timeParameter = z.union([
  z.coerce.number().int().min(0).max(MAX_TIME_MS),
  z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
]);
