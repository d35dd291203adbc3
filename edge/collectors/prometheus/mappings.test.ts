import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../contract/measurements/index.ts';
import type { Sample } from '../../../contract/sample.ts';
import { systemClock } from '../../../runtime/clock.ts';
import { ManualClock } from '../../../runtime/manual-clock.ts';
import { ExpositionReader } from './exposition-reader.ts';
import type { Metric } from './exposition.ts';
import { wantedMetrics } from './mapping.ts';
import { READY_MAPPINGS } from './mappings/index.ts';
import { scrapeAll } from './prometheus.ts';
import type { Scraper } from './scrape.ts';
import { Target } from './target.ts';

const read = (file: string): string => readFileSync(join(import.meta.dirname, 'testdata', file), 'utf8');
const signal = new AbortController().signal;

function metricsOf(text: string, wanted: ReadonlySet<string>): readonly Metric[] {
  const reader = new ExpositionReader(wanted);
  reader.push(Buffer.from(text));
  return reader.end({ isOpenMetrics: false });
}

/** Answers each address with a text, or not at all. */
const scraperOf =
  (texts: Readonly<Record<string, string>>): Scraper =>
  async (url, wanted) => {
    const text = texts[url.hostname];
    if (text === undefined) throw new Error('connection refused');
    return metricsOf(text, wanted);
  };

function targetsOf(mapping: string, hosts: readonly string[]): Target[] {
  return hosts.map(
    (host) =>
      new Target(
        { url: `http://${host}/metrics`, mapping, pool: 'dc-1', tags: { site: 's-dc' } },
        READY_MAPPINGS.get(mapping)!,
        { host: 'gw-1', site: 's-1', unit: '26734' },
      ),
  );
}

async function capacityOf(
  targets: readonly Target[],
  texts: Readonly<Record<string, string>>,
  clock = systemClock,
) {
  const scraper = scraperOf(texts);
  const { samples, errors } = await scrapeAll({ targets, scraper, deadlineMs: 1_000, clock, signal });
  return { samples, errors, rows: samples.map(toRow) };
}

const toRow = ({ tags, fields }: Sample) => ({ pool: tags['pool'], resource: tags['resource'], ...fields });

describe('a ready mapping', () => {
  it.each([...READY_MAPPINGS.keys()])('%s turns its exporter into capacity', async (name) => {
    const { samples, errors, rows } = await capacityOf(targetsOf(name, ['a']), { a: read(`${name}.prom`) });
    expect(errors).toEqual([]);
    expect(rows).toEqual(JSON.parse(read(`${name}.expected.json`)));
    expect(samples[0]).toMatchObject({ measurement: 'capacity', tags: { site: 's-dc', unit: '26734' } });
    expect(samples[0]?.tags).not.toHaveProperty('host');
    const unknown = samples.flatMap(({ fields }) =>
      Object.keys(fields).filter((field) => CATALOGUE.get('capacity')?.fields[field] === undefined),
    );
    expect(unknown).toEqual([]);
  });

  it.each([...READY_MAPPINGS.keys()])('%s says nothing of an exporter of something else', async (name) => {
    const { samples, errors } = await capacityOf(targetsOf(name, ['a']), { a: 'up 1\nother{x="y"} 2\n' });
    expect({ samples, errors }).toEqual({ samples: [], errors: [] });
  });

  it('asks for no more than it uses', () => {
    expect([...wantedMetrics(READY_MAPPINGS.get('ceph')!)].sort()).toEqual([
      'ceph_cluster_total_bytes',
      'ceph_cluster_total_used_raw_bytes',
      'ceph_osd_metadata',
      'ceph_osd_stat_bytes',
      'ceph_osd_stat_bytes_used',
    ]);
  });

  it('of Ceph uses the whole cluster without metrics of OSDs', async () => {
    const text = read('ceph.prom').replaceAll('ceph_osd_stat', 'ceph_other');
    const { rows } = await capacityOf(targetsOf('ceph', ['a']), { a: text });
    expect(rows).toEqual([
      {
        pool: 'dc-1',
        resource: 'storage',
        physical: 32e12,
        usable: 32e12,
        used: 8e12,
        used_pct: 25,
        hosts: 1,
        hosts_silent: 0,
      },
    ]);
  });
});

describe('a pool of hosts with an exporter each', () => {
  const busier = (text: string, seconds: number): string =>
    text.replace(
      /(mode="user"} )(\d+)/g,
      (_all, before: string, value: string) => `${before}${+value + seconds}`,
    );

  it('sums its hosts, keeps one in reserve, and counts those that do not answer', async () => {
    const text = read('node-exporter.prom');
    const targets = targetsOf('node-exporter', ['a', 'b', 'c', 'dead']);
    const larger = text.replace('MemTotal_bytes 8.589934592e+09', 'MemTotal_bytes 1.7179869184e+10');
    const { rows, errors } = await capacityOf(targets, { a: text, b: text, c: larger });
    expect(errors.map(({ message }) => message)).toEqual([
      'prometheus http://dead/metrics: connection refused',
    ]);
    expect(rows.find(({ resource }) => resource === 'memory')).toEqual({
      pool: 'dc-1',
      resource: 'memory',
      physical: 4 * 8_589_934_592,
      usable: 2 * 8_589_934_592,
      used: 2_147_483_648 * 2 + (17_179_869_184 - 6_442_450_944),
      used_pct: (100 * (2_147_483_648 * 2 + 10_737_418_240)) / (2 * 8_589_934_592),
      hosts: 3,
      hosts_silent: 1,
    });
  });

  it('knows processors in use from the second scrape on', async () => {
    const clock = new ManualClock();
    const targets = targetsOf('node-exporter', ['a', 'b']);
    const text = read('node-exporter.prom');
    const cpuOf = ({ rows }: { rows: object[] }) =>
      rows.find((row) => 'resource' in row && row.resource === 'cpu');
    expect(cpuOf(await capacityOf(targets, { a: text, b: text }, clock))).toBeUndefined();

    await clock.advance(60_000);
    const second = await capacityOf(targets, { a: busier(text, 30), b: busier(text, 15) }, clock);
    expect(cpuOf(second)).toMatchObject({ physical: 4, usable: 2, used: 1.5, used_pct: 75, hosts: 2 });

    await clock.advance(60_000); // b was restarted: its counters begin anew
    const third = await capacityOf(targets, { a: busier(text, 60), b: text }, clock);
    expect(cpuOf(third)).toMatchObject({ physical: 2, used: 1, hosts: 1, hosts_silent: 1 });
  });

  it('takes a host that two exporters know for one', async () => {
    const text = read('openstack-exporter.prom');
    const { rows } = await capacityOf(targetsOf('openstack-exporter', ['a', 'b']), { a: text, b: text });
    expect(rows[0]).toMatchObject({ resource: 'cpu', physical: 128, allocated: 128, hosts: 3 });
  });
});
