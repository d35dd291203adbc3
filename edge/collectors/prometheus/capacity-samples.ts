import type { Sample } from '../../../contract/sample.ts';
import type { PoolReading } from './capacity.ts';
import type { CapacityMapping } from './mapping.ts';
import { mergeReadings, poolFields } from './pools.ts';

/** Pools of one target; without readings if it could not be scraped. */
export interface TargetReading {
  readonly mapping: string;
  readonly capacity: readonly CapacityMapping[];
  readonly pool: string;
  readonly tags: Sample['tags'];
  readonly readings: readonly PoolReading[] | undefined;
}

const MAX_TAG_CHARS = 128;

/** One `capacity` sample for each resource of each pool, over all its targets. Pure. */
export function capacitySamples(targets: readonly TargetReading[], timeMs: number): Sample[] {
  const groups = new Map<string, TargetReading[]>();
  for (const target of targets) {
    // Different exporters count differently: their values cannot be added.
    const key = JSON.stringify([target.mapping, target.tags]);
    groups.set(key, [...(groups.get(key) ?? []), target]);
  }
  return [...groups.values()].flatMap((group) => samplesOf(group, timeMs));
}

function samplesOf(group: readonly TargetReading[], timeMs: number): Sample[] {
  const readings = mergeReadings(group.flatMap((target) => target.readings ?? []));
  return readings.flatMap((reading) => {
    const fields = poolFields(reading, countSilent(group, reading));
    if (fields === undefined) return [];
    const pool = reading.pool.replace(/\p{Cc}/gu, ' ').slice(0, MAX_TAG_CHARS);
    const tags = { ...group[0]?.tags, pool, resource: reading.resource };
    return [{ measurement: 'capacity', tags, fields, timeMs }];
  });
}

/** Targets that are single hosts and did not answer. */
function countSilent(group: readonly TargetReading[], { pool, resource }: PoolReading): number {
  return group.filter(
    (target) =>
      target.readings === undefined &&
      target.pool === pool &&
      target.capacity.some((entry) => entry.resource === resource && entry.hostLabel === undefined),
  ).length;
}
