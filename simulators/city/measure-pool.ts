import type { Sample } from '../../contract/sample.ts';
import { riseShare, type FaultTrack } from './faults.ts';
import { drift, seedOf } from './noise.ts';
import { officeLoad } from './rhythm.ts';
import { hundredth } from './rounding.ts';

const HOUR_MS = 3_600_000;
const FILLS_MS = HOUR_MS / 6;
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

/** Physical, usable (one host in reserve: N+1), allocated and used capacity of a pool. */
export function poolMeter(seed: number, pool: PoolPlace, nearlyFull: FaultTrack) {
  const perHost = PER_HOST[pool.resource] ?? 1;
  const physical = perHost * pool.hosts;
  const usable = perHost * Math.max(1, pool.hosts - 1);
  const tags = { site: pool.site, unit: pool.unit, pool: pool.id, resource: pool.resource };
  const noise = seedOf(`${seed}${pool.id}${pool.resource}`);
  return (timeMs: number, into: Sample[]): void => {
    const fault = nearlyFull.at(timeMs);
    const usual = 0.45 + 0.15 * officeLoad(timeMs) + 0.02 * drift(noise, timeMs, HOUR_MS);
    const share = fault === undefined ? usual : usual + (0.93 - usual) * riseShare(fault, timeMs, FILLS_MS);
    const allocated = usable * Math.max(share + 0.05, 0.7);
    const used = Math.round(usable * share);
    into.push({
      measurement: 'capacity',
      tags,
      fields: {
        physical,
        usable,
        allocated: Math.round(allocated),
        used,
        used_p95: used,
        used_pct: hundredth((100 * used) / usable),
        allocated_pct: hundredth((100 * allocated) / usable),
      },
      timeMs,
    });
  };
}
