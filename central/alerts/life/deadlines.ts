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

  due(nowMs: number): Ending[] {
    const due: Ending[] = [];
    for (const [id, untilMs] of this.#acknowledged) {
      if (untilMs <= nowMs) due.push({ id, what: 'acknowledgement' });
    }
    for (const [id, { untilMs }] of this.#shelved) if (untilMs <= nowMs) due.push({ id, what: 'shelf' });
    return due;
  }
}
