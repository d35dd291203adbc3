import type { Sample } from '../../contract/sample.ts';
import type { FaultMap } from './faults.ts';
import { drift } from './noise.ts';
import { officeLoad } from './rhythm.ts';

const HOUR_MS = 3_600_000;
const PER_HOST: Readonly<Record<string, number>> = {
  vcpu: 32,
  memory: 256 * 1024 ** 3,
  storage: 4 * 1024 ** 4,
};

export interface PoolPlace {
  readonly id: string;
  readonly site: string;
  readonly unit: string;
  readonly resource: string;
  readonly hosts: number;
}

/** Physical, usable (one host kept free: N+1), allocated and used of a pool. */
export function measurePool(seed: number, pool: PoolPlace, timeMs: number, faults: FaultMap): Sample {
  const perHost = PER_HOST[pool.resource] ?? 1;
  const physical = perHost * pool.hosts;
  const usable = perHost * Math.max(1, pool.hosts - 1);
  const full = faults.active('pool_nearly_full', pool.id, timeMs) !== undefined;
  const share = full
    ? 0.93
    : 0.45 + 0.15 * officeLoad(timeMs) + 0.02 * drift(`${seed}${pool.id}${pool.resource}`, timeMs, HOUR_MS);
  const allocated = usable * Math.max(share + 0.1, 0.7);
  return {
    measurement: 'capacity',
    tags: { site: pool.site, unit: pool.unit, pool: pool.id, resource: pool.resource },
    fields: {
      physical,
      usable,
      allocated,
      used: usable * share,
      used_p95: usable * share,
      used_pct: 100 * share,
      allocated_pct: (100 * allocated) / usable,
    },
    timeMs,
  };
}
