import { intersect, type Ranges } from '../../ledger/intervals.ts';
import type { Ledger, NewlyMissing } from '../../ledger/ledger.ts';

/** Above this many pending findings, new ones are confirmed at once. */
const MAX_WATCHED = 10_000;

interface Watched {
  readonly found: NewlyMissing;
  readonly dueAtMs: number;
}

/**
 * Delays findings of missing batches: the agent's declaration of the same loss may come in its next batch. What is still
 * missing after the grace time is confirmed.
 */
export class MissingWatch {
  readonly #ledger: Ledger;
  readonly #graceMs: number;
  #watched: Watched[] = [];

  constructor(ledger: Ledger, graceMs: number) {
    this.#ledger = ledger;
    this.#graceMs = graceMs;
  }

  add(found: readonly NewlyMissing[], nowMs: number): void {
    for (const each of found) {
      const graceMs = this.#watched.length < MAX_WATCHED ? this.#graceMs : 0;
      this.#watched.push({ found: each, dueAtMs: nowMs + graceMs });
    }
  }

  /** Returns each finding once, when it is confirmed. */
  confirmed(nowMs: number): readonly NewlyMissing[] {
    const due = this.#watched.filter(({ dueAtMs }) => dueAtMs <= nowMs);
    if (due.length === 0) return [];
    this.#watched = this.#watched.filter(({ dueAtMs }) => dueAtMs > nowMs);
    return due.flatMap(({ found }) => {
      const ranges = intersect(found.ranges, this.#missingNow(found));
      return ranges.length === 0 ? [] : [{ ...found, ranges }];
    });
  }

  #missingNow({ agent, epoch }: NewlyMissing): Ranges {
    return this.#ledger.entries(agent).find((entry) => entry.epoch === epoch)?.missing ?? [];
  }
}
