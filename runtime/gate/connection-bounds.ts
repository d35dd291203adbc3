import { addressPrefix } from '../address-prefix.ts';
import { TokenBuckets } from '../token-bucket.ts';

/** Of one listener. An address is an IPv4 address or the /64 of an IPv6 address. */
export interface ConnectionLimits {
  readonly maxOpen: number;
  readonly maxOpenPerAddress: number;
  /** Unproven: it has not said yet who it is. */
  readonly maxUnproven: number;
  readonly maxUnprovenPerAddress: number;
  /** New connections of one address: a burst, then a rate. One that proves itself does not count. */
  readonly newBurst: number;
  readonly newPerS: number;
  /** A connection that has not proven itself after this time is closed. */
  readonly proveWithinMs: number;
  /** With more unproven ones than this an address is crowded: they have less time. */
  readonly crowdedFrom: number;
  readonly proveWithinCrowdedMs: number;
}

/** One that was admitted; whoever holds it only passes it on. */
export interface Connection {
  readonly holder: Holder;
  readonly openedAtMs: number;
  /** Closes its socket, for `reason`. */
  readonly end: (reason: string) => void;
  isOpen: boolean;
}

/** All connections of one address. */
interface Holder {
  readonly prefix: string;
  readonly isExempt: boolean;
  open: number;
  /** Oldest first. */
  readonly unproven: Set<Connection>;
}

const MAX_RATED_ADDRESSES = 10_000;
const TOO_MANY = 'too many connections';

/**
 * Who may open a connection. An address that has too many unproven ones loses its oldest for each new one, so that whoever
 * is honest behind the same address still gets in; when all places are taken, the address that holds most gives way. Time
 * is an argument, monotonic, ms.
 */
export class ConnectionBounds {
  readonly #limits: ConnectionLimits;
  readonly #isExempt: (address: string) => boolean;
  readonly #rates: TokenBuckets;
  readonly #holders = new Map<string, Holder>();
  /** Those with unproven connections. */
  readonly #crowd = new Set<Holder>();
  #open = 0;
  #unproven = 0;

  /** `isExempt`: only the bounds of all addresses together hold for this one. */
  constructor(limits: ConnectionLimits, isExempt: (address: string) => boolean) {
    this.#limits = limits;
    this.#isExempt = isExempt;
    this.#rates = new TokenBuckets({
      capacity: limits.newBurst,
      refillPerS: limits.newPerS,
      maxKeys: MAX_RATED_ADDRESSES,
    });
  }

  get counts(): { readonly open: number; readonly unproven: number } {
    return { open: this.#open, unproven: this.#unproven };
  }

  /** Counts a new connection as open and unproven, or returns why it must not be. */
  admit(address: string, end: (reason: string) => void, nowMs: number): Connection | string {
    const holder = this.#holderAt(address);
    const reason = holder.isExempt ? undefined : this.#refusal(holder, nowMs);
    if (reason !== undefined) return reason;
    const isFull = this.#open >= this.#limits.maxOpen || this.#unproven >= this.#limits.maxUnproven;
    if (isFull && !this.#endOldest(this.#largest(), TOO_MANY)) return TOO_MANY;
    const connection: Connection = { holder, openedAtMs: nowMs, end, isOpen: true };
    this.#holders.set(holder.prefix, holder);
    this.#crowd.add(holder);
    holder.unproven.add(connection);
    holder.open++;
    this.#open++;
    this.#unproven++;
    return connection;
  }

  /** `isFrequent`: it proves itself so often that its address pays as for an unproven one. */
  prove(connection: Connection, nowMs: number, isFrequent = false): void {
    if (!this.#leaveCrowd(connection) || isFrequent) return;
    this.#rates.giveBack(connection.holder.prefix, 1, nowMs);
  }

  /** The connection is closed; may be called again. */
  closed(connection: Connection): void {
    if (!connection.isOpen) return;
    connection.isOpen = false;
    this.#leaveCrowd(connection);
    const { holder } = connection;
    this.#open--;
    holder.open--;
    if (holder.open === 0) this.#holders.delete(holder.prefix);
  }

  /** Ends those whose time to prove themselves is over. To be called about once a second. */
  endOverdue(nowMs: number): void {
    const { crowdedFrom, proveWithinMs, proveWithinCrowdedMs } = this.#limits;
    for (const { unproven } of this.#crowd) {
      for (const connection of unproven) {
        const withinMs = unproven.size > crowdedFrom ? proveWithinCrowdedMs : proveWithinMs;
        if (nowMs - connection.openedAtMs < withinMs) break;
        this.#end(connection, 'no login in time');
      }
    }
  }

  #holderAt(address: string): Holder {
    const prefix = addressPrefix(address);
    const known = this.#holders.get(prefix);
    return known ?? { prefix, isExempt: this.#isExempt(address), open: 0, unproven: new Set() };
  }

  #refusal(holder: Holder, nowMs: number): string | undefined {
    const { maxOpenPerAddress, maxUnprovenPerAddress } = this.#limits;
    if (!this.#rates.tryTake(holder.prefix, 1, nowMs)) return 'too many new connections from this address';
    const reason =
      holder.open >= maxOpenPerAddress
        ? 'too many connections from this address'
        : 'too many connections from this address without a login';
    const isFull = holder.open >= maxOpenPerAddress || holder.unproven.size >= maxUnprovenPerAddress;
    return isFull && !this.#endOldest(holder, reason) ? reason : undefined;
  }

  /** False: none of them is unproven. */
  #endOldest(holder: Holder | undefined, reason: string): boolean {
    const [oldest] = holder?.unproven ?? [];
    if (oldest !== undefined) this.#end(oldest, reason);
    return oldest !== undefined;
  }

  /** It counts as closed at once: its socket says so only later. */
  #end(connection: Connection, reason: string): void {
    this.closed(connection);
    connection.end(reason);
  }

  #leaveCrowd(connection: Connection): boolean {
    const { holder } = connection;
    if (!holder.unproven.delete(connection)) return false;
    this.#unproven--;
    if (holder.unproven.size === 0) this.#crowd.delete(holder);
    return true;
  }

  #largest(): Holder | undefined {
    let largest: Holder | undefined;
    for (const holder of this.#crowd) {
      if (largest === undefined || holder.unproven.size > largest.unproven.size) largest = holder;
    }
    return largest;
  }
}
