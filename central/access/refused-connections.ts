import { addressPrefix } from '../../runtime/address-prefix.ts';
import { BackOffLog } from '../../runtime/back-off-log.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';

/** Connections to the API that were refused or closed at a bound: counted, and their address named in the log. */
export class RefusedConnections {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #log: Logger;
  readonly #lines: BackOffLog;
  #count = 0;

  constructor({ clock, log }: { readonly clock: Pick<Clock, 'monotonicMs'>; readonly log: Logger }) {
    this.#clock = clock;
    this.#log = log;
    this.#lines = new BackOffLog(clock.monotonicMs());
  }

  /** Without an address: it could not even be accepted. */
  record(reason: string, address = 'unknown'): void {
    this.#count++;
    const count = this.#lines.count(addressPrefix(address), this.#clock.monotonicMs());
    if (count !== undefined)
      this.#log.warn({ address, reason, count }, 'connection to the API refused or closed');
  }

  /** Since the start. */
  get count(): number {
    return this.#count;
  }
}
