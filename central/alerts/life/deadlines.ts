import type { Acknowledgement, Shelf } from '../history/alert-handling.ts';

/** What of an alert ends by itself. */
export interface Ending {
  readonly id: string;
  readonly what: 'acknowledgement' | 'shelf';
}

interface Changed {
  readonly acknowledgement?: Acknowledgement | undefined;
  readonly shelf?: Shelf | undefined;
}

/** Acknowledgements and shelves with an end, by the id of their alert. Of alerts that ended they stay until then, which is days at most. */
export class Deadlines {
  readonly #acknowledged = new Map<string, number>();
  readonly #shelved = new Map<string, Shelf>();

  get shelved(): ReadonlyMap<string, Shelf> {
    return this.#shelved;
  }

  /** Only what `changed` has is changed; `undefined` in it takes away. */
  follow(id: string, changed: Changed): void {
    if ('acknowledgement' in changed) {
      const untilMs = changed.acknowledgement?.untilMs;
      if (untilMs === undefined) this.#acknowledged.delete(id);
      else this.#acknowledged.set(id, untilMs);
    }
    if ('shelf' in changed) {
      if (changed.shelf === undefined) this.#shelved.delete(id);
      else this.#shelved.set(id, changed.shelf);
    }
  }

  forget(id: string, what: Ending['what']): void {
    this.follow(id, { [what]: undefined });
  }

  forgetAll(id: string): void {
    this.#acknowledged.delete(id);
    this.#shelved.delete(id);
  }

  /** One of each alert, at most `most`. */
  due(nowMs: number, most: number): Ending[] {
    const due = new Map<string, Ending>();
    for (const [id, untilMs] of this.#acknowledged) {
      if (due.size >= most) break;
      if (untilMs <= nowMs) due.set(id, { id, what: 'acknowledgement' });
    }
    for (const [id, { untilMs }] of this.#shelved) {
      if (due.size >= most) break;
      if (untilMs <= nowMs && !due.has(id)) due.set(id, { id, what: 'shelf' });
    }
    return [...due.values()];
  }
}
