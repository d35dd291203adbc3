import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sample } from '../../../../contract/sample.ts';
import { ManualClock } from '../../../../runtime/manual-clock.ts';
import type { CollectorDeps } from '../../collector.ts';
import { ExpositionReader } from '../exposition-reader.ts';
import { mappingSchema } from '../mapping.ts';
import { READY_MAPPINGS } from '../mappings/index.ts';
import { scrapeAll } from '../prometheus.ts';
import type { Scraper } from '../scrape.ts';
import { Target } from '../target.ts';

const read = (mapping: string) => readFileSync(join(import.meta.dirname, `../testdata/${mapping}.prom`));
const scraper: Scraper = async (url, wanted) => {
  const reader = new ExpositionReader(wanted);
  reader.push(read(url.hostname));
  return reader.end({ isOpenMetrics: false });
};
const LOAD = mappingSchema.parse({
  fields: [{ metric: 'node_memory_MemTotal_bytes', measurement: 'mem', field: 'total' }],
});

/** Of every ready mapping over its recorded exporter, and of a mapping to a field; two scrapes, for rates. */
export async function exampleSamples({ commonTags }: CollectorDeps): Promise<readonly Sample[]> {
  const targetOf = (exporter: string, mapping = READY_MAPPINGS.get(exporter) ?? LOAD) =>
    new Target(
      { url: `http://${exporter}/metrics`, mapping: exporter, pool: 'dc-1', tags: {} },
      mapping,
      commonTags,
    );
  const targets = [
    ...[...READY_MAPPINGS.keys()].map((name) => targetOf(name)),
    targetOf('node-exporter', LOAD),
  ];
  const clock = new ManualClock();
  const scrape = () =>
    scrapeAll({ targets, scraper, deadlineMs: 1_000, clock, signal: new AbortController().signal });
  const first = await scrape();
  await clock.advance(60_000);
  return [...first.samples, ...(await scrape()).samples];
}
