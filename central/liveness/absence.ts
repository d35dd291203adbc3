import type { Location } from '../samples/location.ts';

interface Watched {
  intervalMs: number;
  heardAtMs: number;
  /** Until then it could not be heard, by no fault of its own. */
  excusedUntilMs: number;
  place: Location;
  /** False after it said goodbye: nobody waits for it. */
  expected: boolean;
}

export interface Silence {
  readonly agent: string;
  readonly place: Location;
  /** Time without news in the agent's own intervals; 0 when it is not waited for. */
  readonly missedIntervals: number;
  /** Last news, or when central last began to listen if that is later. */
  readonly sinceMs: number;
  /** False: nothing was heard since central listens, so nothing speaks against what was known before. */
  readonly isNews: boolean;
}

const DEFAULT_INTERVAL_MS = 10_000;

/**
 * Who was heard of when, by central's clock. Time in which central did not listen (not running, no broker, or the
 * agents told to hold because nothing can be stored) was nobody's silence.
 */
export class SilenceWatch {
  readonly #agents = new Map<string, Watched>();
  #listensSinceMs: number;
  #isListening = true;

  constructor(startedAtMs: number) {
    this.#listensSinceMs = startedAtMs;
  }

  /** Undefined: central does not listen at present. */
  get listensSinceMs(): number | undefined {
    return this.#isListening ? this.#listensSinceMs : undefined;
  }

  setListening(isListening: boolean, nowMs: number): void {
    if (isListening && !this.#isListening) this.#listensSinceMs = nowMs;
    this.#isListening = isListening;
  }

  hear(agent: string, atMs: number): void {
    const watched = this.#watched(agent);
    watched.heardAtMs = Math.max(watched.heardAtMs, atMs);
    watched.expected = true;
  }

  describe(agent: string, intervalMs: number | undefined, place: Location): void {
    const watched = this.#watched(agent);
    watched.intervalMs = intervalMs ?? watched.intervalMs;
    watched.place = { ...watched.place, ...place };
  }

  excuse(agent: string, untilMs: number): void {
    this.#watched(agent).excusedUntilMs = untilMs;
  }

  dismiss(agent: string): void {
    this.#watched(agent).expected = false;
  }

  *silences(nowMs: number): Iterable<Silence> {
    for (const [agent, watched] of this.#agents) {
      const couldBeHeardMs = Math.max(this.#listensSinceMs, watched.excusedUntilMs);
      const sinceMs = Math.max(watched.heardAtMs, couldBeHeardMs);
      const missedIntervals = watched.expected ? Math.max(0, nowMs - sinceMs) / watched.intervalMs : 0;
      const isNews = !watched.expected || watched.heardAtMs > couldBeHeardMs;
      yield { agent, place: watched.place, missedIntervals, sinceMs, isNews };
    }
  }

  #watched(agent: string): Watched {
    let watched = this.#agents.get(agent);
    if (watched === undefined) {
      watched = {
        intervalMs: DEFAULT_INTERVAL_MS,
        heardAtMs: 0,
        excusedUntilMs: 0,
        place: {},
        expected: true,
      };
      this.#agents.set(agent, watched);
    }
    return watched;
  }
}
