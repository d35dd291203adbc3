import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock, type Clock } from '../../../runtime/clock.ts';
import { silentLogger } from '../../../runtime/logger.ts';
import type { Collected } from '../collector.ts';
import { FIRST_CPU_DELTA_MS } from './parts.ts';
import { createServerCollector, serverKind } from './server.ts';

const testdata = join(import.meta.dirname, 'testdata');
const NOW_MS = 1_800_000_000_000;
const signal = AbortSignal.timeout(10_000);
let machine: string;

beforeEach(() => {
  machine = mkdtempSync(join(tmpdir(), 'wardwatch-server-'));
});
afterEach(() => rmSync(machine, { recursive: true, force: true }));

/** While the collector waits between its first two looks at the CPU, the machine works on: stat becomes stat-later. */
const workingClock: Clock = {
  now: () => NOW_MS,
  monotonicMs: () => systemClock.monotonicMs(),
  sleep: async (delayMs, sleepSignal) => {
    if (delayMs !== FIRST_CPU_DELTA_MS) return systemClock.sleep(delayMs, sleepSignal);
    cpSync(join(machine, 'stat-later'), join(machine, 'proc/stat'));
  },
};

function collectorOf(directory: string) {
  const config = serverKind.configSchema.parse({
    procPath: join(directory, 'proc'),
    sysPath: join(directory, 'sys'),
    utmpPath: join(directory, 'utmp'),
    containerLogsPath: join(directory, 'container-logs'),
  });
  return serverKind.create(config, { clock: workingClock, log: silentLogger, commonTags: { host: 'h1' } });
}

/** One line a sample; without the fields of `disk`, which are those of the machine that runs the test. */
function lines(collected: Collected): string[] {
  return collected.samples.map((sample) => {
    expect(sample.timeMs).toBe(NOW_MS);
    const tags = Object.entries(sample.tags).map(([tag, value]) => `,${tag}=${value}`);
    if (sample.measurement === 'disk') return `disk${tags.join('')}`;
    const fields = Object.entries(sample.fields).map(([field, value]) => `${field}=${value}`);
    return `${sample.measurement}${tags.join('')} ${fields.join(',')}`;
  });
}

describe('the server collector', () => {
  it.each(readdirSync(testdata))('reads the recorded machine %s', async (name) => {
    cpSync(join(testdata, name), machine, { recursive: true });
    const collected = await collectorOf(machine).collect(signal);
    expect(collected.errors).toEqual([]);
    await expect(`${lines(collected).join('\n')}\n`).toMatchFileSnapshot(
      join(testdata, name, 'expected.txt'),
    );
  });

  it('measures the CPU over the whole interval from the second run on', async () => {
    cpSync(join(testdata, 'container'), machine, { recursive: true });
    const collector = collectorOf(machine);
    await collector.collect(signal);
    cpSync(join(testdata, 'linux-2.6.18/proc/stat'), join(machine, 'proc/stat'));
    const afterReset = await collector.collect(signal);
    expect(afterReset.samples.filter((sample) => sample.measurement === 'cpu')).toEqual([]);
    cpSync(join(testdata, 'linux-2.6.18/stat-later'), join(machine, 'proc/stat'));
    const [total] = (await collector.collect(signal)).samples;
    expect(total).toMatchObject({ tags: { cpu: 'cpu-total' }, fields: { usage_active: 20, usage_idle: 80 } });
  });

  it('names each part that a machine without /proc cannot give, and rejects when none is left', async () => {
    const collecting = collectorOf(join(machine, 'nowhere')).collect(signal);
    await expect(collecting).rejects.toThrow(
      new RegExp(
        `nothing could be read: cpu: ${machine}/nowhere/proc/stat does not exist; this part needs Linux`,
      ),
    );
  });

  it('gives the other parts when one holds nonsense', async () => {
    cpSync(join(testdata, 'container'), machine, { recursive: true });
    cpSync(join(testdata, 'container/proc/loadavg'), join(machine, 'proc/meminfo'));
    const { samples, errors } = await collectorOf(machine).collect(signal);
    expect(errors.map((error) => error.message)).toEqual([
      'mem: /proc/meminfo: expected lines MemTotal and MemFree, got "0.01 0.02 0.05 2/300 77\\n"',
    ]);
    expect(new Set(samples.map((sample) => sample.measurement))).toEqual(
      new Set(['cpu', 'system', 'disk', 'net', 'processes']),
    );
  });

  it('ends at once when the run is aborted', async () => {
    const parts = [
      { name: 'slow', read: (stop: AbortSignal) => systemClock.sleep(60_000, stop).then(() => nothing) },
    ];
    const collector = createServerCollector(parts, { clock: systemClock, log: silentLogger, commonTags: {} });
    const controller = new AbortController();
    const collecting = collector.collect(controller.signal);
    controller.abort(new Error('called off'));
    await expect(collecting).rejects.toThrow('called off');
  });

  it.runIf(process.platform === 'linux')('reads this very machine', async () => {
    const { samples, errors } = await serverKind
      .create(serverKind.configSchema.parse({}), { clock: systemClock, log: silentLogger, commonTags: {} })
      .collect(signal);
    expect(errors).toEqual([]);
    const ours = readFileSync('/proc/meminfo', 'utf8').match(/MemTotal:\s+(\d+)/)?.[1];
    const mem = samples.find((sample) => sample.measurement === 'mem');
    expect(mem?.fields['total']).toBe(Number(ours) * 1_024);
    expect(samples.some((sample) => sample.measurement === 'disk' && sample.tags['path'] === '/')).toBe(true);
  });
});

const nothing = { readings: [], errors: [] };
