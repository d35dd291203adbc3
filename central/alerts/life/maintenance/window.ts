import { z } from 'zod';
import { unixMs } from '../../../../runtime/unix-ms.ts';
import { nameSchema, reasonSchema } from '../texts.ts';
import { scheduleSchema } from './schedule.ts';

export const COVER_KINDS = ['unit', 'site', 'device', 'link', 'service', 'agency'] as const;
export type CoverKind = (typeof COVER_KINDS)[number];
export const MAX_COVERS = 100;
/** Each costs a walk over the city. */
export const MAX_WITH_DEPENDENTS = 20;

const coverPattern = new RegExp(`^(${COVER_KINDS.join('|')}):[a-z0-9][a-z0-9._-]{0,63}$`);

/** What a person plans. */
export const windowRequestSchema = z.strictObject({
  covers: z
    .array(z.string().regex(coverPattern, `expected ${COVER_KINDS.join(':, ')}: and an id`))
    .min(1)
    .max(MAX_COVERS)
    .describe(
      'of the inventory: units with all in them, sites with all at them, devices, links, services, agencies with what they own',
    ),
  withDependents: z
    .boolean()
    .default(false)
    .describe('takes what would be cut off by it as well; not of agencies'),
  reason: reasonSchema,
  approvedBy: nameSchema.describe('who allowed it'),
  schedule: scheduleSchema,
});
export type WindowRequest = Readonly<z.infer<typeof windowRequestSchema>>;

/** Planned work. While it is open, nobody is told that an alert begins which it covers. */
export const windowSchema = windowRequestSchema.extend({
  id: z.string(),
  revision: z.int().describe('1, and one more with each change'),
  by: z.string().describe('who made it: name of the token'),
  madeAtMs: unixMs,
  changedBy: z.string(),
  changedAtMs: unixMs,
  cutAtMs: unixMs.exactOptional().describe('what was open then was ended; it opens again at its next time'),
  endedAtMs: unixMs.exactOptional().describe('a person ended it for good'),
});
export type MaintenanceWindow = Readonly<z.infer<typeof windowSchema>>;

export const WINDOW_STATES = ['pending', 'active', 'ended'] as const;
export type WindowState = (typeof WINDOW_STATES)[number];

export function splitCover(ref: string): readonly [kind: string, id: string] {
  const colon = ref.indexOf(':');
  return [ref.slice(0, colon), ref.slice(colon + 1)];
}
