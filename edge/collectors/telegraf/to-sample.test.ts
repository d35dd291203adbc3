import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseLines } from './parse-lines.ts';
import { toSample, type SampleOptions } from './to-sample.ts';

const options: SampleOptions = {
  unitNs: 1n,
  receivedAtMs: 1_790_000_000_123,
  commonTags: { host: 'gw-1', site: 's-1', unit: '26734' },
};

const declared = (name: string): string =>
  `declare custom_${name} in custom of this collector and at central`;

function translate(line: string, more: Partial<SampleOptions> = {}) {
  const { points, badLines } = parseLines(Buffer.from(line));
  expect(badLines).toEqual([]);
  return toSample(points[0]!, { ...options, ...more });
}

describe('a point of the catalogue', () => {
  it('becomes a sample, with the tags of the agent where it has none of its own', () => {
    expect(translate('mem,host=app-01 used_percent=25.5,total=8589934592i 1790000000999999999')).toEqual({
      sample: {
        measurement: 'mem',
        tags: { host: 'app-01', site: 's-1', unit: '26734' },
        fields: { used_percent: 25.5, total: 8_589_934_592 },
        timeMs: 1_790_000_000_999,
      },
      refusals: [],
    });
  });

  it('takes the time of its arrival where it has none', () => {
    expect(translate('mem total=1i').sample?.timeMs).toBe(1_790_000_000_123);
  });

  it.each([
    [1_000_000_000n, '1790000000', 1_790_000_000_000],
    [1_000_000n, '1790000000123', 1_790_000_000_123],
    [1_000n, '1790000000123999', 1_790_000_000_123],
  ])('counts time in units of %d ns', (unitNs, time, timeMs) => {
    expect(translate(`mem total=1i ${time}`, { unitNs }).sample?.timeMs).toBe(timeMs);
  });

  it('keeps integers of 64 bits exactly, and has the types of the catalogue', () => {
    const { sample } = translate(
      'net,interface=eth0 bytes_recv=9223372036854775807i,bytes_sent=12u,packets_recv=3',
    );
    expect(sample?.fields).toEqual({ bytes_recv: 2n ** 63n - 1n, bytes_sent: 12, packets_recv: 3 });
    expect(translate('mem used_percent=12i').sample?.fields).toEqual({ used_percent: 12 });
  });

  it('leaves out the speed of a link that has none, which Telegraf writes as -1', () => {
    expect(translate('net,interface=lo speed=-1i,bytes_recv=7i')).toMatchObject({
      sample: { fields: { bytes_recv: 7 } },
      refusals: [],
    });
  });

  it('has the names of the catalogue, where a plugin writes them in another way', () => {
    const raid = 'mdstat,ActivityState=active,Devices=sdm1\\,sdn1,Name=md1 DisksActive=2i,BlocksSyncedPct=0';
    expect(translate(raid)).toMatchObject({
      sample: {
        tags: { activity_state: 'active', devices: 'sdm1,sdn1', name: 'md1' },
        fields: { disks_active: 2, blocks_synced_pct: 0 },
      },
      refusals: [],
    });
    expect(translate('linux_sysctl_fs file-nr=1024i').sample?.fields).toEqual({ file_nr: 1024 });
  });

  it('has the ward as `unit` only where that is what it means', () => {
    const { sample } = translate('ipmi_sensor,name=fan,server=10.0.0.9 value=5000');
    expect(sample?.tags).toEqual({ host: 'gw-1', site: 's-1', name: 'fan', server: '10.0.0.9' });
  });
});

describe('what does not fit', () => {
  it.each([
    ['docker,container=x n=1i', `measurement "docker" is not in the catalogue: ${declared('docker')}`],
    ['pipeline lag_ms=1', `measurement "pipeline" is not in the catalogue: ${declared('pipeline')}`],
    ['constructor x=1', `measurement "constructor" is not in the catalogue: ${declared('constructor')}`],
    ['cpu,cpu=cpu0,rack=7 usage_idle=1', 'cpu has no tag "rack" in the catalogue'],
    ['cpu,cpu=cpu0,constructor=7 usage_idle=1', 'cpu has no tag "constructor" in the catalogue'],
    ['cpu usage_idle=1', 'cpu needs the tag cpu'],
    ['mem,agent=other total=1i', 'mem: the tag agent is not for senders'],
    ['mem total=1i -1', 'mem: the time is before 1970 or beyond 64 bits'],
  ])('costs the point: %s', (line, reason) => {
    expect(translate(line)).toEqual({ sample: undefined, refusals: [reason] });
  });

  it.each([
    ['zfs_pool,pool=a size=1i', 'zfs_pool', declared('zfs_pool')],
    [
      'vsphere_vm_cpu,vm=a usage=1',
      'vsphere_vm_cpu',
      `use the collector prometheus, mapping vmware, or ${declared('vsphere_vm_cpu')}`,
    ],
  ])('is told with what is taken in its place: %s', (line, name, remedy) => {
    expect(translate(line).refusals).toEqual([`measurement "${name}" is not in the catalogue: ${remedy}`]);
  });

  it('does not let a time run over', () => {
    const { refusals } = translate('mem total=1i 9223372036854775807', { unitNs: 1_000_000_000n });
    expect(refusals).toEqual(['mem: the time is before 1970 or beyond 64 bits']);
  });

  it.each([
    ['colour="red"', 'mem has no field "colour" in the catalogue'],
    ['toString=1', 'mem has no field "toString" in the catalogue'],
    ['free="much"', 'mem.free is no whole number of 64 bits'],
    ['free=1.5', 'mem.free is no whole number of 64 bits'],
    ['free=18446744073709551615u', 'mem.free is no whole number of 64 bits'],
    ['used_percent=true', 'mem.used_percent is no number'],
    ['used_percent=101', 'mem.used_percent is out of range, 0 to 100'],
    ['free=-1i', 'mem.free is out of range, at least 0'],
  ])('costs the value alone: %s', (field, reason) => {
    const { sample, refusals } = translate(`mem total=1i,${field}`);
    expect(sample?.fields).toEqual({ total: 1 });
    expect(refusals).toEqual([reason]);
  });

  it('costs the point when no value is left', () => {
    expect(translate('mem colour="red"')).toEqual({
      sample: undefined,
      refusals: ['mem has no field "colour" in the catalogue'],
    });
  });

  it('is described in a text of bounded length', () => {
    const { refusals } = translate(`${'x'.repeat(10_000)} a=1`);
    expect(refusals[0]?.length).toBeLessThan(220);
  });
});

const EXAMPLES = new URL('../../../../shared/data/ingest/telegraf-examples.jsonl', import.meta.url);

describe.skipIf(!existsSync(EXAMPLES))('what Telegraf documents (skipped without the shared data)', () => {
  it('is taken for the plugins that the catalogue covers, but for what is listed here', () => {
    const plugins =
      `cpu mem swap system disk diskio net processes kernel ping x509_cert dns_query systemd_units temp
      internet_speed`.split(/\s+/);
    const examples = readFileSync(EXAMPLES, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { plugin: string; line: string; name: string })
      .filter(({ plugin, name }) => plugins.includes(plugin) && !/^(nstat|kernel_vmstat)$/.test(name));
    const results = examples.map(({ line }) => translate(line));
    expect(results.filter(({ sample }) => sample !== undefined).length).toBeGreaterThan(40);
    const refusals = new Set(results.flatMap((result) => result.refusals));
    const others = [...refusals].filter((reason) => !/^(kernel|net) has no field/.test(reason));
    expect(others).toMatchInlineSnapshot(`
      [
        "processes has no field "zombie" in the catalogue",
      ]
    `);
  });
});
