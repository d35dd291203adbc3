import type { Service } from '../../runtime/service.ts';
import type { Job } from './jobs.ts';

export interface AtStop {
  readonly name: string;
  readonly run: () => void | Promise<void>;
}

/** What central is made of: what a part shares, what it does again and again, and what when central stops. */
export interface Part<Shared extends object> {
  /** What the API, the pages and main read and write. */
  readonly shared: Shared;
  readonly jobs?: readonly Job[];
  /** Writes what is only in memory. */
  readonly save?: AtStop;
  /** Ends what may take time. */
  readonly end?: AtStop;
}

/** Parts as one. */
export class JoinedParts<Shared extends object> {
  readonly shared: Shared;
  readonly #parts: readonly Part<object>[];

  private constructor(shared: Shared, parts: readonly Part<object>[]) {
    this.shared = shared;
    this.#parts = parts;
  }

  static of<Shared extends object>(part: Part<Shared>): JoinedParts<Shared> {
    return new JoinedParts(part.shared, [part]);
  }

  with<More extends object>(part: Part<More>): JoinedParts<Shared & More> {
    return new JoinedParts({ ...this.shared, ...part.shared }, [...this.#parts, part]);
  }

  /** Those that are due at the same time run in the order of their parts. */
  get jobs(): readonly Job[] {
    return this.#parts.flatMap(({ jobs = [] }) => jobs);
  }

  /** They stop in reverse: all is saved, in the order of the parts, before what may take time is ended. */
  get services(): readonly Service[] {
    const saves = this.#parts.flatMap(({ save = [] }) => save);
    const ends = this.#parts.flatMap(({ end = [] }) => end);
    const atStop = [...saves, ...ends].reverse();
    return atStop.map(({ name, run }) => ({
      name,
      start: () => Promise.resolve(),
      stop: async () => run(),
    }));
  }
}
