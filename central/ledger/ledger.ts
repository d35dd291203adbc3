import type { Loss } from '../../contract/batch.ts';
import type { Ranges } from './intervals.ts';

/** What central knows of one queue directory of one agent. */
export interface LedgerEntry {
  readonly agent: string;
  readonly epoch: string;
  /** Durable in the store. */
  readonly stored: Ranges;
  /** Declared lost by the agent. */
  readonly declaredLost: Ranges;
  /** Below the agent's `lowest`, never received and never declared: confirmed loss, an alarm. */
  readonly missing: Ranges;
  /** Received out of order and not yet above `lowest`: still on its way. */
  readonly awaited: Ranges;
  readonly lowest: number;
  readonly highest: number;
  /** Batches below this seq are kept as counts only, which bounds the entry; 1: none. The ranges above start here. */
  readonly foldedBelow: number;
  readonly storedPoints: number;
  readonly refusedPoints: number;
  readonly lostPoints: number;
  /** stored ÷ (stored + declaredLost + missing) of batches, 0…1. */
  readonly completeness: number;
  readonly lastStoredAtMs: number | undefined;
}

export interface StoredBatch {
  readonly agent: string;
  readonly epoch: string;
  readonly seq: number;
  readonly lowest: number;
  /** Newest sample in it, by the agent's clock: tells late batches. */
  readonly measuredAtMs: number;
  readonly storedPoints: number;
  readonly refusedPoints: number;
  readonly losses: readonly Loss[];
}

export type LostBatches = Pick<StoredBatch, 'agent' | 'epoch' | 'losses'>;

/** Batches that have just become confirmed loss. A declaration may still explain them, or a late arrival heal them. */
export interface NewlyMissing {
  readonly agent: string;
  readonly epoch: string;
  readonly ranges: Ranges;
  /** Nothing of this epoch had been seen before: the ledger itself may be the one that forgot. */
  readonly firstContact: boolean;
}

/** Proof of delivery: durable before any acknowledgement leaves central. */
export interface Ledger {
  isStored(agent: string, epoch: string, seq: number): boolean;
  /** One transaction. Returns only when durable; throws, with nothing changed, when the disk refuses. */
  recordStored(batches: readonly StoredBatch[], nowMs: number): readonly NewlyMissing[];
  /** Losses that no batch brings along; one transaction. */
  recordLost(declarations: readonly LostBatches[], nowMs: number): void;
  /** From a birth message: moves `lowest` on, which may confirm losses. */
  recordLowest(agent: string, epoch: string, lowest: number, nowMs: number): readonly NewlyMissing[];
  entries(agent?: string): readonly LedgerEntry[];
  /** Completeness per hour, newest first: stored, refused and lost points counted in the hour they were booked. */
  hours(agent: string | undefined, fromMs: number, toMs: number): readonly LedgerHour[];
}

export interface LedgerHour {
  readonly agent: string;
  readonly hourMs: number;
  readonly storedBatches: number;
  readonly storedPoints: number;
  readonly refusedPoints: number;
  readonly lostPoints: number;
  /** Batches stored more than a minute after they were measured. */
  readonly lateBatches: number;
}
