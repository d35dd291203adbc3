import type { Sample } from '../../../contract/sample.ts';
import { drift, noise, rhythm, rounded } from './wave.ts';

const MINUTES = 1_440;
const TIB = 1024 ** 4;

interface Pool {
  readonly site: string;
  readonly resource: string;
  readonly physical: number;
  readonly usedPct: number;
  readonly allocatedPct: number;
  /** Of the office day in what is used. */
  readonly swingPct: number;
  readonly daysToFull: number;
}

const POOLS: readonly Pool[] = [
  {
    site: 'dc1',
    resource: 'vcpu',
    physical: 16_128,
    usedPct: 48,
    allocatedPct: 212,
    swingPct: 16,
    daysToFull: 210,
  },
  {
    site: 'dc1',
    resource: 'memory',
    physical: 126 * TIB,
    usedPct: 71,
    allocatedPct: 94,
    swingPct: 4,
    daysToFull: 96,
  },
  {
    site: 'dc1',
    resource: 'storage',
    physical: 2_016 * TIB,
    usedPct: 83.4,
    allocatedPct: 128,
    swingPct: 0,
    daysToFull: 38,
  },
  {
    site: 'dc2',
    resource: 'vcpu',
    physical: 16_128,
    usedPct: 39,
    allocatedPct: 176,
    swingPct: 14,
    daysToFull: 340,
  },
  {
    site: 'dc2',
    resource: 'memory',
    physical: 126 * TIB,
    usedPct: 62,
    allocatedPct: 81,
    swingPct: 3,
    daysToFull: 150,
  },
  {
    site: 'dc2',
    resource: 'storage',
    physical: 2_016 * TIB,
    usedPct: 91.8,
    allocatedPct: 141,
    swingPct: 0,
    daysToFull: 11,
  },
];

/** Pools of two datacentres with a day's rhythm; the storage of the second is nearly full. */
export function* poolSamples(toMs: number): Generator<Sample> {
  for (let minute = MINUTES; minute >= 0; minute--) {
    const timeMs = toMs - minute * 60_000;
    for (const pool of POOLS) {
      const { site, resource, physical, daysToFull } = pool;
      const key = `${site}${resource}`;
      const usable = physical * (1 - 1 / 504);
      const grown = pool.swingPct === 0 ? -(0.75 * minute) / MINUTES : pool.swingPct * (rhythm(timeMs) - 0.5);
      const usedPct = pool.usedPct + grown + (pool.swingPct === 0 ? 0.02 : 1) * drift(key, minute);
      const allocatedPct = pool.allocatedPct + (noise(key, Math.floor(minute / 180)) - 0.5) * 0.8;
      const used = (usable * usedPct) / 100;
      yield {
        measurement: 'pool_state',
        tags: { site, pool: `pool-${site}`, resource },
        fields: {
          physical,
          usable,
          allocated: (usable * allocatedPct) / 100,
          used,
          used_p95: used * 1.04,
          used_pct: rounded(usedPct),
          allocated_pct: rounded(allocatedPct),
          days_to_full_p10: rounded(daysToFull + (0.6 * minute) / MINUTES, 1),
        },
        timeMs,
      };
    }
  }
}
