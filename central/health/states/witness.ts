import type { FieldValue } from '../../../contract/sample.ts';
import type { Evidence } from './state-view.ts';
import type { EvidenceSource, Verdict } from './evidence-table.ts';
import { Pace } from './pace.ts';

/** Evidence older than this many intervals counts as none. */
const FRESH_INTERVALS = 3;
/** Bounds of a measured pace. */
const MIN_INTERVAL_MS = 10_000;
const MAX_INTERVAL_MS = 3_600_000;

/** What the inventory and the agent say about how often rows come. */
export interface ExpectedPace {
  /** `expects` of the device; undefined: not said. */
  readonly expectedMs: number | undefined;
  /** Between two batches of the agent. */
  readonly batchMs: number;
}

/** The newest value that one agent measured of one subject, in one way. */
export class Witness {
  readonly subject: EvidenceSubject;
  readonly agent: string;
  readonly measurement: string;
  /** Its place in the table: lower decides before higher. */
  readonly rank: number;
  readonly #usualIntervalMs: number;
  readonly #pace = new Pace();
  verdict: Verdict = 'well';
  field: string | undefined = undefined;
  value: FieldValue | undefined = undefined;
  atMs = -Infinity;
  freshUntilMs = -Infinity;
  dueMs = Infinity;

  constructor(
    subject: EvidenceSubject,
    agent: string,
    rank: number,
    source: Pick<EvidenceSource, 'measurement' | 'usualIntervalMs'>,
  ) {
    this.subject = subject;
    this.agent = agent;
    this.rank = rank;
    this.measurement = source.measurement;
    this.#usualIntervalMs = source.usualIntervalMs;
  }

  /** False: it is late, something newer is known. At one time, bad counts more than well. */
  takes(verdict: Verdict, atMs: number): boolean {
    return atMs > this.atMs || (atMs === this.atMs && (verdict === 'bad' || this.verdict === 'well'));
  }

  update(verdict: Verdict, atMs: number, expected: ExpectedPace): void {
    if (atMs > this.atMs) {
      if (Number.isFinite(this.atMs)) this.#pace.record(atMs - this.atMs);
      this.atMs = atMs;
    }
    this.verdict = verdict;
    this.freshUntilMs = this.atMs + FRESH_INTERVALS * this.#intervalMs(expected);
  }

  /** Central stood still, or its time was set. */
  shift(atMs: number, freshMs: number): void {
    this.atMs += atMs;
    this.freshUntilMs += freshMs;
    this.dueMs += freshMs;
  }

  describe(): Evidence {
    const { agent, measurement, field, value, verdict, atMs } = this;
    return {
      agent,
      measurement,
      ...(field !== undefined && { field }),
      ...(value !== undefined && { value: typeof value === 'bigint' ? Number(value) : value }),
      verdict,
      atMs,
    };
  }

  #intervalMs({ expectedMs, batchMs }: ExpectedPace): number {
    const measuredMs = this.#pace.intervalMs ?? this.#usualIntervalMs;
    const intervalMs = expectedMs ?? Math.min(MAX_INTERVAL_MS, Math.max(MIN_INTERVAL_MS, measuredMs));
    // Rows wait for their batch.
    return Math.max(intervalMs, batchMs);
  }
}

/** What evidence is about: a device, or a link. */
export class EvidenceSubject {
  readonly #witnesses: Witness[] = [];
  /** Its verdict may be another one. */
  readonly markDirty: () => void;

  constructor(markDirty: () => void) {
    this.markDirty = markDirty;
  }

  get witnesses(): readonly Witness[] {
    return this.#witnesses;
  }

  add(witness: Witness): void {
    this.#witnesses.push(witness);
  }

  remove(witness: Witness): void {
    const at = this.#witnesses.indexOf(witness);
    if (at < 0) return;
    this.#witnesses.splice(at, 1);
    this.markDirty();
  }
}
