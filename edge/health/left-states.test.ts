import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../runtime/logger.ts';
import { ManualClock } from '../../runtime/manual-clock.ts';
import { eventStatesFile, openEventStatesRecord } from '../protocols/events/event-states-record.ts';
import {
  openTroubledSendersRecord,
  troubledSendersFile,
  type EventSource,
} from '../protocols/events/troubled-senders-record.ts';
import { LeftStates } from './left-states.ts';

let clock: ManualClock;
let dataDirectory: string;
let left: LeftStates;
const fileOf = (collector: string): string => eventStatesFile(dataDirectory, `wardwatch-gw-1-${collector}`);

beforeEach(() => {
  clock = new ManualClock();
  dataDirectory = mkdtempSync(join(tmpdir(), 'wardwatch-left-'));
  left = new LeftStates({
    dataDirectory,
    identityOf: (name) => `wardwatch-gw-1-${name}`,
    tags: { unit: '26734' },
    clock,
    log: silentLogger,
  });
  for (const collector of ['traps', 'traps-2'])
    openEventStatesRecord(fileOf(collector), silentLogger).write([
      { device: 'sw-1', event: 'link_down', subject: collector, isActive: true, changedAtMs: clock.now() },
    ]);
});
afterEach(() => rmSync(dataDirectory, { recursive: true }));

async function look(...running: readonly string[]): Promise<readonly unknown[]> {
  const rows = left.take(running).map(({ tags, fields }) => [tags['subject'], fields['active']]);
  await clock.advance(30_000);
  return rows;
}

describe('states of traps', () => {
  it('of a collector that was removed are over, told for ten minutes, and forgotten', async () => {
    expect(await look('traps')).toEqual([]);
    const told: unknown[] = [];
    for (let at = 0; at < 30; at++) told.push(...(await look('traps')));
    expect(told.length).toBeGreaterThanOrEqual(10);
    expect(new Set(told.map((row) => JSON.stringify(row)))).toEqual(new Set(['["traps-2",false]']));
    expect([existsSync(fileOf('traps')), existsSync(fileOf('traps-2'))]).toEqual([true, false]);
  });

  it('of collectors that are just started or exchanged go on', async () => {
    expect(await look()).toEqual([]);
    expect(await look('traps')).toEqual([]);
    expect(await look('traps', 'traps-2')).toEqual([]);
    expect(await look('traps')).toEqual([]);
    expect(await look('traps', 'traps-2')).toEqual([]);
    expect(existsSync(fileOf('traps-2'))).toBe(true);
  });

  it('go on when the collector comes back, since its file is still there', async () => {
    await look('traps');
    expect(await look('traps')).toEqual([['traps-2', false]]);
    expect(await look('traps', 'traps-2')).toEqual([]);
    expect(openEventStatesRecord(fileOf('traps-2'), silentLogger).read()).toMatchObject([{ isActive: true }]);
  });

  it('in a file that is rubbish are none, and the file goes', async () => {
    writeFileSync(fileOf('traps-2'), '{"v":');
    await look('traps');
    expect(await look('traps')).toEqual([]);
    expect(existsSync(fileOf('traps-2'))).toBe(false);
  });
});

describe('critical events', () => {
  const senders = (collector: string): string =>
    troubledSendersFile(dataDirectory, `wardwatch-gw-1-${collector}`);
  const write = (collector: string, devices: readonly string[], source: EventSource = 'syslog'): void =>
    openTroubledSendersRecord(source, {
      ...{ dataDirectory, identity: `wardwatch-gw-1-${collector}`, log: silentLogger },
    }).write(devices);
  const toldOf = async (...running: readonly string[]): Promise<ReadonlySet<unknown>> => {
    const rows = left.take(['traps', 'traps-2', ...running]);
    await clock.advance(60_000);
    return new Set(rows.map(({ tags }) => tags['device']));
  };

  it('of a syslog collector that was removed are over, told for ten minutes, and forgotten', async () => {
    write('syslog', ['fw-2']);
    write('syslog-2', ['fw-1']);
    const told: unknown[] = [];
    for (let at = 0; at < 30; at++) {
      const rows = left.take(['traps', 'traps-2', 'syslog']);
      told.push(...rows.map(({ measurement, tags, fields }) => [measurement, tags, fields['critical_5min']]));
      await clock.advance(30_000);
    }
    expect(told.length).toBeGreaterThanOrEqual(10);
    expect(told[0]).toEqual(['event_source', { unit: '26734', source: 'syslog', device: 'fw-1' }, 0]);
    expect(new Set(told.map((row) => JSON.stringify(row))).size).toBe(1);
    expect([existsSync(senders('syslog')), existsSync(senders('syslog-2'))]).toEqual([true, false]);
  });

  it('of senders that a running collector of the same source hears are told by that one alone', async () => {
    write('syslog', ['fw-1']);
    write('traps', ['fw-2'], 'snmp_trap');
    write('syslog-2', ['fw-1', 'fw-2', 'fw-3']);
    expect(await toldOf('syslog')).toEqual(new Set());
    expect(await toldOf('syslog')).toEqual(new Set(['fw-2', 'fw-3']));
    write('syslog', ['fw-1', 'fw-3']);
    expect(await toldOf('syslog')).toEqual(new Set(['fw-2']));
  });
});
