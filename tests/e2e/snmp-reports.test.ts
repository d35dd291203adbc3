import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startSnmpAgent } from '../../simulators/devices/snmp/agent.ts';
import { integerBytes, TAG } from '../../simulators/devices/snmp/ber.ts';
import { parseRecording, type Entry, type Recording } from '../../simulators/devices/snmp/recording.ts';
import { withStorableTags } from '../../edge/scheduler/storable-tags.ts';
import type { Sample } from '../../contract/sample.ts';
import { arrive, fieldsBy, startPoller } from '../support/snmp-poller.ts';

/** Small inputs after public reports, kept outside the project. */
const REPORTS = join(import.meta.dirname, '../../../shared/data/reports/snmp');

/** One poll of a device that answers this on the wire. */
async function poll(recording: Recording): Promise<readonly Sample[]> {
  const agent = await startSnmpAgent({ recording });
  const collector = startPoller({ 'dev-1': agent.port });
  try {
    const { samples, errors } = await collector.collect(new AbortController().signal);
    expect(errors).toEqual([]);
    return samples;
  } finally {
    await collector.close();
    await agent.close();
  }
}

const UNSIGNED: readonly number[] = [TAG.counter32, TAG.gauge32, TAG.timeTicks];

/** As an agent sends it that leaves out the zero byte in front of unsigned values. */
function withoutZeroBytes(recording: Recording): Recording {
  return recording.map((entry): Entry => {
    if (typeof entry.value !== 'bigint' || !UNSIGNED.includes(entry.tag)) return entry;
    const bytes = integerBytes(entry.value);
    return { ...entry, value: bytes[0] === 0 && bytes.length > 1 ? bytes.subarray(1) : bytes };
  });
}

const SYSTEM = `1.3.6.1.2.1.1.1.0|4|Switch
1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.99999.1
1.3.6.1.2.1.1.5.0|4|sw-1`;
const PORTS = `1.3.6.1.2.1.2.2.1.2.1|4|p1
1.3.6.1.2.1.2.2.1.2.2|4|p2
1.3.6.1.2.1.2.2.1.2.3|4|p3
1.3.6.1.2.1.2.2.1.5.1|66|10000000
1.3.6.1.2.1.2.2.1.5.2|66|150000
1.3.6.1.2.1.2.2.1.5.3|66|2500000000
1.3.6.1.2.1.2.2.1.7.1|2|1
1.3.6.1.2.1.2.2.1.8.1|2|1
1.3.6.1.2.1.2.2.1.8.2|2|1
1.3.6.1.2.1.2.2.1.8.3|2|1`;

describe('devices with faults of their own', () => {
  it('without the zero byte in front of unsigned values, or with one bad cell, are read nevertheless', async () => {
    const text = `${SYSTEM}\n1.3.6.1.2.1.1.3.0|67|9000000\n${PORTS}`;
    const recording = parseRecording(text, 'own').map((entry): Entry =>
      entry.oid.join('.') === '1.3.6.1.2.1.2.2.1.8.2' ? { ...entry, value: Buffer.alloc(0) } : entry,
    );
    const samples = await poll(withoutZeroBytes(recording));
    const ports = fieldsBy(samples, 'interface', 'interface');
    expect(ports).toMatchObject({
      p1: { speed_mbps: 10, oper_status: 1 },
      p2: { speed_mbps: 0.15 },
      p3: { speed_mbps: 2_500, oper_status: 1 },
    });
    expect(ports['p2']).not.toHaveProperty('oper_status');
    expect(fieldsBy(samples, 'device', 'device')['dev-1']).toMatchObject({ uptime_s: 90_000 });
  });

  it('whose sysUpTime wrapped keep their dead ports unused', async () => {
    const recording = parseRecording(
      `${SYSTEM}
1.3.6.1.2.1.1.3.0|67|8640000
1.3.6.1.2.1.2.2.1.2.1|4|p1
1.3.6.1.2.1.2.2.1.7.1|2|1
1.3.6.1.2.1.2.2.1.8.1|2|2
1.3.6.1.2.1.2.2.1.9.1|67|3000000000
1.3.6.1.2.1.2.2.1.10.1|65|42`,
      'own',
    );
    const ports = fieldsBy(await poll(recording), 'interface', 'interface');
    expect(ports['p1']).toMatchObject({ oper_status: 2, in_use: false });
  });

  it('with drives whose names end in a backslash arrive whole', async () => {
    const recording = parseRecording(
      `${SYSTEM}
1.3.6.1.2.1.1.3.0|67|8640000
1.3.6.1.2.1.25.2.3.1.2.1|6|1.3.6.1.2.1.25.2.1.4
1.3.6.1.2.1.25.2.3.1.3.1|4|F:\\
1.3.6.1.2.1.25.2.3.1.4.1|2|4096
1.3.6.1.2.1.25.2.3.1.5.1|2|1000
1.3.6.1.2.1.25.2.3.1.6.1|2|990`,
      'own',
    );
    expect(storedDrives(await poll(recording))).toEqual({ 'F:': 99 });
  });
});

/** The share of each drive in use, as central gets it. */
function storedDrives(samples: readonly Sample[]): Readonly<Record<string, unknown>> {
  const sent = samples.map(withStorableTags);
  expect(arrive(sent, Date.now()).refusals).toEqual([]);
  const drives = fieldsBy(sent, 'device_storage', 'storage');
  return Object.fromEntries(Object.entries(drives).map(([name, fields]) => [name, fields['used_pct']]));
}

describe.skipIf(!existsSync(REPORTS))('after public reports (skipped without the shared data)', () => {
  const load = (name: string): Recording =>
    parseRecording(readFileSync(join(REPORTS, `${name}.snmprec`), 'utf8'), name);

  it('a port that has been dead for 100 days is not in use after the wrap of sysUpTime', async () => {
    const ports = fieldsBy(await poll(load('uptime-wrapped')), 'interface', 'interface');
    expect(ports['ge-0/0/1']).toMatchObject({ oper_status: 1, in_use: true });
    expect(ports['ge-0/0/2']).toMatchObject({
      oper_status: 2,
      in_use: false,
      last_change_s: expect.closeTo(8_640_000, 0) as number,
    });
  });

  it.each([
    ['speed-10', 'wan', 10],
    ['speed-2500', 'p1', 2_500],
  ])('%s: without the zero byte of unsigned values', async (name, port, mbps) => {
    const ports = fieldsBy(await poll(withoutZeroBytes(load(name))), 'interface', 'interface');
    expect(ports[port]).toMatchObject({ speed_mbps: mbps });
  });

  it('the drives of a Windows server', async () => {
    expect(storedDrives(await poll(load('windows-drives')))).toMatchObject({
      'E:': expect.closeTo(99.667, 2) as number,
    });
  });
});
