import { expect, it } from 'vitest';
import { silentLogger } from '../../../runtime/logger.ts';
import { ManualClock } from '../../../runtime/manual-clock.ts';
import { AnswerSize } from '../../protocols/snmp/answer-size.ts';
import type { BulkRequest } from '../../protocols/snmp/session.ts';
import { FakeSession, type Objects } from '../../protocols/snmp/testing/fake-session.ts';
import type { Collector } from '../collector.ts';
import { Device } from './device.ts';
import { KnownStations } from './known-stations.ts';
import { shippedLibrary } from './testing/shipped-library.ts';
import { createSnmpCollector } from './snmp.ts';

const IF = '1.3.6.1.2.1.2.2.1';
const IF_X = '1.3.6.1.2.1.31.1.1.1';
/** Of ifTable and ifXTable, what a switch with 64-bit counters has. */
const COLUMNS = [
  ...[2, 3, 5, 7, 8, 9, 13, 14, 19, 20].map((column) => `${IF}.${column}`),
  ...[6, 7, 8, 9, 10, 11, 12, 13, 15, 18, 19].map((column) => `${IF_X}.${column}`),
];
/** Requests for the ports alone when each column was walked by itself, 25 rows an answer: 20 columns of 9 requests. */
const REQUESTS_BEFORE = 180;

function switchWith(ports: number, scans = 0): Objects {
  const objects: Record<string, Objects[string]> = {
    '1.3.6.1.2.1.1.2.0': '1.3.6.1.4.1.9.1.617',
    '1.3.6.1.2.1.1.3.0': 100_000 + scans * 6_000,
    '1.3.6.1.2.1.1.5.0': 'sw-1',
    '1.3.6.1.4.1.9.9.13.1.3.1.2.1': Buffer.from('inlet'),
    '1.3.6.1.4.1.9.9.13.1.3.1.3.1': 41,
    '1.3.6.1.2.1.25.2.3.1.3.1': Buffer.from('flash'),
    '1.3.6.1.2.1.25.2.3.1.4.1': 1_024,
    '1.3.6.1.2.1.25.2.3.1.5.1': 100,
    '1.3.6.1.2.1.25.2.3.1.6.1': 50,
    '1.0.8802.1.1.2.1.4.1.1.7.0.1.1': Buffer.from('Gi0/9'),
    '1.0.8802.1.1.2.1.4.1.1.9.0.1.1': Buffer.from('sw-2'),
  };
  for (let port = 1; port <= ports; port++) {
    objects[`${IF_X}.1.${port}`] = Buffer.from(`Gi0/${port}`);
    for (const column of COLUMNS) objects[`${column}.${port}`] = 1;
    objects[`${IF_X}.15.${port}`] = 1_000;
    objects[`${IF}.5.${port}`] = 1_000_000_000;
    for (const column of [6, 7, 8, 9, 10, 11, 12, 13]) {
      objects[`${IF_X}.${column}.${port}`] = BigInt(1_000_000 * scans);
    }
  }
  return objects;
}

/** A device whose answers take their time. */
function slowDevice(ports: number, answerMs: number) {
  const clock = new ManualClock();
  const session = new FakeSession(switchWith(ports));
  const device = new Device({
    name: 'sw-1',
    address: '10.0.0.1',
    stations: new KnownStations(),
    profiles: shippedLibrary(),
    answerSize: new AnswerSize({ start: 50, most: 120 }),
    phase: 0,
    clock,
    openSession: async () => ({
      get: async (oids, signal) => {
        await clock.sleep(answerMs, signal);
        return session.get(oids);
      },
      getBulk: async (request: BulkRequest, signal) => {
        await clock.sleep(answerMs, signal);
        return session.getBulk(request);
      },
      close: async () => undefined,
    }),
  });
  const deps = { clock, log: silentLogger, commonTags: {}, timeoutMs: 60_000 };
  const collector: Collector = createSnmpCollector([device], deps);
  let scans = 0;
  /** A run, and the time to the next one. */
  const run = async () => {
    session.objects = switchWith(ports, scans++);
    session.requests.length = 0;
    const startMs = clock.monotonicMs();
    const poll = { isDone: false };
    const collecting = collector.collect(new AbortController().signal).finally(() => (poll.isDone = true));
    while (!poll.isDone) await clock.advance(answerMs);
    const tookMs = clock.monotonicMs() - startMs;
    await clock.advance(60_000 - tookMs);
    const { samples, errors } = await collecting;
    return {
      tookMs,
      errors: errors.map(({ message }) => message),
      portRequests: session.requests.filter(({ oids }) =>
        oids.some((oid) => /^1\.3\.6\.1\.2\.1\.(2|31)\./.test(oid)),
      ).length,
      ports: samples.filter(({ measurement }) => measurement === 'interface'),
      measurements: samples.map(({ measurement }) => measurement),
    };
  };
  return run;
}

it.each([
  ['200 ports at 100 ms an answer', 200, 100],
  ['61 ports at 400 ms an answer', 61, 400],
])('%s are read in full within the interval, slow parts included', async (_what, ports, answerMs) => {
  const run = slowDevice(ports, answerMs);
  for (let scan = 0; scan < 3; scan++) {
    const { tookMs, errors, ports: read } = await run();
    expect(errors).toEqual([]);
    expect(tookMs).toBeLessThan(30_000);
    expect(read).toHaveLength(ports);
    for (const { fields } of read) expect(Object.hasOwn(fields, 'out_pps')).toBe(scan > 0);
  }
});

it('200 ports need less than a third of the requests that a walk of each column needs', async () => {
  const run = slowDevice(200, 100);
  await run();
  expect((await run()).portRequests).toBeLessThan(REQUESTS_BEFORE / 3);
});

it('a device that no interval is long enough for is read on where the last run stopped: nothing is left out for ever', async () => {
  const run = slowDevice(200, 2_000);
  const seen = new Set<string>();
  const fields = new Set<string>();
  for (let scan = 0; scan < 12; scan++) {
    const { measurements, ports, tookMs, errors } = await run();
    expect(tookMs).toBeLessThanOrEqual(56_000);
    for (const measurement of measurements) seen.add(measurement);
    for (const port of ports) for (const field of Object.keys(port.fields)) fields.add(field);
    if (scan === 0)
      expect(errors[0]).toMatch(/IF-MIB: not done within 54000 ms; first in the next run: CPU and memory/);
  }
  expect([...seen]).toEqual(
    expect.arrayContaining([
      'interface',
      'device',
      'device_identity',
      'hardware_sensor',
      'device_storage',
      'lldp_neighbor',
    ]),
  );
  expect([...fields]).toEqual(
    expect.arrayContaining(['in_bps', 'out_bps', 'out_pps', 'oper_status', 'speed_mbps']),
  );
});
