import { addressPrefix } from '../../../runtime/address-prefix.ts';
import { TokenBuckets } from '../../../runtime/token-bucket.ts';
import type { BrokerLimits } from './limits.ts';

const MAX_ADDRESSES = 10_000;

/**
 * Counts the wrong logins of each address (IPv6: its /64). It says nothing about right ones, which are never held up: a
 * whole ward may share its address with somebody who guesses passwords. Time is an argument, ms.
 */
export class LoginLimit {
  readonly #wrong: TokenBuckets;

  constructor({ wrongLoginBurst, wrongLoginsPerS }: BrokerLimits) {
    this.#wrong = new TokenBuckets({
      capacity: wrongLoginBurst,
      refillPerS: wrongLoginsPerS,
      maxKeys: MAX_ADDRESSES,
    });
  }

  /** Counts a wrong login; returns whether its address has had too many. */
  isTooMany(address: string, nowMs: number): boolean {
    return !this.#wrong.tryTake(addressPrefix(address), 1, nowMs);
  }
}
