import { increase, rate, type Bound, type Count } from './rates.ts';

/** Speeds are nominal: measured rates may exceed them a little. */
const HEADROOM = 1.1;
const BITS_PER_OCTET = 8;
/** The smallest Ethernet frame. */
const BITS_PER_PACKET = 512;

/** Counters of a port that become rates. */
export const COUNTERS = [
  'inOctets',
  'outOctets',
  'inUnicast',
  'inMulticast',
  'inBroadcast',
  'outUnicast',
  'outMulticast',
  'outBroadcast',
  'inErrors',
  'outErrors',
  'inDiscards',
  'outDiscards',
] as const;

export type CounterName = (typeof COUNTERS)[number];

export type Counts = ReadonlyMap<string, Count>;

/** How the counters of one port grew. */
export class Growth {
  readonly #before: Counts;
  readonly #now: Counts;
  readonly #most: number | undefined;

  constructor(before: Counts, now: Counts, speed: number | undefined) {
    this.#before = before;
    this.#now = now;
    this.#most = speed === undefined ? undefined : speed * HEADROOM;
  }

  /** bit/s. */
  bits(name: CounterName): number | undefined {
    const grown = this.#grown(name, { kind: 'traffic', perSecond: this.#perSecond(BITS_PER_OCTET) });
    return grown === undefined ? undefined : rate(grown) * BITS_PER_OCTET;
  }

  /** Packets a second of all these counters; undefined when one that the device has is unknown. */
  packets(names: readonly CounterName[]): number | undefined {
    let sum: number | undefined;
    for (const name of names) {
      if (!this.#now.has(name)) continue;
      const grown = this.#grown(name, { kind: 'traffic', perSecond: this.#perSecond(BITS_PER_PACKET) });
      if (grown === undefined) return undefined;
      sum = (sum ?? 0) + rate(grown);
    }
    return sum;
  }

  faults(name: CounterName): { count: number; perSecond: number } | undefined {
    const grown = this.#grown(name, { kind: 'faults', perSecond: this.#perSecond(BITS_PER_PACKET) });
    return grown === undefined ? undefined : { count: Number(grown.by), perSecond: rate(grown) };
  }

  #grown(name: CounterName, bound: Bound): ReturnType<typeof increase> {
    const before = this.#before.get(name);
    const now = this.#now.get(name);
    return before === undefined || now === undefined ? undefined : increase(before, now, bound);
  }

  #perSecond(bitsPerUnit: number): number | undefined {
    return this.#most === undefined ? undefined : this.#most / bitsPerUnit;
  }
}

/** Traffic fields of `interface`. */
export function traffic(growth: Growth, speed: number | undefined): Record<string, number | undefined> {
  const inBps = growth.bits('inOctets');
  const outBps = growth.bits('outOctets');
  const percent = (bps: number | undefined): number | undefined =>
    bps === undefined || speed === undefined ? undefined : (bps / speed) * 100;
  const [inPct, outPct] = [percent(inBps), percent(outBps)];
  return {
    in_bps: inBps,
    out_bps: outBps,
    in_utilization_pct: inPct,
    out_utilization_pct: outPct,
    utilization_pct:
      inPct === undefined || outPct === undefined ? (inPct ?? outPct) : Math.max(inPct, outPct),
    in_pps: growth.packets(['inUnicast', 'inMulticast', 'inBroadcast']),
    out_pps: growth.packets(['outUnicast', 'outMulticast', 'outBroadcast']),
  };
}

/** Error and discard fields of `interface`. */
export function faults(growth: Growth): Record<string, number | undefined> {
  const fields: Record<string, number | undefined> = {};
  for (const direction of ['in', 'out'] as const) {
    const good = growth.packets([`${direction}Unicast`, `${direction}Multicast`, `${direction}Broadcast`]);
    for (const kind of ['Errors', 'Discards'] as const) {
      const bad = growth.faults(`${direction}${kind}`);
      const field = `${direction}_${kind.toLowerCase()}`;
      fields[field] = bad?.count;
      fields[`${field}_pct`] =
        good === undefined || bad === undefined ? undefined : share(bad.perSecond, good);
    }
  }
  return fields;
}

/** Of all packets, good and bad. */
function share(badPerS: number, goodPerS: number): number {
  const all = badPerS + goodPerS;
  return all === 0 ? 0 : (badPerS / all) * 100;
}
