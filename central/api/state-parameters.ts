import { z } from 'zod';
import { DEVICE_KINDS, linkSchema, siteSchema } from '../../contract/inventory.ts';
import { ApiError } from './problem.ts';
import { DAY_MS, timeParameter } from './time-schemas.ts';

const KINDS = [
  ...new Set([...DEVICE_KINDS, ...siteSchema.shape.kind.options, ...linkSchema.shape.kind.options]),
] as const;

/** Which elements are meant: of every route that reads the history of states. */
export const elementFilter = {
  unit: z.string().optional().describe('code of a ward, commune or special zone'),
  site: z.string().optional().describe('id of a site'),
  agency: z.string().optional().describe('id of an agency'),
  kind: z.enum(KINDS).optional().describe('kind in the inventory, such as node or hub'),
};

export const rangeParameters = {
  from: timeParameter
    .optional()
    .describe('Unix time in ms, or RFC 3339, inclusive; a day before `to` without it'),
  to: timeParameter.optional().describe('Unix time in ms, or RFC 3339, exclusive; now without it'),
};

/** Pure. Throws an ApiError where nothing lies between the two. */
export function readRange(
  { from, to }: { readonly from?: number | undefined; readonly to?: number | undefined },
  nowMs: number,
): { readonly fromMs: number; readonly toMs: number } {
  const toMs = to ?? nowMs;
  const fromMs = from ?? Math.max(0, toMs - DAY_MS);
  if (fromMs < toMs) return { fromMs, toMs };
  throw new ApiError('EMPTY_RANGE', `from (${fromMs}) must be before to (${toMs})`);
}
