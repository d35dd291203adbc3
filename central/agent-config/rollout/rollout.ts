import { z } from 'zod';
import { unixMs } from '../../../runtime/unix-ms.ts';
import { configChangeSchema } from './config-change.ts';

/**
 * `stopped`: by itself. `cancelled`: nobody else gets the config, whoever has it keeps it. `rolling_back`: those that were given it get
 * what they had before, as far as nobody gave them another one since.
 */
export const ROLLOUT_STATES = [
  'running',
  'paused',
  'stopped',
  'rolling_back',
  'done',
  'cancelled',
  'rolled_back',
] as const;
export type RolloutState = (typeof ROLLOUT_STATES)[number];

/** Its agents are in no other roll-out. */
export const ACTIVE_STATES: readonly RolloutState[] = ['running', 'paused', 'stopped', 'rolling_back'];

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export const rolloutSettingsSchema = z.strictObject({
  watchMs: z
    .int()
    .min(1_000)
    .max(24 * HOUR_MS)
    .default(10 * MINUTE_MS)
    .describe(
      'how long the agents of a stage are watched before the next one, ms; longer where an agent sends seldom: four of its batches',
    ),
  applyWithinMs: z
    .int()
    .min(1_000)
    .max(24 * HOUR_MS)
    .default(5 * MINUTE_MS)
    .describe('within which an agent has to run it, ms'),
  leastShare: z
    .number()
    .min(0)
    .max(1)
    .default(0.9)
    .describe(
      'how much of the points that an agent sent before it has to send with the new config; less where the change takes something away, 0: this is not judged',
    ),
  onStop: z
    .enum(['hold', 'roll_back'])
    .default('hold')
    .describe(
      'what happens when it stops by itself: those that have the config keep it, or get the one before',
    ),
});
export type RolloutSettings = z.output<typeof rolloutSettingsSchema>;

const countsSchema = z.object({
  stored: z.number(),
  refused: z.number(),
  lost: z.number(),
  missing: z.number(),
});
/** Of an agent since a fixed time: points, of `missing` batches. */
export type AgentCounts = z.infer<typeof countsSchema>;

/** `restored`: it has the config from before again. */
export const MEMBER_STATES = ['waiting', 'pushed', 'skipped', 'restored'] as const;

export const memberSchema = z.object({
  agent: z.string(),
  state: z.enum(MEMBER_STATES),
  /** Its desired revision when the roll-out was made; 0: none. */
  fromRevision: z.int(),
  toRevision: z.int().optional(),
  pushedAtMs: unixMs.optional(),
  /** When a person last went on with the roll-out: it has the whole time to apply from then. */
  judgedFromMs: unixMs.optional(),
  /** Of `atPush`, where a person went on after a stop. */
  countedFromMs: unixMs.optional(),
  note: z.string().optional(),
  before: z.object({ storedPerS: z.number(), refusedPerS: z.number() }).optional(),
  atPush: countsSchema.optional(),
  atWatch: countsSchema.optional(),
});
export type Member = z.infer<typeof memberSchema>;

export const historyEntrySchema = z.object({
  atMs: unixMs,
  what: z.enum([
    'created',
    'stage',
    'watch',
    'paused',
    'resumed',
    'stopped',
    'cancelled',
    'rolling_back',
    'rolled_back',
    'done',
  ]),
  actor: z.string().optional().describe('who; without it, the roll-out by itself'),
  detail: z.string().optional(),
});
export type HistoryEntry = z.infer<typeof historyEntrySchema>;

export const rolloutSchema = z.object({
  id: z.int(),
  state: z.enum(ROLLOUT_STATES),
  reason: z.string(),
  actor: z.string(),
  createdAtMs: unixMs,
  change: configChangeSchema,
  settings: z.object(rolloutSettingsSchema.shape),
  stages: z.array(z.int()).describe('how many agents have the config at the end of each'),
  stage: z.int().describe('from 0'),
  watchSinceMs: unixMs.optional(),
  stopReasons: z.array(z.string()).describe('why it stopped by itself'),
  history: z.array(historyEntrySchema).describe('newest last'),
});
export type Rollout = z.infer<typeof rolloutSchema>;

/** One, a tenth, all. Pure. */
export function stagesFor(agents: number): number[] {
  return [...new Set([1, Math.ceil(agents / 10), agents])];
}
