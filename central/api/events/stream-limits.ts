import { addressPrefix } from '../../../runtime/address-prefix.ts';

export interface MostStreams {
  readonly total: number;
  /** Of one token, or one person. */
  readonly perOwner: number;
  /** IPv6: per /64. */
  readonly perAddress: number;
}

/** How many event streams are open, in all, of each token or person and of each address. */
export class StreamLimits {
  readonly #most: MostStreams;
  readonly #open = new Map<string, number>();
  #total = 0;

  constructor(most: MostStreams) {
    this.#most = most;
  }

  get total(): number {
    return this.#total;
  }

  /** A function that gives the place back, or what is in the way. */
  take(owner: string, address: string): (() => void) | string {
    const { total, perOwner, perAddress } = this.#most;
    const prefix = addressPrefix(address);
    const keys = [`owner ${owner}`, `address ${prefix}`];
    const [ofOwner = 0, ofAddress = 0] = keys.map((key) => this.#open.get(key) ?? 0);
    if (ofOwner >= perOwner) return `this token or person has ${perOwner} event streams already`;
    if (ofAddress >= perAddress) return `this address has ${perAddress} event streams already`;
    if (this.#total >= total) return `there are ${total} event streams already`;
    for (const key of keys) this.#change(key, 1);
    this.#total++;
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      this.#total--;
      for (const key of keys) this.#change(key, -1);
    };
  }

  #change(key: string, by: 1 | -1): void {
    const count = (this.#open.get(key) ?? 0) + by;
    if (count === 0) this.#open.delete(key);
    else this.#open.set(key, count);
  }
}
