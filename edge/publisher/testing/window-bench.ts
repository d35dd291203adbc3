import type { Random } from '../../../runtime/clock.ts';
import { SendWindow, type Decision } from '../send-window.ts';
import { DEFAULT_TIMINGS, type PublisherTimings } from '../timings.ts';

export interface Central {
  readonly answers: (seq: number) => boolean;
  readonly window?: number;
  readonly backfillPerS?: number;
}

/** A send window over an invented queue, with time set by the test. No jitter unless a test sets some. */
export class WindowBench {
  readonly window: SendWindow;
  readonly pending = new Set<number>();
  readonly timings: PublisherTimings;
  nowMs = 1_000_000;
  #highest = 0;

  constructor(options: { timings?: Partial<PublisherTimings>; random?: Random } = {}) {
    this.timings = { ...DEFAULT_TIMINGS, backlogDelayMaxMs: 0, ...options.timings };
    this.window = new SendWindow({
      pending: (afterSeq, limit) =>
        [...this.pending]
          .filter((seq) => seq > afterSeq)
          .slice(0, limit)
          .map((seq) => ({ seq })),
      highest: () => this.#highest,
      random: options.random ?? (() => 0),
      timings: this.timings,
    });
  }

  addBacklog(count: number): void {
    for (let index = 0; index < count; index++) this.pending.add(++this.#highest);
  }

  addLive(count = 1): void {
    this.addBacklog(count);
    for (let seq = this.#highest - count + 1; seq <= this.#highest; seq++) {
      this.window.offer({ seq, freshUntilMs: this.nowMs + this.timings.freshForMs });
    }
  }

  connect(): void {
    this.window.connected(this.nowMs);
  }

  disconnect(): void {
    this.window.disconnected(this.nowMs);
  }

  ack(seqs: readonly number[], grant: { window?: number; backfillPerS?: number } = {}): number[] {
    for (const seq of seqs) this.pending.delete(seq);
    const ranges = seqs.map((seq) => [seq, seq] as const);
    return this.window.recordAnswer({ ranges, window: 8, backfillPerS: 1_000, ...grant }, this.nowMs);
  }

  /** All decisions that are due now. */
  decide(): Decision[] {
    const decisions: Decision[] = [];
    for (let next = this.window.next(this.nowMs); next; next = this.window.next(this.nowMs)) {
      decisions.push(next);
      if (next.action === 'set-aside') this.pending.delete(next.seq);
    }
    return decisions;
  }

  /** Seqs sent now; backlog as negative numbers. */
  send(): number[] {
    return this.decide().map((decision) => {
      if (decision.action === 'set-aside') throw new Error(`${decision.seq} was set aside`);
      return decision.backfill ? -decision.seq : decision.seq;
    });
  }

  /** Advances time from wake-up to wake-up; `[ms passed, decision]`. Central acknowledges at once what it `answers`. */
  run(forMs: number, central: Central = { answers: () => false }): [number, Decision][] {
    const startMs = this.nowMs;
    const endMs = startMs + forMs;
    const log: [number, Decision][] = [];
    for (;;) {
      for (let decisions = this.decide(); decisions.length > 0; decisions = this.decide()) {
        for (const decision of decisions) log.push([this.nowMs - startMs, decision]);
        const answered = decisions.map(({ seq }) => seq).filter((seq) => central.answers(seq));
        if (answered.length > 0) this.ack(answered, central);
      }
      const wakeMs = this.window.nextWakeMs(this.nowMs);
      if (wakeMs !== undefined && wakeMs <= this.nowMs) throw new Error('asks to be woken in the past');
      if (wakeMs === undefined || wakeMs > endMs) break;
      this.nowMs = wakeMs;
    }
    this.nowMs = endMs;
    return log;
  }
}
