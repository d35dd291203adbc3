import type { Finding } from './finding.ts';
import type { Reconciliation } from './reconciliation.ts';

export interface DifferencesDeps {
  readonly reconciliation: Pick<Reconciliation, 'findings' | 'listeningSinceMs'>;
  readonly isDeaf: () => boolean;
}

/** Several rules ask each minute, one after the other; to find them is a look at all devices. */
const KEPT_MS = 50_000;
/** After a start or a gap, what comes rarely has to come first. */
const WARM_UP_MS = 600_000;

/** The findings of the reconciliation, for rules over them. */
export class Differences {
  readonly #deps: DifferencesDeps;
  #foundAtMs = -Infinity;
  #found: readonly Finding[] | undefined;

  constructor(deps: DifferencesDeps) {
    this.#deps = deps;
  }

  /** At most 50 s old; undefined: central has not listened for long enough to tell, or hears almost nobody. */
  findingsAt(nowMs: number): readonly Finding[] | undefined {
    const { reconciliation, isDeaf } = this.#deps;
    if (isDeaf() || nowMs - reconciliation.listeningSinceMs < WARM_UP_MS) return undefined;
    const ageMs = nowMs - this.#foundAtMs;
    if (this.#found === undefined || ageMs < 0 || ageMs > KEPT_MS) {
      this.#foundAtMs = nowMs;
      this.#found = reconciliation.findings();
    }
    return this.#found;
  }
}
