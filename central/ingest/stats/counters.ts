import { ALWAYS_PLAUSIBLE } from '../../ledger/city-completeness.ts';
import type { Flow } from '../../../contract/ack.ts';
import type { StoreLimit } from '../../store/sample-store.ts';

/** Values at the moment of the call. */
export interface IngestGauges {
  readonly bufferBytes: number;
  readonly bufferBatches: number;
  /** Of the size of the write buffer; a little more than 1 when it is full. */
  readonly bufferFillRatio: number;
  readonly messageQueueBytes: number;
  readonly storeAvailable: boolean;
  /** What of the store is in the way of all batches or of some; undefined: nothing that it names. */
  readonly storeLimit: StoreLimit | undefined;
  /** Batches that wait for a limit of the store to be changed. */
  readonly limitedBatches: number;
  /** How long nothing could be stored; undefined: the last attempt worked. */
  readonly unstoredForMs: number | undefined;
  readonly flowMode: Flow['mode'];
  readonly lastStoreLatencyMs: number | undefined;
  /** Age of the oldest batch that is not stored yet, ms. */
  readonly lagMs: number;
  /** Its arrival, Unix ms by central's clock; undefined: all are stored. */
  readonly oldestReceivedAtMs: number | undefined;
  /** Newest stored sample of any agent, by the agent's clock; undefined: none since the start. */
  readonly newestMeasuredAtMs: number | undefined;
  readonly backfillingAgents: number;
  readonly knownAgents: number;
}

/** Counts since the start, and the gauges. */
export interface IngestStats extends IngestGauges {
  readonly receivedMessages: number;
  readonly receivedBytes: number;
  readonly receivedBatches: number;
  /** Resends of what is stored or on its way. */
  readonly duplicateBatches: number;
  readonly storedBatches: number;
  readonly storedPoints: number;
  readonly storedValues: number;
  /** Rows that will never be stored, by code; `store`: the store's own final answer. */
  readonly refusedRows: Readonly<Record<string, number>>;
  /** Messages that could not be read at all, by code. They are not acknowledged. */
  readonly refusedMessages: Readonly<Record<string, number>>;
  readonly stateMessages: number;
  readonly staleStates: number;
  /** Left unacknowledged because the message queue or the write buffer was full; the agents still hold them. */
  readonly droppedMessages: number;
  readonly droppedBatches: number;
  /** How often an agent had to wait: it sends faster than its turn comes, or what cannot be read. */
  readonly heldBack: number;
  /** Of the dropped batches and lost points: how many batches observers saw all the same, each counted once. */
  readonly judgedUnstoredBatches: number;
  /** Arrived and neither stored nor judged, for lack of memory: their agents send them again. */
  readonly unjudgedBatches: number;
  /** Came through a `SampleIntake` while the write buffer was full: lost, and declared lost in the ledger. */
  readonly lostIntakePoints: number;
  readonly storeFailures: number;
  readonly ledgerFailures: number;
  /** An observer, hook, adapter or the validator threw. */
  readonly internalErrors: number;
  readonly declaredLostBatches: number;
  readonly missingBatches: number;
}

type Counts = {
  -readonly [
    name in Exclude<keyof IngestStats, 'refusedRows' | 'refusedMessages' | keyof IngestGauges>
  ]: IngestStats[name];
};

/** Of one batch: what an agent claims must not make a counter so large that the next loss no longer changes it. */
const MOST_COUNTED = ALWAYS_PLAUSIBLE;

/** Collects the counts since the start. */
export class Counters {
  readonly counts: Counts = {
    receivedMessages: 0,
    receivedBytes: 0,
    receivedBatches: 0,
    duplicateBatches: 0,
    storedBatches: 0,
    storedPoints: 0,
    storedValues: 0,
    stateMessages: 0,
    staleStates: 0,
    droppedMessages: 0,
    droppedBatches: 0,
    heldBack: 0,
    judgedUnstoredBatches: 0,
    unjudgedBatches: 0,
    lostIntakePoints: 0,
    storeFailures: 0,
    ledgerFailures: 0,
    internalErrors: 0,
    declaredLostBatches: 0,
    missingBatches: 0,
  };
  /** Newest stored sample of any agent. */
  newestMeasuredAtMs: number | undefined;
  readonly #refusedRows = new Map<string, number>();
  readonly #refusedMessages = new Map<string, number>();

  refuseRows(code: string, rows: number): void {
    this.#refusedRows.set(code, (this.#refusedRows.get(code) ?? 0) + rows);
  }

  refuseMessage(code: string): void {
    this.#refusedMessages.set(code, (this.#refusedMessages.get(code) ?? 0) + 1);
  }

  countDeclaredLost(newlyLost: readonly number[]): void {
    for (const batches of newlyLost) this.counts.declaredLostBatches += Math.min(batches, MOST_COUNTED);
  }

  countMissing(batches: number): void {
    this.counts.missingBatches += Math.min(batches, MOST_COUNTED);
  }

  snapshot(): Omit<IngestStats, keyof IngestGauges> {
    return {
      ...this.counts,
      refusedRows: Object.fromEntries(this.#refusedRows),
      refusedMessages: Object.fromEntries(this.#refusedMessages),
    };
  }
}
