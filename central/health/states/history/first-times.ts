import type { FollowedKind } from './followed-states.ts';

/** When the oldest row of each kind begins, Unix time in ms; Infinity: there is none. */
export class FirstTimes {
  readonly #find: (of: FollowedKind | undefined) => number;
  readonly #found = new Map<FollowedKind | undefined, number>();

  constructor(find: (of: FollowedKind | undefined) => number) {
    this.#find = find;
  }

  of(of: FollowedKind | undefined): number {
    const known = this.#found.get(of);
    if (known !== undefined) return known;
    const firstMs = this.#find(of);
    this.#found.set(of, firstMs);
    return firstMs;
  }

  /** A row was written: what is known of later ones does not hold any more. */
  noteWritten(fromMs: number): void {
    for (const [of, firstMs] of this.#found) if (fromMs < firstMs) this.#found.delete(of);
  }

  forget(): void {
    this.#found.clear();
  }
}
