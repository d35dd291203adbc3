import { CATALOGUE } from '../../../contract/measurements/index.ts';
import type { FieldValue, Sample } from '../../../contract/sample.ts';
import { createLatestCache, type LatestCache } from '../../live/latest-cache.ts';
import { SeriesRegistry } from '../../samples/series-registry.ts';
import { tagNames } from '../../samples/tag-names.ts';

/** The agent of all that name no other. */
export const AGENT = 'gw-1';

/** The newest values of devices, as the observers of ingest hold them. */
export class LiveRows {
  readonly latest: LatestCache;
  readonly #registry = new SeriesRegistry();

  constructor() {
    this.latest = createLatestCache(this.#registry);
  }

  /** One row of `cellular`, unless it says otherwise. */
  send(
    atMs: number,
    tags: Sample['tags'],
    fields: Readonly<Record<string, FieldValue>>,
    measurement = 'cellular',
  ): void {
    const definition = CATALOGUE.get(measurement);
    if (definition === undefined) throw new Error(`no measurement ${measurement}`);
    const names = tagNames(definition);
    const values = names.map((name) => (name === 'agent' ? (tags['agent'] ?? AGENT) : tags[name]));
    const agent = this.#registry.of(AGENT, atMs);
    const known = agent.find(measurement, values);
    if (known !== undefined) agent.take(known);
    const series = known ?? agent.add(measurement, values);
    if (series === undefined) throw new Error('one series too many');
    const table = {
      ...{ measurement, tags: names, fields: Object.keys(fields) },
      rows: [{ series, timeMs: atMs, values: Object.values(fields) }],
    };
    const batch = { agent: AGENT, epoch: 'abcdefgh', seq: 1, tables: [table] };
    this.latest.observe(batch, { receivedAtMs: atMs, sentAtMs: atMs, backfill: false });
  }
}
