import { intersect, type Ranges } from '../../ledger/intervals.ts';
import type { Ledger, NewlyMissing } from '../../ledger/ledger.ts';

/** Findings of one agent that wait: further ones are confirmed at once, so that none takes the memory of the others. */
const MAX_WAITING_PER_AGENT = 100;

interface Watched {
  readonly found: NewlyMissing;
  readonly dueAtMs: number;
  readonly waits: boolean;
}

/**
 * Delays findings of missing batches: the agent's declaration of the same loss may come in its next batch. What is still
 * missing after the grace time is confirmed.
 */
export class MissingWatch {
  readonly #ledger: Pick<Ledger, 'entries'>;
  readonly #graceMs: number;
  #watched: Watched[] = [];
  readonly #waiting = new Map<string, number>();

  constructor(ledger: Pick<Ledger, 'entries'>, graceMs: number) {
    this.#ledger = ledger;
    this.#graceMs = graceMs;
  }

  add(found: readonly NewlyMissing[], nowMs: number): void {
    for (const each of found) {
      const waiting = this.#waiting.get(each.agent) ?? 0;
      const waits = waiting < MAX_WAITING_PER_AGENT;
      if (waits) this.#waiting.set(each.agent, waiting + 1);
      this.#watched.push({ found: each, dueAtMs: waits ? nowMs + this.#graceMs : nowMs, waits });
    }
  }

  /** Returns each finding once, when it is confirmed. */
  confirmed(nowMs: number): readonly NewlyMissing[] {
    const due = this.#watched.filter(({ dueAtMs }) => dueAtMs <= nowMs);
    if (due.length === 0) return [];
    this.#watched = this.#watched.filter(({ dueAtMs }) => dueAtMs > nowMs);
    for (const { found, waits } of due) if (waits) this.#release(found.agent);
    return due.flatMap(({ found }) => {
      const ranges = intersect(found.ranges, this.#missingNow(found));
      return ranges.length === 0 ? [] : [{ ...found, ranges }];
    });
  }

  #release(agent: string): void {
    const left = (this.#waiting.get(agent) ?? 0) - 1;
    if (left > 0) this.#waiting.set(agent, left);
    else this.#waiting.delete(agent);
  }

  #missingNow({ agent, epoch }: NewlyMissing): Ranges {
    return this.#ledger.entries(agent).find((entry) => entry.epoch === epoch)?.missing ?? [];
  }
}
