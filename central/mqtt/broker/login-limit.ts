import { addressPrefix } from '../../../runtime/address-prefix.ts';
import { TokenBuckets } from '../../../runtime/token-bucket.ts';
import type { BrokerLimits } from './limits.ts';

const MAX_ADDRESSES = 10_000;
const MAX_KNOWN = 20_000;

/**
 * Limits wrong logins of each address before a password is looked up. A client that has logged in from the address before
 * may always try: one that is misconfigured, or a stranger behind the same NAT, does not lock the others out. Time is an
 * argument, ms.
 */
export class LoginLimit {
  readonly #wrong: TokenBuckets;
  /** Address and client; the least recent first. */
  readonly #known = new Set<string>();

  constructor({ wrongLoginBurst, wrongLoginsPerS }: BrokerLimits) {
    this.#wrong = new TokenBuckets({
      capacity: wrongLoginBurst,
      refillPerS: wrongLoginsPerS,
      maxKeys: MAX_ADDRESSES,
    });
  }

  mayTry(address: string, client: string, nowMs: number): boolean {
    const prefix = addressPrefix(address);
    return this.#known.has(keyOf(prefix, client)) || this.#wrong.of(prefix, nowMs).has(1, nowMs);
  }

  failed(address: string, nowMs: number): void {
    this.#wrong.of(addressPrefix(address), nowMs).tryTake(1, nowMs);
  }

  succeeded(address: string, client: string): void {
    const key = keyOf(addressPrefix(address), client);
    this.#known.delete(key);
    this.#known.add(key);
    const [oldest] = this.#known;
    if (this.#known.size > MAX_KNOWN && oldest !== undefined) this.#known.delete(oldest);
  }
}

function keyOf(prefix: string, client: string): string {
  return `${prefix} ${client}`;
}
