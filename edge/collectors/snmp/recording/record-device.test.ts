import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../../runtime/manual-clock.ts';
import { SnmpError, TYPE, type SnmpSession, type Varbind } from '../../../protocols/snmp/session.ts';
import { FakeSession } from '../../../protocols/snmp/testing/fake-session.ts';
import { recordDevice } from './record-device.ts';

const { signal } = new AbortController();
const nothing = { secrets: [], products: [] };
const deps = (clock = new ManualClock()) => ({ clock, signal, timeoutMs: 60_000 });

describe('a recording', () => {
  it('has what the device tells of itself, without its neighbours, stations, processes and secrets', async () => {
    const session = new FakeSession({
      '1.3.6.1.2.1.1.1.0': Buffer.from('Acme Room Unit 7'),
      '1.3.6.1.2.1.1.5.0': Buffer.from('room-p1'),
      '1.3.6.1.2.1.4.22.1.2.1.10.26.7.9': Buffer.from('001c73b4fd69', 'hex'),
      '1.3.6.1.2.1.17.4.3.1.1.0.28.115.180.253.105': Buffer.from('001c73b4fd69', 'hex'),
      '1.3.6.1.2.1.25.4.2.1.5.1': Buffer.from('--password=x'),
      '1.3.6.1.2.1.31.1.1.1.1.1': Buffer.from('eth0'),
      '1.3.6.1.2.1.31.1.4.1.2.1.6.0.28.115.180.253.105': 1,
      '1.3.6.1.4.1.99999.1.0': Buffer.from('42 C'),
      '1.3.6.1.6.3.15.1.2.2.1.3': Buffer.from('user'),
    });
    const recording = await recordDevice(session, nothing, deps());
    expect(recording).toMatchObject({ problem: undefined, objectCount: 4 });
    expect(recording.text.split('\n')).toEqual([
      '1.3.6.1.2.1.1.1.0|4|Acme Room Unit 7',
      '1.3.6.1.2.1.1.5.0|4|name-1',
      '1.3.6.1.2.1.31.1.1.1.1.1|4|eth0',
      '1.3.6.1.4.1.99999.1.0|4|42 C',
      '',
    ]);
  });

  const answering = (getBulk: SnmpSession['getBulk']): SnmpSession => ({
    get: async () => [],
    getBulk,
    close: async () => undefined,
  });
  const counter = (at: number): Varbind => ({
    oid: `1.0.8802.1.1.2.9.${at}`,
    type: TYPE.integer,
    value: at,
  });

  it('of a device that never ends, ends at its bound, and that goes in circles, at once', async () => {
    let at = 0;
    const endless = answering(async ({ maxRepetitions }) =>
      Array.from({ length: maxRepetitions }, () => counter(at++)),
    );
    expect(await recordDevice(endless, nothing, deps())).toMatchObject({
      objectCount: 50_000,
      problem: 'below 1.0.8802.1.1: more than 50000 objects',
    });
    const circle = answering(async () => [counter(1), counter(2)]);
    expect(await recordDevice(circle, nothing, deps())).toMatchObject({
      objectCount: 2,
      problem: 'below 1.0.8802.1.1: its OIDs do not increase after 1.0.8802.1.1.2.9.2',
    });
  });

  it('of a slow device ends after the time it may take, and of one that falls silent has what came', async () => {
    const clock = new ManualClock();
    let at = 0;
    const slow = answering(async () => {
      await clock.advance(1_000);
      return [counter(at++)];
    });
    expect(await recordDevice(slow, nothing, deps(clock))).toMatchObject({
      objectCount: 60,
      problem: 'below 1.0.8802.1.1: not done within 60 s',
    });
    at = 0;
    const silent = answering(async () => {
      if (at === 3) throw new SnmpError('timeout', 'no answer');
      return [counter(at++)];
    });
    expect(await recordDevice(silent, nothing, deps())).toMatchObject({
      objectCount: 3,
      problem: 'below 1.0.8802.1.1: no answer',
    });
  });
});
