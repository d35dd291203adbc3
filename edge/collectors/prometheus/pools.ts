import type { HostShare, PoolReading } from './capacity.ts';

/**
 * Joins the readings of several exporters of one pool, such as a node_exporter on each host. A host in two of them counts
 * once. Pure.
 */
export function mergeReadings(readings: readonly PoolReading[]): readonly PoolReading[] {
  const pools = new Map<string, PoolReading>();
  for (const reading of readings) {
    const key = JSON.stringify([reading.pool, reading.resource]);
    const known = pools.get(key);
    pools.set(key, known === undefined ? reading : mergeTwo(known, reading));
  }
  return [...pools.values()];
}

function mergeTwo(a: PoolReading, b: PoolReading): PoolReading {
  const known = new Set(a.hosts.map(({ host }) => host));
  const hosts = b.hosts.filter(({ host }) => !known.has(host));
  // An exporter that only repeats hosts repeats their allocations too.
  const more = hosts.length === 0 ? undefined : b.allocated;
  const allocated =
    a.allocated === undefined && more === undefined ? undefined : (a.allocated ?? 0) + (more ?? 0);
  return { ...a, hosts: [...a.hosts, ...hosts], allocated };
}

/**
 * Fields of `capacity`. `usable` excludes the largest host, unless it is the only one. A host without `used` is left out of
 * all sums and counted as silent. undefined: nothing is known of the pool. Pure.
 */
export function poolFields(reading: PoolReading, silentHosts: number): Record<string, number> | undefined {
  const { wantsUsed, spareHosts, allocated } = reading;
  const hosts = reading.hosts.filter(({ used }) => !wantsUsed || used !== undefined);
  if (hosts.length === 0) return undefined;
  const sum = (amount: (host: HostShare) => number): number =>
    hosts.reduce((total, host) => total + amount(host), 0);
  const largest = Math.max(...hosts.map(({ usable }) => usable));
  const usable = sum((host) => host.usable) - (spareHosts === 1 && hosts.length > 1 ? largest : 0);
  const used = wantsUsed ? sum((host) => host.used ?? 0) : undefined;
  return {
    physical: sum((host) => host.physical),
    usable,
    hosts: hosts.length,
    hosts_silent: silentHosts + reading.hosts.length - hosts.length,
    ...(used !== undefined && { used }),
    ...(used !== undefined && usable > 0 && { used_pct: (100 * used) / usable }),
    ...(allocated !== undefined && { allocated }),
    ...(allocated !== undefined &&
      usable > 0 && { allocated_pct: (100 * allocated) / usable, overcommit_ratio: allocated / usable }),
  };
}
