import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { UNIT } from '../../contract/measurements/define.ts';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import type { Sample } from '../../contract/sample.ts';
import { systemClock } from '../../runtime/clock.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { catalogueRefusals } from '../testing/catalogue-refusals.ts';
import type { CollectorDeps } from './collector.ts';
import { collectorKinds } from './index.ts';

/** Each kind brings `testing/example-samples.ts` with samples that its own code makes of recorded or simulated input. */
interface Example {
  readonly exampleSamples: (deps: CollectorDeps) => Promise<readonly Sample[]>;
}

const deps: CollectorDeps = {
  clock: systemClock,
  log: silentLogger,
  commonTags: { host: 'h1', site: 's-1', unit: '26734' },
};
const folderOf = (kind: string) => kind.replaceAll('_', '-');
const manual = readFileSync(join(import.meta.dirname, '../../docs/edge.md'), 'utf8');

function every(intervalMs: number): string {
  if (intervalMs % 3_600_000 === 0) return `${intervalMs / 3_600_000} h`;
  return intervalMs % 60_000 === 0 && intervalMs > 60_000
    ? `${intervalMs / 60_000} min`
    : `${intervalMs / 1_000} s`;
}

describe.each(collectorKinds.map((listed) => [listed.kind, listed] as const))(
  'collector %s',
  (name, listed) => {
    const folder = join(import.meta.dirname, folderOf(name));

    it('makes only samples that the catalogue allows, with all tags of the agent', async () => {
      const file = join(folder, 'testing/example-samples.ts');
      expect(existsSync(file), `expected ${file}`).toBe(true);
      const { exampleSamples } = (await import(pathToFileURL(file).href)) as Example;
      const samples = await exampleSamples(deps);
      expect(samples.length).toBeGreaterThan(0);
      expect(samples.flatMap(catalogueRefusals)).toEqual([]);
      // A few measurements have the unit of their value in that tag.
      const hasWard = (measurement: string) => CATALOGUE.get(measurement)?.tags['unit'] === UNIT;
      const lacking = samples.filter(
        ({ measurement, tags }) =>
          tags['site'] !== 's-1' || (hasWard(measurement) && tags['unit'] !== '26734'),
      );
      expect(lacking).toEqual([]);
    });

    it('is in the table of docs/edge.md, with its interval and its README', async () => {
      expect(existsSync(join(folder, 'README.md'))).toBe(true);
      const { kind, defaultIntervalMs } = await listed.load();
      expect(kind).toBe(name);
      const row = `| [\`${name}\`](../edge/collectors/${folderOf(name)}/README.md) | ${every(defaultIntervalMs)} |`;
      expect(manual).toContain(row);
    });
  },
);

it('has every folder of a collector in the list', () => {
  const folders = readdirSync(import.meta.dirname, { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  expect(folders.map((entry) => entry.name).sort()).toEqual(
    collectorKinds.map(({ kind }) => folderOf(kind)).sort(),
  );
});
