import {
  StoreLimitError,
  StoreUnavailableError,
  type LatestRow,
  type PreparedBatch,
  type SampleStore,
  type SeriesResult,
  type StoreLimit,
  type StoreRejection,
  type SumsResult,
} from '../../store/sample-store.ts';
import { describeRowOf } from '../../store/describe-row.ts';
import type { SampleBatch } from '../../samples/sample-table.ts';

interface KnobBatch extends PreparedBatch {
  readonly batch: SampleBatch;
}

/** Keeps batches in memory by identity, and can be set to fail in every way that a store can. */
export class KnobStore implements SampleStore {
  readonly kind: string = 'knob';
  readonly name = 'knob store';
  readonly grouping = { delayMs: 100, maxPoints: 5_000 };
  readonly batches = new Map<string, SampleBatch>();
  readonly groups: number[] = [];
  /** `down`: 5xx. `silent`: never answers. `broken`: fails in a way no store should. */
  mode: 'good' | 'down' | 'silent' | 'broken' = 'good';
  /** What it names while it is `down`. */
  downLimit: StoreLimit | undefined;
  /** Batches that break the store, by seq. */
  readonly unstorable = new Set<number>();
  /** Rows refused for good, as after a 400, by seq. */
  readonly rejections = new Map<number, { row: number; reason: string }[]>();
  /** Agents with more series than the store allows. */
  readonly limitedAgents = new Set<string>();
  waitFor: Promise<void> = Promise.resolve();

  open(): Promise<void> {
    return Promise.resolve();
  }

  prepare(batch: SampleBatch): KnobBatch {
    const { agent, epoch, seq, tables } = batch;
    return { agent, epoch, seq, bytes: 10, batch, describe: (row) => describeRowOf(tables, row) };
  }

  async write(batches: readonly KnobBatch[], signal: AbortSignal): Promise<readonly StoreRejection[]> {
    this.groups.push(batches.length);
    if (this.mode === 'down') throw new StoreUnavailableError('503', { limit: this.downLimit });
    if (
      this.mode === 'broken' ||
      batches.some(({ seq, batch }) => batch.tables.length > 0 && this.unstorable.has(seq))
    )
      throw new TypeError('store bug');
    if (this.mode === 'silent') {
      await new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(new StoreUnavailableError('aborted'))),
      );
    }
    await this.waitFor;
    for (const { agent, epoch, seq, batch } of batches)
      if (batch.tables.length > 0) this.batches.set(`${agent} ${epoch} ${seq}`, batch);
    const held = new Set(batches.filter(({ agent }) => this.limitedAgents.has(agent)));
    for (const { agent, epoch, seq } of held) this.batches.delete(`${agent} ${epoch} ${seq}`);
    if (held.size > 0) throw new StoreLimitError('too many series', 'series', { held, rejections: [] });
    return batches.flatMap(({ agent, epoch, seq }) =>
      (this.rejections.get(seq) ?? []).map((rejection) => ({ agent, epoch, seq, ...rejection })),
    );
  }

  query(): Promise<SeriesResult> {
    return Promise.resolve({ series: [], truncated: false });
  }

  sums(): Promise<SumsResult> {
    return Promise.resolve({ groups: [], truncated: false });
  }

  latest(): Promise<readonly LatestRow[]> {
    return Promise.resolve([]);
  }

  rollUp(): Promise<boolean> {
    return Promise.resolve(false);
  }

  deleteBefore(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
