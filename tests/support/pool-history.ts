import { CATALOGUE } from '../../contract/measurements/index.ts';
import type { SampleRow } from '../../central/samples/sample-table.ts';
import { Series } from '../../central/samples/series.ts';
import { tagNames } from '../../central/samples/tag-names.ts';
import type { SampleStore } from '../../central/store/sample-store.ts';
import type { CityModel } from '../../simulators/city/city.ts';

const DAY_MS = 86_400_000;
const FIELDS = ['usable', 'used'] as const;

/**
 * What the store of a central that has watched for so many days knows of the pools of the city: one sample a day. Those of storage were empty in the
 * beginning, and filled up faster and faster to what is in use at `toMs`; the others are as the city has them.
 */
export async function writePoolHistory(
  store: Pick<SampleStore, 'prepare' | 'write'>,
  city: Pick<CityModel, 'inventory' | 'samplesAt'>,
  { toMs, days }: { readonly toMs: number; readonly days: number },
): Promise<void> {
  const measurement = CATALOGUE.get('capacity');
  if (measurement === undefined) throw new Error('the catalogue lacks capacity');
  const tags = tagNames(measurement);
  const batches = city.inventory.agents.flatMap(({ id }) => {
    const rows: SampleRow[] = [];
    for (let day = days; day > 0; day--) {
      const timeMs = toMs - day * DAY_MS;
      for (const sample of city.samplesAt(id, timeMs) ?? []) {
        if (sample.measurement !== measurement.name) continue;
        const named: Readonly<Record<string, string>> = { ...sample.tags, agent: id };
        const share = named['resource'] === 'storage' ? ((days - day) / days) ** 2 : 1;
        rows.push({
          series: new Series(
            measurement.name,
            tags.map((tag) => named[tag]),
          ),
          timeMs,
          values: FIELDS.map((field) => Number(sample.fields[field]) * (field === 'used' ? share : 1)),
        });
      }
    }
    if (rows.length === 0) return [];
    const table = { measurement: measurement.name, tags, fields: FIELDS, rows };
    return [store.prepare({ agent: id, epoch: 'poolhist', seq: 1, tables: [table] })];
  });
  const rejected = await store.write(batches, new AbortController().signal);
  if (rejected.length > 0) throw new Error(JSON.stringify(rejected[0]));
}
