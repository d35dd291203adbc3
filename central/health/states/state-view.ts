import { z } from 'zod';
import { reasonsSchema } from '../../../contract/reasons/reason-schema.ts';
import { unixMs } from '../../../runtime/unix-ms.ts';

/**
 * `up`: measured within its interval and found well. `down`: measured bad. `unreachable`: all ways to it lead over what is down
 * or cut. `unknown`: nobody can say; counts neither as up nor as down.
 */
export const STATES = ['up', 'down', 'unreachable', 'unknown'] as const;
export const stateSchema = z.enum(STATES);
export type State = z.infer<typeof stateSchema>;

/** What has a state. `unit` is a ward, commune or special zone, by its code. */
export const ELEMENT_KINDS = ['device', 'site', 'link', 'unit'] as const;
export type ElementKind = (typeof ELEMENT_KINDS)[number];

/** Such as `device:n-26737-01`, `site:hub-03`, `link:f-12`, `unit:26737`. */
export type ElementRef = `${ElementKind}:${string}`;

/** One value that an element's state rests on. */
export const evidenceSchema = z.object({
  agent: z.string().describe('who measured it'),
  measurement: z.string(),
  field: z.string().exactOptional().describe('not there where the row itself is the evidence'),
  value: z.union([z.number(), z.string(), z.boolean()]).exactOptional(),
  verdict: z.enum(['well', 'bad']),
  atMs: unixMs.describe("when it was measured, by central's clock"),
});
export type Evidence = Readonly<z.infer<typeof evidenceSchema>>;

export const stateViewSchema = z.object({
  state: stateSchema,
  sinceMs: unixMs.describe(
    'since when, as central knew it; times in which central was off or heard nobody do not end a state',
  ),
  reason: z.string().describe('why, in words'),
  reasons: reasonsSchema,
  roots: z
    .array(z.string())
    .describe(
      'of what is unreachable: what is down or cut on the ways to it, such as site:hub-03; else empty',
    ),
  evidence: z.array(evidenceSchema).describe('what is fresh: measured within three intervals'),
  isDisputed: z
    .boolean()
    .describe('degraded evidence: agents disagree about it; the state is what its own agent says'),
  disputedBy: z.array(z.string()).describe('the agents that disagree; empty if none do'),
  nextReviewMs: unixMs
    .exactOptional()
    .describe('when the evidence runs out; not there where only something new can change the state'),
});
export type StateView = Readonly<z.infer<typeof stateViewSchema>>;

export type StateCounts = Readonly<Record<State, number>>;
