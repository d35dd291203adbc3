import { afterEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../runtime/manual-clock.ts';
import { SnmpError } from '../../protocols/snmp/session.ts';
import { FakeSession, type Objects } from '../../protocols/snmp/testing/fake-session.ts';
import { snmpSensorsSchema } from './snmp-config.ts';
import { SnmpSensors } from './snmp-sensors.ts';

const OID = '1.3.6.1.4.1.99999.1';
const config = snmpSensorsSchema.parse({
  credentials: { lan: { version: '2c', community: { value: 'public' } } },
  devices: [
    {
      device: 'probe-1',
      address: '10.0.0.1',
      credentials: 'lan',
      sensors: [
        { oid: `${OID}.1.0`, field: 'temperature_celsius', scale: 0.1, sensor: 'rack-1' },
        { oid: `${OID}.2.0`, field: 'humidity_pct', sensor: 'rack-1' },
        { oid: `${OID}.3.0`, field: 'door_open', values: { 1: false, 2: true } },
      ],
    },
    {
      device: 'probe-2',
      address: '10.0.0.2',
      credentials: 'lan',
      sensors: [{ oid: `${OID}.1.0`, field: 'smoke' }],
    },
  ],
});

let sensors: SnmpSensors;
afterEach(() => sensors.close());

function start(devices: Readonly<Record<string, Objects | Error>>) {
  const clock = new ManualClock();
  const sessions: FakeSession[] = [];
  sensors = new SnmpSensors(config, {
    clock,
    commonTags: { host: 'gw-1' },
    openSession: async ({ address }) => {
      const objects = devices[address];
      if (objects === undefined || objects instanceof Error) throw objects ?? new Error('nobody');
      const session = new FakeSession(objects);
      sessions.push(session);
      return session;
    },
  });
  const poll = async () => {
    sensors.take();
    await sensors.whenPolled(new AbortController().signal);
    const { samples, errors } = sensors.take();
    return {
      rows: samples.map(({ tags, fields }) => ({ tags, fields })),
      errors: errors.map(({ message }) => message),
    };
  };
  return { clock, sessions, poll };
}

describe('sensors by OID', () => {
  it('are samples of environment, scaled and mapped from codes', async () => {
    const { poll } = start({
      '10.0.0.1': { [`${OID}.1.0`]: 253, [`${OID}.2.0`]: Buffer.from('48.5'), [`${OID}.3.0`]: 2 },
      '10.0.0.2': { [`${OID}.1.0`]: 0 },
    });
    expect(await poll()).toEqual({
      rows: [
        {
          tags: { host: 'gw-1', device: 'probe-1', sensor: 'rack-1' },
          fields: { temperature_celsius: 25.3, humidity_pct: 48.5 },
        },
        { tags: { host: 'gw-1', device: 'probe-1' }, fields: { door_open: true } },
        { tags: { host: 'gw-1', device: 'probe-2' }, fields: { smoke: false } },
      ],
      errors: [],
    });
  });

  it('that are missing or make no sense cost themselves, and a dead device no other', async () => {
    const { poll } = start({
      '10.0.0.1': { [`${OID}.1.0`]: 99_999, [`${OID}.3.0`]: 7 },
      '10.0.0.2': new SnmpError('timeout', 'no answer'),
    });
    const { rows, errors } = await poll();
    expect(rows).toEqual([]);
    expect(errors.sort()).toEqual([
      `environment probe-1 (10.0.0.1): door_open (${OID}.3.0) is 7`,
      'environment probe-1 (10.0.0.1): environment.temperature_celsius 9999.9 is out of range',
      `environment probe-1 (10.0.0.1): rack-1 humidity_pct (${OID}.2.0) is missing`,
      'environment probe-2 (10.0.0.2): no answer',
    ]);
  });

  it('are read every so often, and trouble stands until the next reading', async () => {
    const devices: Record<string, Objects> = { '10.0.0.1': {}, '10.0.0.2': { [`${OID}.1.0`]: 1 } };
    const { clock, sessions, poll } = start(devices);
    const first = await poll();
    expect(first.errors).toHaveLength(3);
    expect(await poll()).toEqual({ rows: [], errors: first.errors });
    for (const session of sessions) {
      session.objects = { [`${OID}.1.0`]: 1, [`${OID}.2.0`]: 1, [`${OID}.3.0`]: 1 };
    }
    await clock.advance(60_000);
    const second = await poll();
    expect(second.errors).toEqual([]);
    expect(second.rows).toHaveLength(3);
  });

  it('take a new session after trouble', async () => {
    const { clock, sessions, poll } = start({ '10.0.0.1': {}, '10.0.0.2': { [`${OID}.1.0`]: 1 } });
    await poll();
    const broken = sessions.find(({ objects }) => Object.keys(objects).length > 0);
    if (broken !== undefined) {
      broken.interrupt = () => {
        throw new SnmpError('denied', 'wrong community');
      };
    }
    await clock.advance(60_000);
    expect((await poll()).errors).toContain('environment probe-2 (10.0.0.2): wrong community');
    expect(broken?.isClosed).toBe(true);
    await clock.advance(60_000);
    expect((await poll()).rows).toHaveLength(1);
  });
});
