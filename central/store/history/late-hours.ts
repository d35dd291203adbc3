import { HOUR_MS } from './levels.ts';

/** That rows of an agent came for an hour, some of which was rolled up already. */
export interface LateHour {
  /** Value of the tag `agent`; empty: of measurements without it. */
  readonly agent: string;
  readonly hourMs: number;
  /** Larger than that of every hour noted before. */
  readonly id: number;
}

interface Noted extends LateHour {
  /** Passes since rows came last, and since they came first. */
  quiet: number;
  waited: number;
}

/** Agents whose hour is rolled up again at a time. */
const MOST_AGENTS = 32;
/** A backlog comes in pieces: its hours are taken when a pass found nothing new, but not later than this. */
const LONGEST_WAIT = 60;

/** Which hours of which agents have to be rolled up again. The store keeps the same list on disk. */
export class LateHours {
  readonly #byKey = new Map<string, Noted>();
  #nextId: number;

  constructor(stored: readonly LateHour[]) {
    this.#nextId = 1 + stored.reduce((most, { id }) => Math.max(most, id), 0);
    for (const late of stored) this.#byKey.set(keyOf(late), { ...late, quiet: 0, waited: 0 });
  }

  /** The hour if it is new and has to be stored; undefined if it is noted already. */
  note(agent: string, hourMs: number): LateHour | undefined {
    const known = this.#byKey.get(keyOf({ agent, hourMs }));
    if (known !== undefined) {
      known.quiet = 0;
      return undefined;
    }
    const late = { agent, hourMs, id: this.#nextId++ };
    this.#byKey.set(keyOf(late), { ...late, quiet: 0, waited: 0 });
    return late;
  }

  /** Call it when all else is rolled up, about once a minute. */
  pass(): void {
    for (const noted of this.#byKey.values()) {
      noted.quiet++;
      noted.waited++;
    }
  }

  /** Hours of one time that are due, and no longer noted here: what comes for them from now on is noted anew. */
  take(): readonly LateHour[] {
    let oldest = Infinity;
    for (const noted of this.#byKey.values()) if (isDue(noted)) oldest = Math.min(oldest, noted.hourMs);
    const due = [...this.#byKey.values()]
      .filter((noted) => noted.hourMs === oldest && isDue(noted))
      .slice(0, MOST_AGENTS);
    for (const late of due) this.#byKey.delete(keyOf(late));
    return due.map(({ agent, hourMs, id }) => ({ agent, hourMs, id }));
  }

  /** They could not be rolled up. */
  putBack(hours: readonly LateHour[]): void {
    for (const late of hours) {
      if (!this.#byKey.has(keyOf(late))) this.#byKey.set(keyOf(late), { ...late, quiet: 0, waited: 0 });
    }
  }

  /** Begin of the oldest hour that waits; undefined: none does. */
  get oldestMs(): number | undefined {
    let oldest: number | undefined;
    for (const { hourMs } of this.#byKey.values()) oldest = Math.min(oldest ?? hourMs, hourMs);
    return oldest;
  }

  /** Begins of all hours that wait. */
  hours(): Set<number> {
    return new Set([...this.#byKey.values()].map(({ hourMs }) => hourMs));
  }
}

function isDue({ quiet, waited }: Noted): boolean {
  return quiet >= 2 || waited >= LONGEST_WAIT;
}

function keyOf({ agent, hourMs }: Pick<LateHour, 'agent' | 'hourMs'>): string {
  return `${hourMs / HOUR_MS} ${agent}`;
}
