import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import { TokenBucket } from '../../runtime/token-bucket.ts';
import type { AuditLog } from './audit.ts';

export interface RefusalAuditDeps {
  readonly audit: Pick<AuditLog, 'append'>;
  readonly clock: Pick<Clock, 'now' | 'monotonicMs'>;
  readonly log: Logger;
}

/** The audit log is never shortened: at most 20 entries at once and 144 a day, whoever sends what from wherever. */
const ENTRIES = { capacity: 20, refillPerS: 1 / 600 };

/** Writes refused secrets to the audit log, never more than it can take. */
export class RefusalAudit {
  readonly #deps: RefusalAuditDeps;
  readonly #action: string;
  readonly #bucket: TokenBucket;
  #leftOut = 0;

  /** `action`: such as `token.refused`. */
  constructor(deps: RefusalAuditDeps, action: string) {
    this.#deps = deps;
    this.#action = action;
    this.#bucket = new TokenBucket(ENTRIES, deps.clock.monotonicMs());
  }

  append(address: string, text: string): void {
    const { audit, clock, log } = this.#deps;
    if (!this.#bucket.tryTake(1, clock.monotonicMs())) {
      this.#leftOut++;
      return;
    }
    const others = this.#leftOut === 0 ? '' : `; ${this.#leftOut} entries like this were left out before`;
    const action = this.#action;
    try {
      audit.append({
        atMs: clock.now(),
        actor: 'unknown',
        action,
        target: `${text}${others}`,
        from: address,
      });
      this.#leftOut = 0;
    } catch (err) {
      // The caller gets the same answer, whether or not the disk is full.
      this.#leftOut++;
      log.error({ err, action }, 'a refusal could not be written to the audit log');
    }
  }
}
