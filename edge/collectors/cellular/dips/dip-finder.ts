import type { DipEvent, DipRow } from './dip.ts';
import { endOfRows, FRESH_TRACK, nextRow, type DipTrack } from './find-dips.ts';
import type { DipRule } from './rules.ts';

/** By the rule's name. */
export type DipMemory = Readonly<Record<string, DipTrack>>;

/** Finds the dips of one modem in its stream of readings. */
export class DipFinder {
  readonly #rules: readonly DipRule[];
  readonly #tracks: Map<string, DipTrack>;

  constructor(rules: readonly DipRule[], memory: DipMemory = {}) {
    this.#rules = rules;
    this.#tracks = new Map(Object.entries(memory));
  }

  push(row: DipRow): readonly DipEvent[] {
    return this.#rules.flatMap((rule) => {
      const { track, events } = nextRow(rule, this.#tracks.get(rule.name) ?? FRESH_TRACK, row);
      this.#tracks.set(rule.name, track);
      return events;
    });
  }

  /** Reports open dips with an unknown end, and clears the state. */
  finish(): readonly DipEvent[] {
    const events = this.#rules.flatMap((rule) => endOfRows(rule, this.#tracks.get(rule.name) ?? FRESH_TRACK));
    this.#tracks.clear();
    return events;
  }

  get memory(): DipMemory {
    return Object.fromEntries(this.#tracks);
  }

  get hasOpenDip(): boolean {
    return [...this.#tracks.values()].some(({ isOpen }) => isOpen);
  }
}
