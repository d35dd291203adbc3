import type { Finding } from './finding.ts';
import type { Reconciliation } from './reconciliation.ts';

export interface DifferencesDeps {
  readonly reconciliation: Pick<Reconciliation, 'findings' | 'listeningSinceMs'>;
  readonly isDeaf: () => boolean;
}

/** They are looked for this often: each time a look at all devices. */
const LOOK_MS = 60_000;
/** After a start or a gap, what comes rarely has to come first. */
const WARM_UP_MS = 600_000;

/** The findings of the reconciliation, once a minute, for rules over them. */
export class Differences {
  readonly #deps: DifferencesDeps;
  #lookedAtMs = -Infinity;
  #found: readonly Finding[] | undefined;

  constructor(deps: DifferencesDeps) {
    this.#deps = deps;
  }

  /** All of this moment; undefined: it is not time to look, or central has not listened for long enough to tell. */
  findingsAt(nowMs: number): readonly Finding[] | undefined {
    const passedMs = nowMs - this.#lookedAtMs;
    if (passedMs === 0) return this.#found;
    if (passedMs > 0 && passedMs < LOOK_MS) return undefined;
    this.#lookedAtMs = nowMs;
    const { reconciliation, isDeaf } = this.#deps;
    const canTell = !isDeaf() && nowMs - reconciliation.listeningSinceMs >= WARM_UP_MS;
    this.#found = canTell ? reconciliation.findings() : undefined;
    return this.#found;
  }
}
