import type { Amount, CapacityMapping, Selection } from './mapping.ts';
import { selectSeries, type Scrape } from './series.ts';

/** Share of one host in a pool. */
export interface HostShare {
  readonly host: string;
  readonly physical: number;
  /** Before spare hosts are taken out. */
  readonly usable: number;
  /** undefined: not exported, or a rate that is not known yet. */
  readonly used: number | undefined;
}

/** One resource of one pool in one scrape. */
export interface PoolReading {
  readonly pool: string;
  readonly resource: string;
  readonly spareHosts: 0 | 1;
  /** The mapping has `used`: a host without it is left out. */
  readonly wantsUsed: boolean;
  readonly hosts: readonly HostShare[];
  /** Of the whole pool: guests move between hosts, and some wait for one. */
  readonly allocated: number | undefined;
}

export interface Target {
  readonly pool: string;
  /** Name of the host if the target is one host. */
  readonly host: string;
}

/** Of several entries for one resource the first with data of a pool counts. Pure. */
export function readPools(
  entries: readonly CapacityMapping[],
  scrape: Scrape,
  target: Target,
): readonly PoolReading[] {
  const pools = new Map<string, PoolReading>();
  for (const entry of entries) {
    for (const reading of readEntry(entry, scrape, target)) {
      const key = JSON.stringify([reading.pool, reading.resource]);
      if (!pools.has(key)) pools.set(key, reading);
    }
  }
  return [...pools.values()];
}

function readEntry(entry: CapacityMapping, scrape: Scrape, target: Target): PoolReading[] {
  const { resource, spareHosts, poolLabel, hostLabel } = entry;
  const byHost = (amount: Amount | undefined): Amounts => amountsBy([poolLabel, hostLabel], amount, scrape);
  const [physical, usable, used] = [byHost(entry.physical), byHost(entry.usable), byHost(entry.used)];
  const allocated = amountsBy([poolLabel], entry.allocated, scrape);
  const hostsByPool = new Map<string, HostShare[]>();
  for (const [key, amount] of physical) {
    const [pool = '', host = ''] = JSON.parse(key) as string[];
    const share = {
      host: hostLabel === undefined ? target.host : host,
      physical: amount,
      usable: entry.usable === undefined ? amount : (usable.get(key) ?? amount),
      used: used.get(key),
    };
    hostsByPool.set(pool, [...(hostsByPool.get(pool) ?? []), share]);
  }
  return [...hostsByPool].map(([pool, hosts]) => ({
    pool: pool === '' ? target.pool : `${target.pool}/${pool}`,
    resource,
    spareHosts,
    wantsUsed: entry.used !== undefined,
    hosts,
    allocated: allocated.get(JSON.stringify([pool])),
  }));
}

/** By the JSON of the labels' values. Without a part there is no amount. */
type Amounts = ReadonlyMap<string, number>;

function amountsBy(
  labels: readonly (string | undefined)[],
  amount: Amount | undefined,
  scrape: Scrape,
): Amounts {
  const amounts = new Map<string, number>();
  if (amount === undefined) return amounts;
  const part = (selection: Selection | undefined): ReturnType<typeof sumBy> | undefined =>
    selection === undefined ? undefined : sumBy(labels, selection, scrape);
  const [minus, times, per] = [part(amount.minus), part(amount.times), part(amount.per)];
  for (const [key, sum] of sumBy(labels, amount.sum, scrape)) {
    const less = minus === undefined ? 0 : minus.get(key);
    const factor = times === undefined ? 1 : times.get(key);
    const divisor = per === undefined ? 1 : per.get(key);
    if (sum === undefined || less === undefined || factor === undefined || divisor === undefined) continue;
    const value = (((sum - less) * factor) / divisor) * amount.scale;
    if (Number.isFinite(value) && value >= 0) amounts.set(key, value);
  }
  return amounts;
}

/** undefined: one of the series has no value, so their sum has none. */
function sumBy(
  labels: readonly (string | undefined)[],
  selection: Selection,
  scrape: Scrape,
): ReadonlyMap<string, number | undefined> {
  const sums = new Map<string, number | undefined>();
  for (const series of selectSeries(selection, scrape)) {
    const key = JSON.stringify(
      labels.map((label) => (label === undefined ? '' : (series.labels[label] ?? ''))),
    );
    const before = sums.has(key) ? sums.get(key) : 0;
    sums.set(key, before === undefined || series.value === undefined ? undefined : before + series.value);
  }
  return sums;
}
