import { addressPrefix } from '../../runtime/address-prefix.ts';
import { isPowerOfTen } from '../../runtime/power-of-ten.ts';
import { TokenBucket } from '../../runtime/token-bucket.ts';
import { RefusalAudit, type RefusalAuditDeps } from './refusal-audit.ts';

/** What is wrong with a token that a request carries. */
export const TOKEN_FAULTS = ['unknown', 'expired'] as const;
export type TokenFault = (typeof TOKEN_FAULTS)[number];

interface Sender {
  count: number;
  lastAtMs: number;
  waitUntilMs: number;
}

/** A person who mistypes, or a program that is restarted with its new token, is told nothing but 401. */
const FREE_TRIES = 5;
const BASE_WAIT_MS = 1_000;
const MAX_WAIT_MS = 60_000;
/** After this time without a refused token, an address starts anew. */
const FORGET_MS = 15 * 60_000;
const MAX_SENDERS = 10_000;
const LOG_LINES = { capacity: 20, refillPerS: 0.2 };

/**
 * What becomes of refused tokens: each is counted, an address (IPv6: its /64) that sends many is told to wait, and log
 * and audit name it at its 1st, 10th, 100th, … refused token. No token is ever kept or written.
 */
export class RefusedTokens {
  readonly #deps: RefusalAuditDeps;
  readonly #senders = new Map<string, Sender>();
  readonly #audit: RefusalAudit;
  readonly #logBucket: TokenBucket;
  readonly #counts: Record<TokenFault, number> = { unknown: 0, expired: 0 };

  constructor(deps: RefusalAuditDeps) {
    this.#deps = deps;
    const nowMs = deps.clock.monotonicMs();
    this.#audit = new RefusalAudit(deps, 'token.refused');
    this.#logBucket = new TokenBucket(LOG_LINES, nowMs);
  }

  /** Returns how long the address has to wait before a refused token is looked at again, ms; 0: not at all. */
  record(address: string, fault: TokenFault): number {
    this.#counts[fault]++;
    const nowMs = this.#deps.clock.monotonicMs();
    const sender = this.#senderAt(addressPrefix(address), nowMs);
    sender.count++;
    sender.lastAtMs = nowMs;
    if (isPowerOfTen(sender.count)) this.#report(address, fault, sender.count, nowMs);
    if (nowMs < sender.waitUntilMs) return sender.waitUntilMs - nowMs;
    const waitMs = waitAfter(sender.count);
    sender.waitUntilMs = nowMs + waitMs;
    return waitMs;
  }

  /** Since the start. */
  counts(): Readonly<Record<TokenFault, number>> {
    return { ...this.#counts };
  }

  #senderAt(prefix: string, nowMs: number): Sender {
    const known = this.#senders.get(prefix);
    const isKnown = known !== undefined && nowMs - known.lastAtMs < FORGET_MS;
    const sender = isKnown ? known : { count: 0, lastAtMs: nowMs, waitUntilMs: 0 };
    // Last in the order of the map: the first one is the one to forget when there are too many.
    this.#senders.delete(prefix);
    this.#senders.set(prefix, sender);
    const [oldest] = this.#senders.keys();
    if (this.#senders.size > MAX_SENDERS && oldest !== undefined) this.#senders.delete(oldest);
    return sender;
  }

  #report(address: string, fault: TokenFault, count: number, nowMs: number): void {
    if (this.#logBucket.tryTake(1, nowMs))
      this.#deps.log.warn({ address, fault, count }, 'API token refused');
    this.#audit.append(address, `refused token no. ${count} of this address: ${fault}`);
  }
}

function waitAfter(count: number): number {
  if (count <= FREE_TRIES) return 0;
  return Math.min(MAX_WAIT_MS, BASE_WAIT_MS * 2 ** Math.min(count - FREE_TRIES - 1, 16));
}
