import { z } from 'zod';
import type { Loss } from '../../contract/batch.ts';
import { unixMs } from '../../runtime/unix-ms.ts';
import type { CityCompleteness } from './city-completeness.ts';
import type { Ranges } from './intervals.ts';

const ranges = z
  .array(z.tuple([z.int(), z.int()]).readonly())
  .readonly()
  .describe('inclusive ranges of sequence numbers');

/** What central knows of one queue directory of one agent. */
export const ledgerEntrySchema = z
  .object({
    agent: z.string(),
    epoch: z
      .string()
      .describe(
        'the queue directory: a wiped disk begins a new one; `older`: the counts of all before the newest 32',
      ),
    stored: ranges.describe('batches that are durable in the store'),
    declaredLost: ranges.describe('batches that were declared lost'),
    storeLost: ranges.describe('those of them that central had acknowledged and its store then lost'),
    missing: ranges.describe('batches that the agent no longer holds, never received nor declared lost'),
    awaited: ranges.describe('batches that the agent still holds and has not delivered'),
    lowest: z.int().describe('the lowest sequence number that the agent still holds'),
    highest: z.int().describe('the highest sequence number seen'),
    foldedBelow: z
      .int()
      .describe('batches below this sequence number are kept as counts only, outside the ranges; 1: none'),
    storedPoints: z.int(),
    refusedPoints: z.int(),
    lostPoints: z.int().describe('points of the batches that were declared lost'),
    completeness: z.number().describe('stored ÷ (stored + declared lost + missing) of batches, 0 to 1'),
    lastStoredAtMs: unixMs.exactOptional(),
  })
  .readonly();
export type LedgerEntry = z.infer<typeof ledgerEntrySchema>;

/** What was recorded about one agent within one hour. */
export const ledgerHourSchema = z
  .object({
    agent: z.string(),
    hourMs: unixMs.describe('start of the hour, Unix time in ms'),
    storedBatches: z.int(),
    storedPoints: z.int(),
    refusedPoints: z.int(),
    lostPoints: z.int(),
    lateBatches: z.int().describe('batches stored more than a minute after they were measured'),
  })
  .readonly();
export type LedgerHour = z.infer<typeof ledgerHourSchema>;

/** What was recorded about one agent in several hours together. */
export type LedgerTotals = Omit<LedgerHour, 'agent' | 'hourMs'>;

/** Batches of one agent that are neither stored nor declared lost. */
export interface OpenBatches {
  /** It no longer holds them. */
  readonly missing: number;
  /** It still holds them. */
  readonly awaited: number;
}

export interface LedgerHoursQuery {
  readonly agent?: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** Most hours returned, an hour of each agent being one. */
  readonly limit: number;
  /** Only what comes behind this one in the order of the answer. */
  readonly after?: Pick<LedgerHour, 'hourMs' | 'agent'>;
}

export interface StoredBatch {
  readonly agent: string;
  readonly epoch: string;
  readonly seq: number;
  readonly lowest: number;
  /** Newest sample in it, by the agent's clock: shows whether the batch is late. */
  readonly measuredAtMs: number;
  readonly storedPoints: number;
  readonly refusedPoints: number;
  readonly losses: readonly Loss[];
}

export type LostBatches = Pick<StoredBatch, 'agent' | 'epoch' | 'losses'>;

/** What a store holds of one epoch. */
export interface HeldBatches {
  readonly agent: string;
  readonly epoch: string;
  readonly ranges: Ranges;
  readonly points: number;
  /** Newest sample in them, Unix time in ms; 0: not known. */
  readonly newestMs: number;
}

/** Batches of one epoch that were stored and acknowledged, and that the store no longer has. */
export interface StoreLoss {
  readonly agent: string;
  readonly epoch: string;
  readonly ranges: Ranges;
  readonly points: number;
  /** Newest sample that is still there, and the time of the last write: what is lost lies between. 0: nothing is there. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** Batches that have just become confirmed loss. A later declaration or a late arrival may still explain them. */
export interface NewlyMissing {
  readonly agent: string;
  readonly epoch: string;
  readonly ranges: Ranges;
  /** Nothing of this epoch had been recorded before: the ledger itself may be incomplete. */
  readonly firstContact: boolean;
}

export interface Recorded {
  readonly missing: readonly NewlyMissing[];
  /** For each batch or declaration with losses: how many batches were not known as stored or lost before. */
  readonly newlyLost: readonly number[];
}

/** Proof of delivery: durable before any acknowledgement leaves central. */
export interface Ledger {
  isStored(agent: string, epoch: string, seq: number): boolean;
  /** One transaction. Returns only when durable; throws, with nothing changed, when the disk refuses. */
  recordStored(batches: readonly StoredBatch[], nowMs: number): Recorded;
  /** Losses that come without a batch; one transaction. */
  recordLost(declarations: readonly LostBatches[], nowMs: number): Recorded;
  /** Declares lost what is stored according to the ledger and not among `held`, which is everything that the store has. One transaction. */
  recordStoreLosses(held: readonly HeldBatches[], nowMs: number): readonly StoreLoss[];
  /** Batches that were declared so since `sinceMs`. */
  storeLostBatches(sinceMs: number): number;
  /** Everything that is stored. */
  stored(): readonly HeldBatches[];
  /** Kind of the store that the ledger was last used with; undefined: none yet. */
  readonly storeKind: string | undefined;
  recordStoreKind(kind: string): void;
  /** From a birth message: raises `lowest`, which may confirm losses. */
  recordLowest(agent: string, epoch: string, lowest: number, nowMs: number): readonly NewlyMissing[];
  entries(agent?: string): readonly LedgerEntry[];
  /** Of all batches of one agent, 0 to 1; undefined: no batch is known yet. */
  completenessOf(agent: string): number | undefined;
  /** Of the city: see city-completeness.ts. */
  completeness(): CityCompleteness;
  /** Counts per agent and hour of recording, newest hour first, then by agent. */
  hours(query: LedgerHoursQuery): readonly LedgerHour[];
  /** Of each of these agents, in the hours of recording that lie within the range or are cut by it; those of which nothing was recorded are left out. */
  totals(agents: readonly string[], fromMs: number, toMs: number): ReadonlyMap<string, LedgerTotals>;
  /** Of one agent, of all hours. */
  openBatches(agent: string): OpenBatches;
}
