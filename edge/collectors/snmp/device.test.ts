import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../runtime/manual-clock.ts';
import { silentLogger } from '../../../runtime/logger.ts';
import type { Collected, Collector } from '../collector.ts';
import { AnswerSize } from '../../protocols/snmp/answer-size.ts';
import { Device } from './device.ts';
import { KnownStations } from './known-stations.ts';
import { SnmpError, type SnmpSession } from '../../protocols/snmp/session.ts';
import { createSnmpCollector } from './snmp.ts';
import { shippedLibrary } from './testing/shipped-library.ts';
import { FakeSession, type Objects } from '../../protocols/snmp/testing/fake-session.ts';

const IF = '1.3.6.1.2.1.2.2.1';
const IF_X = '1.3.6.1.2.1.31.1.1.1';
const UP_TIME = '1.3.6.1.2.1.1.3.0';

function switchObjects(uptimeS: number, octets: bigint): Objects {
  return {
    '1.3.6.1.2.1.1.1.0': 'Cisco IOS Software, Version 12.2(55)SE3, RELEASE',
    '1.3.6.1.2.1.1.2.0': '1.3.6.1.4.1.9.1.617',
    [UP_TIME]: uptimeS * 100,
    '1.3.6.1.2.1.1.5.0': 'sw-1',
    [`${IF}.7.1`]: 1,
    [`${IF}.8.1`]: 1,
    [`${IF_X}.1.1`]: 'Gi0/1',
    [`${IF_X}.6.1`]: octets,
    [`${IF_X}.15.1`]: 1_000,
  };
}

interface FakeDevice {
  readonly device: Device;
  readonly session: FakeSession;
  readonly opened: () => number;
}

function fakeDevice(
  name: string,
  clock: ManualClock,
  open?: () => Promise<SnmpSession>,
  stations = new KnownStations(),
): FakeDevice {
  const session = new FakeSession(switchObjects(1_000, 0n));
  let opened = 0;
  const device = new Device({
    name,
    address: '10.0.0.1',
    ipAddress: '10.0.0.1',
    stations,
    profiles: shippedLibrary(),
    answerSize: new AnswerSize({ start: 25, most: 25 }),
    phase: 0,
    clock,
    openSession: async () => {
      opened++;
      return open === undefined ? session : open();
    },
  });
  return { device, session, opened: () => opened };
}

function collectorOf(clock: ManualClock, ...fakes: readonly FakeDevice[]): Collector {
  const deps = { clock, log: silentLogger, commonTags: { host: 'gw-1' } };
  return createSnmpCollector(
    fakes.map(({ device }) => device),
    deps,
  );
}

const signal = new AbortController().signal;
const dead = (): never => {
  throw new SnmpError('timeout', 'no answer');
};
const messages = ({ errors }: Collected) => errors.map((error) => error.message);
const ofDevice = (collected: Collected, name: string, measurement = 'device') =>
  collected.samples.filter(({ tags, measurement: of }) => tags['device'] === name && of === measurement);

describe('a device', () => {
  it('is read into samples with its name and the tags of the agent', async () => {
    const clock = new ManualClock();
    const sw = fakeDevice('sw-1', clock);
    const collector = collectorOf(clock, sw);
    await collector.collect(signal);
    await clock.advance(60_000);
    sw.session.objects = switchObjects(1_060, 750_000_000n);
    const collected = await collector.collect(signal);
    expect(collected.errors).toEqual([]);
    expect(ofDevice(collected, 'sw-1', 'interface')).toMatchObject([
      { tags: { host: 'gw-1', interface: 'Gi0/1' }, fields: { in_bps: 1e8 }, timeMs: clock.now() },
    ]);
    expect(ofDevice(collected, 'sw-1')).toMatchObject([
      { fields: { up: true, reachable: true, uptime_s: 1_060 } },
    ]);
  });

  it('tells slow things at first and every five minutes, at a time of its own', async () => {
    const clock = new ManualClock(0);
    const collector = collectorOf(clock, fakeDevice('sw-1', clock));
    const told: boolean[] = [];
    for (let minute = 0; minute < 7; minute++) {
      told.push(ofDevice(await collector.collect(signal), 'sw-1')[0]?.fields['software'] !== undefined);
      await clock.advance(60_000);
    }
    expect(told).toEqual([true, false, false, false, false, true, false]);
  });

  it('that restarts soon after a restart has no rate, although its uptime has grown', async () => {
    const clock = new ManualClock();
    const sw = fakeDevice('sw-1', clock);
    const collector = collectorOf(clock, sw);
    sw.session.objects = switchObjects(20, 1_000n);
    await collector.collect(signal);
    await clock.advance(60_000);
    sw.session.objects = switchObjects(25, 9_000_000n);
    const collected = await collector.collect(signal);
    expect(ofDevice(collected, 'sw-1', 'interface')[0]?.fields).not.toHaveProperty('in_bps');
  });

  it('keeps its rates and its uptime when sysUpTime starts again at 0 after 497 days', async () => {
    const clock = new ManualClock();
    const sw = fakeDevice('sw-1', clock);
    const collector = collectorOf(clock, sw);
    sw.session.objects = switchObjects(42_949_640, 0n);
    await collector.collect(signal);
    await clock.advance(60_000);
    sw.session.objects = { ...switchObjects(0, 750_000_000n), [UP_TIME]: 4_294_970_000 - 2 ** 32 };
    const collected = await collector.collect(signal);
    expect(ofDevice(collected, 'sw-1', 'interface')[0]?.fields).toMatchObject({ in_bps: 1e8 });
    expect(ofDevice(collected, 'sw-1')[0]?.fields).toMatchObject({ uptime_s: 42_949_700 });
  });

  it('with one table that fails gives the others, and the error names device, address and table', async () => {
    const clock = new ManualClock();
    const sw = fakeDevice('sw-1', clock);
    sw.session.interrupt = ({ oids }) => {
      if (oids[0]?.startsWith('1.3.6.1.2.1.25.2') === true) throw new SnmpError('failed', 'genErr');
    };
    const collected = await collectorOf(clock, sw).collect(signal);
    expect(messages(collected)).toEqual(['snmp sw-1 (10.0.0.1): HOST-RESOURCES-MIB storage: genErr']);
    expect(ofDevice(collected, 'sw-1', 'interface')).toHaveLength(1);
  });

  it('that falls silent amid its tables is left after two of them', async () => {
    const clock = new ManualClock();
    const sw = fakeDevice('sw-1', clock);
    sw.session.interrupt = ({ oids }) => {
      if (oids[0]?.startsWith('1.3.6.1.4.1') === true) dead();
    };
    const { samples, errors } = await collectorOf(clock, sw).collect(signal);
    expect(errors.map((error) => error.message)).toEqual([
      'snmp sw-1 (10.0.0.1): CPU and memory: no answer',
      expect.stringMatching(/sensors: no answer/) as string,
    ]);
    expect(samples.map(({ measurement }) => measurement)).toEqual(['interface', 'device_identity', 'device']);
  });

  it('names the devices of the collector behind its ports, every 15 minutes, once it knows their addresses', async () => {
    const clock = new ManualClock();
    const stations = new KnownStations();
    const [sw, far] = [
      fakeDevice('sw-1', clock, undefined, stations),
      fakeDevice('sw-2', clock, undefined, stations),
    ];
    sw.session.objects = {
      ...sw.session.objects,
      '1.3.6.1.2.1.17.4.3.1.2.0.28.115.180.253.105': 5,
      '1.3.6.1.2.1.17.1.4.1.2.5': 1,
    };
    far.session.objects = {
      ...far.session.objects,
      '1.3.6.1.2.1.2.2.1.6.1': Buffer.from('001c73b4fd69', 'hex'),
    };
    const collector = collectorOf(clock, sw, far);
    const minutes: number[] = [];
    for (let minute = 0; minute < 22; minute++) {
      const seen = ofDevice(await collector.collect(signal), 'sw-1', 'port_stations');
      if (seen.length > 0) {
        minutes.push(minute);
        expect(seen[0]).toMatchObject({
          tags: { interface: 'Gi0/1', source: 'fdb' },
          fields: { stations_count: 1, devices_count: 1, devices: 'sw-2' },
        });
      }
      await clock.advance(60_000);
    }
    expect(minutes).toEqual([5, 20]);
  });

  it('tells every five minutes by what its neighbours know it: name, chassis, and the address that it has here', async () => {
    const clock = new ManualClock();
    const sw = fakeDevice('sw-1', clock);
    sw.session.objects = {
      ...sw.session.objects,
      '1.0.8802.1.1.2.1.3.1.0': 4,
      '1.0.8802.1.1.2.1.3.2.0': Buffer.from('001c73b4fd69', 'hex'),
    };
    const collector = collectorOf(clock, sw);
    const told = async () =>
      ofDevice(await collector.collect(signal), 'sw-1', 'device_identity').map(({ fields }) => fields);
    const identity = { name: 'sw-1', chassis: '00:1c:73:b4:fd:69', address: '10.0.0.1' };
    expect(await told()).toEqual([identity]);
    await clock.advance(60_000);
    expect(await told()).toEqual([]);
    await clock.advance(240_000);
    expect(await told()).toEqual([identity]);
  });

  it('that never ends is aborted at nine tenths of the time for a run, with what was read so far', async () => {
    const clock = new ManualClock();
    const slow = fakeDevice('sw-1', clock);
    slow.session.getBulk = (_request, stop?: AbortSignal) =>
      new Promise((_resolve, reject) => stop?.addEventListener('abort', () => reject(stop.reason as Error)));
    const collecting = collectorOf(clock, slow).collect(signal);
    await clock.advance(54_000);
    const collected = await collecting;
    expect(messages(collected)).toEqual([
      expect.stringMatching(
        /IF-MIB: not done within 54000 ms; first in the next run: CPU and memory, routing, power/,
      ) as string,
    ]);
    expect(ofDevice(collected, 'sw-1')).toHaveLength(1);
  });

  it('returns what it has when the run is aborted', async () => {
    const clock = new ManualClock();
    const fine = fakeDevice('sw-1', clock);
    const slow = fakeDevice('sw-2', clock);
    slow.session.getBulk = (_request, stop?: AbortSignal) =>
      new Promise((_resolve, reject) => stop?.addEventListener('abort', () => reject(stop.reason as Error)));
    const controller = new AbortController();
    const collecting = collectorOf(clock, fine, slow).collect(controller.signal);
    await clock.advance(1_000);
    controller.abort(new Error('took longer than 60000 ms'));
    const collected = await collecting;
    expect(ofDevice(collected, 'sw-1', 'interface')).toHaveLength(1);
    expect(messages(collected)).toEqual([
      expect.stringMatching(/sw-2 .*IF-MIB: took longer than 60000 ms/) as string,
    ]);
  });
});

describe('the profile of a device', () => {
  const PROBE = '1.3.6.1.4.1.6574.1.1.0';
  const synology = { '1.3.6.1.4.1.6574.1.2.0': 41, [PROBE]: 1 };
  const nas = (ticks: number) => ({
    '1.3.6.1.2.1.1.2.0': '1.3.6.1.4.1.8072.3.2.10',
    '1.3.6.1.2.1.1.3.0': ticks,
    '1.3.6.1.2.1.1.5.0': 'nas-1',
  });

  it('is asked for again slowly while the part of its vendor is missing, and after each restart', async () => {
    const clock = new ManualClock();
    const fake = fakeDevice('nas-1', clock);
    const collector = collectorOf(clock, fake);
    const runs: [vendor: unknown, asked: number][] = [];
    const run = async (objects: typeof fake.session.objects) => {
      fake.session.objects = objects;
      fake.session.requests.length = 0;
      const collected = await collector.collect(signal);
      const asked = fake.session.requests.filter(({ oids }) => oids.includes(PROBE)).length;
      runs.push([ofDevice(collected, 'nas-1')[0]?.fields['vendor'], asked]);
      await clock.advance(150_000);
    };
    await run(nas(500));
    await run({ ...nas(15_500), ...synology });
    await run({ ...nas(30_500), ...synology });
    await run({ ...nas(45_500), ...synology });
    await run({ ...nas(60_500), ...synology });
    await run(nas(100));
    await run(nas(15_100));
    await run({ ...nas(30_100), ...synology });
    await run({ ...nas(45_100), ...synology });
    expect(runs.map(([, asked]) => asked)).toEqual([1, 0, 1, 0, 0, 1, 1, 0, 1]);
    expect(runs.flatMap(([vendor]) => vendor ?? [])).toEqual(['synology', 'synology', 'synology']);
  });
});

describe('a device that does not answer', () => {
  it('is not reachable, which is measured; after two runs it is only probed, and no run waits for it', async () => {
    const clock = new ManualClock();
    const [fine, gone] = [fakeDevice('sw-1', clock), fakeDevice('sw-2', clock)];
    gone.session.interrupt = dead;
    const collector = collectorOf(clock, fine, gone);
    for (let run = 0; run < 2; run++) {
      const collected = await collector.collect(signal);
      expect(messages(collected)).toEqual(['snmp sw-2 (10.0.0.1): no answer']);
      expect(ofDevice(collected, 'sw-2')[0]?.fields).toEqual({ up: false, reachable: false });
    }
    let answer = (): void => undefined;
    gone.session.get = () =>
      new Promise((_resolve, reject) => {
        answer = () => reject(new SnmpError('timeout', 'no answer'));
      });
    const without = await collector.collect(signal); // while the probe waits for an answer
    expect(ofDevice(without, 'sw-1')).toHaveLength(1);
    expect(ofDevice(without, 'sw-2')).toEqual([]);
    answer();
    gone.session.get = async () => dead();
    await clock.advance(1);
    expect(ofDevice(await collector.collect(signal), 'sw-2')[0]?.fields).toEqual({
      up: false,
      reachable: false,
    });
    await collector.close();
  });

  it('is read again in the run after it answered the probe', async () => {
    const clock = new ManualClock();
    const sw = fakeDevice('sw-1', clock);
    const collector = collectorOf(clock, sw);
    sw.session.interrupt = dead;
    await collector.collect(signal);
    await collector.collect(signal);
    sw.session.interrupt = () => undefined;
    await collector.collect(signal);
    await clock.advance(60_000);
    const collected = await collector.collect(signal);
    expect(ofDevice(collected, 'sw-1')).toMatchObject([{ fields: { up: true } }, { fields: { up: true } }]);
    expect(ofDevice(collected, 'sw-1', 'interface')).toHaveLength(1);
  });

  it('gets a new session each time, so that a changed address or secret counts', async () => {
    const clock = new ManualClock();
    const sw = fakeDevice('sw-1', clock);
    sw.session.interrupt = dead;
    const collector = collectorOf(clock, sw);
    await collector.collect(signal);
    expect(sw.session.isClosed).toBe(true);
    await collector.collect(signal);
    expect(sw.opened()).toBe(2);
  });

  it('but refuses us is up, and the error says why', async () => {
    const clock = new ManualClock();
    const sw = fakeDevice('sw-1', clock);
    sw.session.interrupt = () => {
      throw new SnmpError('denied', 'user, authentication or privacy settings are not accepted');
    };
    const collected = await collectorOf(clock, sw).collect(signal);
    expect(ofDevice(collected, 'sw-1')[0]?.fields).toEqual({ up: true, reachable: true });
    expect(messages(collected)[0]).toMatch(/settings are not accepted/);
  });

  it('but refuses us run after run is only probed, too', async () => {
    const clock = new ManualClock();
    const [fine, mute] = [fakeDevice('sw-1', clock), fakeDevice('sw-2', clock)];
    mute.session.interrupt = () => {
      throw new SnmpError('denied', 'it answers, but not to encrypted requests');
    };
    const collector = collectorOf(clock, fine, mute);
    await collector.collect(signal);
    await collector.collect(signal);
    mute.session.get = () => new Promise(() => undefined); // nobody waits for this
    expect(ofDevice(await collector.collect(signal), 'sw-1')).toHaveLength(1);
  });

  it('that refuses an old session, because its SNMP engine was restarted, is read with a new one in the same run', async () => {
    const clock = new ManualClock();
    const sw = fakeDevice('sw-1', clock);
    const collector = collectorOf(clock, sw);
    await collector.collect(signal);
    let refusals = 1;
    sw.session.interrupt = () => {
      if (refusals-- > 0) throw new SnmpError('denied', 'its SNMP engine id has changed');
    };
    await clock.advance(60_000);
    const collected = await collector.collect(signal);
    expect(collected.errors).toEqual([]);
    expect(ofDevice(collected, 'sw-1', 'interface')).toHaveLength(1);
    expect(sw.opened()).toBe(2);
  });

  it('because of us is not called down', async () => {
    const clock = new ManualClock();
    const mute = fakeDevice('sw-1', clock, async () => {
      throw new SnmpError('unsent', 'credentials.core.community: environment variable COMMUNITY is not set');
    });
    await expect(collectorOf(clock, mute).collect(signal)).rejects.toThrow(/sw-1 .*COMMUNITY is not set/);
  });
});
