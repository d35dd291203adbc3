import { z } from 'zod';

export const DAY_MS = 86_400_000;

/** The years 1970 to 9999, which `Date` and both stores can take. */
export const MAX_TIME_MS = 253_402_300_799_999;

const EXPECTED = `expected Unix time in ms (a whole number from 0 to ${MAX_TIME_MS}), or RFC 3339 such as 2026-01-31T08:00:00Z or 2026-01-31T08:00:00%2B07:00`;

/** A + that was not encoded: in a query it stands for a space, which no time has there. */
const UNENCODED_PLUS = /^(\S+T\S+) (\d\d:\d\d)$/;

function readTime(text: unknown): unknown {
  if (typeof text !== 'string') return text;
  return /^\d{1,15}$/.test(text) ? Number(text) : text.replace(UNENCODED_PLUS, '$1+$2');
}

/** A point in time in a query: Unix time in ms, or RFC 3339. */
export const timeParameter = z
  .preprocess(
    readTime,
    z.union(
      [
        z.int().min(0).max(MAX_TIME_MS, EXPECTED),
        z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
      ],
      EXPECTED,
    ),
  )
  .meta({
    anyOf: [
      { type: 'integer', minimum: 0, maximum: MAX_TIME_MS },
      { type: 'string', format: 'date-time' },
    ],
  });
