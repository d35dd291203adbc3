import type { FieldValue, Sample } from '../../contract/sample.ts';
import type { CapacityForecast } from '../capacity/capacity-forecast.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { Freshness, type Senders } from '../live/freshness.ts';
import type { LatestCache } from '../live/latest-cache.ts';
import { definedFields } from './defined-fields.ts';
import type { Moment } from './minute-turns.ts';

export interface PoolStateDeps {
  readonly latest: Pick<LatestCache, 'visit'>;
  readonly registry: Senders;
  readonly inventory: Pick<Inventory, 'pools'>;
  readonly forecasts: { list(kind: 'pool'): Iterable<CapacityForecast> | undefined };
}

/** As agents measure them. */
const MEASURED = [
  'physical',
  'usable',
  'allocated',
  'used',
  'used_p95',
  'used_pct',
  'allocated_pct',
] as const;

interface Newest {
  readonly measuredAtMs: number;
  readonly fields: Readonly<Record<string, number>>;
}

/** The pools of the inventory that are measured now or have a forecast. */
export function poolStateSamples(
  { latest, registry, inventory, forecasts }: PoolStateDeps,
  { atMs, minuteMs }: Moment,
): Sample[] {
  if (inventory.pools.length === 0) return [];
  const freshness = new Freshness(registry, atMs);
  const newest = new Map<string, Newest>();
  latest.visit('capacity', (series, row, tagNames) => {
    const tag = (name: string): string => series.tags[tagNames.indexOf(name)] ?? '';
    const agent = tag('agent');
    if (!freshness.isCurrent(agent, row)) return;
    const key = keyOf(tag('pool'), tag('resource'));
    const measuredAtMs = freshness.measuredAtMs(agent, row);
    if ((newest.get(key)?.measuredAtMs ?? -Infinity) > measuredAtMs) return;
    const fields = definedFields(
      Object.fromEntries(MEASURED.map((name) => [name, amount(row.valueOf(name))])),
    );
    newest.set(key, { measuredAtMs, fields });
  });
  const daysToFull = new Map(
    [...(forecasts.list('pool') ?? [])].map(({ tags, forecast }) => [
      keyOf(tags['pool'] ?? '', tags['resource'] ?? ''),
      forecast.outcome === 'dated' ? forecast.earlyDays : undefined,
    ]),
  );
  return inventory.pools.flatMap(({ id, site, resource }) => {
    const key = keyOf(id, resource);
    const fields = definedFields({
      ...newest.get(key)?.fields,
      days_to_full_p10: daysToFull.get(key),
    });
    if (Object.keys(fields).length === 0) return [];
    return [{ measurement: 'pool_state', tags: { site, pool: id, resource }, fields, timeMs: minuteMs }];
  });
}

/** No id of a pool has a slash. */
function keyOf(pool: string, resource: string): string {
  return `${pool}/${resource}`;
}

function amount(value: FieldValue | undefined): number | undefined {
  return typeof value === 'number' && value >= 0 ? value : undefined;
}
