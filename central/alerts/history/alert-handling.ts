import { z } from 'zod';
import { unixMs } from '../../../runtime/unix-ms.ts';
import { SEVERITIES } from '../rules/severity.ts';

/** What people do with an alert; central itself where a time is over that a person set. */
export const HANDLING_KINDS = [
  'acknowledged',
  'unacknowledged',
  'assigned',
  'unassigned',
  'commented',
  'shelved',
  'unshelved',
  'closed',
] as const;
export type HandlingKind = (typeof HANDLING_KINDS)[number];

const by = z.string().describe('name of the token');

export const acknowledgementSchema = z.object({
  by,
  atMs: unixMs,
  text: z.string().exactOptional().describe('why'),
  untilMs: unixMs.exactOptional().describe('from then on the alert is not acknowledged'),
});
export type Acknowledgement = Readonly<z.infer<typeof acknowledgementSchema>>;

export const shelfSchema = z.object({
  by,
  atMs: unixMs,
  text: z.string().describe('why'),
  untilMs: unixMs,
  severity: z
    .enum(SEVERITIES)
    .describe('as it was shelved: once the alert is graver than that, the shelf holds nothing back'),
});
export type Shelf = Readonly<z.infer<typeof shelfSchema>>;

/** What a line of the timeline says besides its kind. */
export const handlingDetailsSchema = z.object({
  by: by.exactOptional().describe('name of the token; not there: central itself'),
  text: z.string().exactOptional(),
  untilMs: unixMs.exactOptional(),
  assignee: z.string().exactOptional(),
});
export type HandlingDetails = Readonly<z.infer<typeof handlingDetailsSchema>>;
