import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../runtime/logger.ts';
import { ManualClock } from '../../../runtime/manual-clock.ts';
import { openEventStatesRecord } from '../../protocols/events/event-states-record.ts';
import { MAX_STATES_OF_A_DEVICE } from '../../protocols/events/event-states.ts';
import { SEQUENCE, tlv } from '../../protocols/snmp/ber.ts';
import { TYPE, type Varbind } from '../../protocols/snmp/session.ts';
import { sendNotification } from '../../protocols/snmp/testing/send-notification.ts';
import type { ReadMessage, TrapReader } from '../../protocols/snmp/trap-reader.ts';
import { MAX_DATAGRAM_BYTES, TrapIntake, type TrapIntakeDeps } from './intake.ts';
import { snmpTrapKind } from './snmp-trap.ts';
import { LINK_DOWN } from './testing/example-samples.ts';

const signal = new AbortController().signal;
const LINK_DOWN_OID = '1.3.6.1.6.3.1.1.5.3';
const LINK_UP_OID = '1.3.6.1.6.3.1.1.5.4';
const COLD_START_OID = '1.3.6.1.6.3.1.1.5.1';
const FROM = { address: '10.26.1.1', port: 50_000 };

let clock: ManualClock;
let directory: string;
let intake: TrapIntake;
/** What the reader, of which this test has none, makes of the next datagram. */
let next: ReadMessage;
let answers: string[];

beforeEach(() => {
  clock = new ManualClock();
  directory = mkdtempSync(join(tmpdir(), 'wardwatch-traps-'));
  intake = start();
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

function config(change: object = {}) {
  return snmpTrapKind.configSchema.parse({
    credentials: { core: { version: '2c', community: { value: 'c' } } },
    senders: [
      { device: 'sw-1', address: '10.26.1.1', credentials: 'core' },
      { device: 'sw-2', address: '10.26.1.2', credentials: 'core' },
    ],
    traps: [
      {
        oid: '1.3.6.1.4.1.9.9.13.3.0.4',
        event: 'fan_failed',
        severity: 'critical',
        subject: '1.3.6.1.4.1.9.9.13.1.4.1.2',
        begins: 'fan_failed',
      },
    ],
    ...change,
  });
}
function deps(): TrapIntakeDeps {
  return {
    clock,
    commonTags: {},
    readerOf: () => ({ read: () => next }) as unknown as TrapReader,
    answer: (message) => answers.push(message.toString()),
    record: openEventStatesRecord(join(directory, 'states.json'), silentLogger),
  };
}
function start(change: object = {}): TrapIntake {
  answers = [];
  return new TrapIntake(config(change), deps());
}
const text = (oid: string, value: string): Varbind => ({ oid, type: TYPE.octets, value: Buffer.from(value) });
const port = (name: string) => [text('1.3.6.1.2.1.2.2.1.2.7', name)];
function receive(trapOid: string, varbinds: readonly Varbind[] = [], more: Partial<ReadMessage> = {}): void {
  next = { notification: { trapOid, varbinds }, ...more };
  intake.receive(Buffer.from('30020000', 'hex'), FROM);
}
const rows = (measurement: string) =>
  intake.take().samples.filter((sample) => sample.measurement === measurement);
const states = () =>
  rows('event_state').map(({ tags, fields }) => [tags['event'], tags['subject'], fields['active']]);

describe('a trap', () => {
  it('is an event with a stable name, what it is about, and the objects that came with it', () => {
    receive(LINK_DOWN_OID, [
      { oid: '1.3.6.1.2.1.2.2.1.1.7', type: TYPE.integer, value: 7 },
      ...port('Gi0/7'),
    ]);
    expect(rows('event')).toEqual([
      {
        measurement: 'event',
        tags: {
          device: 'sw-1',
          source: 'snmp_trap',
          event: 'link_down',
          subject: 'Gi0/7',
          severity: 'minor',
        },
        fields: { events: 1, severity_code: 3, message: 'ifIndex=7, ifDescr=Gi0/7' },
        timeMs: clock.now(),
      },
    ]);
  });

  it.each([
    [LINK_DOWN_OID, { oid: '1.3.6.1.2.1.2.2.1.1.7', type: TYPE.integer, value: 7 }, 'link_down', 'port 7'],
    [
      '1.3.6.1.2.1.15.0.2',
      { oid: '1.3.6.1.2.1.15.3.1.2.10.0.0.9', type: TYPE.integer, value: 1 },
      'bgp_peer_down',
      'peer 10.0.0.9',
    ],
    [
      '1.3.6.1.2.1.33.2.0.3',
      { oid: '1.3.6.1.2.1.33.1.6.2.1.2.5', type: TYPE.oid, value: '1.3.6.1.2.1.33.1.6.3.9' },
      'ups_alarm',
      'on_bypass',
    ],
    ['1.3.6.1.4.1.9.9.13.3.0.4', text('1.3.6.1.4.1.9.9.13.1.4.1.2.3', 'Fan 3'), 'fan_failed', 'Fan 3'],
    ['1.3.6.1.4.1.99.0.1', text('1.3.6.1.4.1.99.2', 'x'), '1.3.6.1.4.1.99.0.1', undefined],
  ])('%s with %o is %s of %s', (trapOid, varbind, event, subject) => {
    receive(trapOid, [varbind]);
    const [row] = rows('event');
    expect([row?.tags['event'], row?.tags['subject']]).toEqual([event, subject]);
  });
});

describe('a state between two traps', () => {
  it('is told at once, each minute while it lasts, and for a while after its end', async () => {
    receive(LINK_DOWN_OID, port('Gi0/7'));
    expect(states()).toEqual([['link_down', 'Gi0/7', true]]);
    await clock.advance(2_000);
    expect(states()).toEqual([]);
    await clock.advance(58_000);
    expect(states()).toEqual([['link_down', 'Gi0/7', true]]);
    receive(LINK_UP_OID, port('Gi0/7'));
    expect(states()).toEqual([['link_down', 'Gi0/7', false]]);
    await clock.advance(60_000);
    expect(states()).toEqual([['link_down', 'Gi0/7', false]]);
    await clock.advance(10 * 60_000);
    expect(states()).toEqual([]);
  });

  it('goes on after a restart of the agent, because the device told it once', () => {
    receive(LINK_DOWN_OID, port('Gi0/7'));
    intake.take();
    intake = start();
    expect(states()).toEqual([['link_down', 'Gi0/7', true]]);
    receive(LINK_UP_OID, port('Gi0/7'));
    expect(states()).toEqual([['link_down', 'Gi0/7', false]]);
  });

  it.each([
    ['its device is no sender', { senders: [{ device: 'sw-2', address: '10.26.1.2', credentials: 'core' }] }],
    ['no trap begins it', { traps: [] }],
  ])('is over after a restart when %s any more', async (_, change) => {
    receive('1.3.6.1.4.1.9.9.13.3.0.4', [text('1.3.6.1.4.1.9.9.13.1.4.1.2.3', 'Fan 3')]);
    intake.take();
    intake = start(change);
    expect(states()).toEqual([['fan_failed', 'Fan 3', false]]);
    await clock.advance(11 * 60_000);
    expect(states()).toEqual([]);
    intake = start();
    expect(states()).toEqual([]);
  });

  it('ends when the device starts anew, and that of another device does not', () => {
    receive(LINK_DOWN_OID, port('Gi0/7'));
    next = { notification: { trapOid: LINK_DOWN_OID, varbinds: port('Gi0/8') } };
    intake.receive(Buffer.from('30020000', 'hex'), { ...FROM, address: '10.26.1.2' });
    expect(states()).toHaveLength(2);
    receive(COLD_START_OID);
    expect(states()).toEqual([['link_down', 'Gi0/7', false]]);
  });

  it('is forgotten after a week, which is not its end', async () => {
    receive(LINK_DOWN_OID, port('Gi0/7'));
    intake.take();
    await clock.advance(8 * 86_400_000);
    expect(states()).toEqual([]);
  });

  it('is kept in bounds, those that are over first to go', async () => {
    for (let at = 0; at < MAX_STATES_OF_A_DEVICE + 2; at++) {
      receive(LINK_DOWN_OID, port(`p${at}`));
      await clock.advance(100);
    }
    expect(states()).toHaveLength(MAX_STATES_OF_A_DEVICE);
    expect(intake.refusals.takeMostFrequent(5)).toEqual([
      '2 × sw-1: too many states at once; link_down is not kept',
    ]);
    receive(LINK_UP_OID, port('p0'));
    intake.take();
    await clock.advance(1_000);
    receive(LINK_DOWN_OID, port('new'));
    expect(states()).toContainEqual(['link_down', 'new', true]);
  });
});

describe('an inform', () => {
  it('is answered when what it told is on disk, and not before', () => {
    receive(LINK_DOWN_OID, [], { answer: Buffer.from('received') });
    const { reportDurable } = intake.take();
    expect(answers).toEqual([]);
    reportDurable(true);
    expect(answers).toEqual(['received']);
  });

  it('is not answered when the disk did not take it: the device sends it again', () => {
    receive(LINK_DOWN_OID, [], { answer: Buffer.from('received') });
    intake.take().reportDurable(false);
    intake.take().reportDurable(true);
    expect(answers).toEqual([]);
  });

  const inform = (informId: string) => {
    next = {
      notification: { trapOid: LINK_DOWN_OID, varbinds: port('Gi0/7'), informId },
      answer: Buffer.from(`received ${informId}`),
    };
    intake.receive(Buffer.from('30020000', 'hex'), FROM);
  };
  const told = () => rows('event').map(({ fields }) => fields['events']);

  it('that is sent again because its answer was late is one, and answered again', async () => {
    inform('1');
    await clock.advance(5_000);
    inform('1');
    inform('2');
    expect(told()).toEqual([2]);
    await clock.advance(50_000);
    inform('1');
    const { samples, reportDurable } = intake.take();
    reportDurable(true);
    expect(samples.filter(({ measurement }) => measurement === 'event')).toEqual([]);
    expect(answers).toEqual(['received 1']);
  });

  it('with the number of one of long before is another: the device has started anew', async () => {
    inform('1');
    expect(told()).toEqual([1]);
    await clock.advance(61_000);
    inform('1');
    expect(told()).toEqual([1]);
  });

  it('that is sent again because the disk did not take it counts', () => {
    inform('1');
    intake.take().reportDurable(false);
    inform('1');
    expect(told()).toEqual([1]);
  });

  it('of v3 that asks for our engine id is answered at once', () => {
    next = { answer: Buffer.from('engine') };
    intake.receive(Buffer.from('30020000', 'hex'), FROM);
    expect(answers).toEqual(['engine']);
  });
});

describe('what is refused', () => {
  it('is told with its reason: strangers, large datagrams, and what the reader does not believe', () => {
    intake.receive(LINK_DOWN, { address: '192.0.2.1', port: 1 });
    intake.receive(Buffer.alloc(MAX_DATAGRAM_BYTES + 1), FROM);
    next = { problem: 'no SNMP message' };
    intake.receive(Buffer.from('rubbish'), FROM);
    expect(intake.refusals.takeMostFrequent(5)).toEqual([
      '1 × from 192.0.2.1, which is not among the senders',
      '1 × sw-1: more than 8192 bytes',
      '1 × sw-1: no SNMP message',
    ]);
    const [, row] = rows('event_source').map(({ fields }) => fields);
    expect(row).toBeDefined();
  });

  const TOO_MANY = 'too many messages of SNMPv3 engines none of whose messages was authentic';
  const withEngine = (id: number): Buffer => {
    const engine = tlv(0x04, [Buffer.from(`80001f88050102030405${id.toString(16).padStart(4, '0')}`, 'hex')]);
    const parameters = tlv(0x04, [tlv(SEQUENCE, [engine])]);
    return tlv(SEQUENCE, [tlv(0x02, [Buffer.from([3])]), tlv(SEQUENCE, []), parameters]);
  };

  it('are made-up SNMPv3 engines of one sender, and neither its own engine nor another sender suffers', () => {
    next = { notification: { trapOid: COLD_START_OID, varbinds: [] } };
    intake.receive(withEngine(1_000), FROM);
    next = { problem: 'its authentication is wrong' };
    for (let id = 0; id < 20; id++) intake.receive(withEngine(id), FROM);
    intake.receive(withEngine(1_000), FROM);
    expect(intake.refusals.takeMostFrequent(5)).toEqual([
      `17 × sw-1: ${TOO_MANY}`,
      '4 × sw-1: its authentication is wrong',
    ]);
    next = { notification: { trapOid: COLD_START_OID, varbinds: [] } };
    intake.receive(withEngine(1_000), FROM);
    intake.receive(withEngine(2_000), { ...FROM, address: '10.26.1.2' });
    expect(intake.refusals.takeMostFrequent(5)).toEqual([]);
  });

  it('are SNMPv3 engines that are new again and again, each of which would cost milliseconds', async () => {
    next = { notification: { trapOid: COLD_START_OID, varbinds: [] } };
    for (let id = 0; id < 100; id++) intake.receive(withEngine(id), FROM);
    expect(intake.refusals.takeMostFrequent(5)).toEqual([`96 × sw-1: ${TOO_MANY}`]);
    intake.receive(withEngine(0), FROM);
    expect(intake.refusals.takeMostFrequent(5)).toEqual([]);
    await clock.advance(10_000);
    intake.receive(withEngine(200), FROM);
    expect(intake.refusals.takeMostFrequent(5)).toEqual([]);
  });

  /** A trap of v2c with an OID whose numbers are small: what the intake looks at before it is read. */
  const datagramOf = (...arcs: readonly number[]): Buffer => {
    const integer = (value: number): Buffer => tlv(0x02, [Buffer.from([value])]);
    const name = tlv(0x06, [Buffer.from('2b060106030101040100', 'hex')]);
    const trap = tlv(SEQUENCE, [name, tlv(0x06, [Buffer.from([0x2b, ...arcs])])]);
    const pdu = tlv(0xa7, [integer(1), integer(0), integer(0), tlv(SEQUENCE, [trap])]);
    return tlv(SEQUENCE, [integer(1), tlv(0x04, [Buffer.from('c')]), pdu]);
  };
  const LINK_DOWN_DATAGRAM = datagramOf(6, 1, 6, 3, 1, 1, 5, 3);
  const FAN_DATAGRAM = datagramOf(6, 1, 4, 1, 9, 9, 13, 3, 0, 4);
  const FAN_FAILED = '1.3.6.1.4.1.9.9.13.3.0.4';

  it.each([
    ['that says what it is', LINK_DOWN_DATAGRAM, FAN_DATAGRAM, 5_000],
    ['that is encrypted, if it is not the hundredth', withEngine(1), withEngine(1), 280],
  ])('is a flood of a sender, but not the critical trap behind it %s', (_, flood, critical, count) => {
    next = { notification: { trapOid: LINK_DOWN_OID, varbinds: port('Gi0/7') } };
    for (let at = 0; at < count; at++) intake.receive(flood, FROM);
    next = { notification: { trapOid: FAN_FAILED, varbinds: [] } };
    intake.receive(critical, FROM);
    const { samples } = intake.take();
    const events = samples.filter(({ measurement }) => measurement === 'event');
    expect(events.map(({ tags, fields }) => [tags['event'], fields['events']])).toEqual([
      ['link_down', 200],
      ['fan_failed', 1],
    ]);
    expect(samples.find(({ measurement }) => measurement === 'event_source')?.fields).toMatchObject({
      critical_5min: 1,
      suppressed_5min: count - 200,
    });
    const begun = samples.filter(({ measurement }) => measurement === 'event_state');
    expect(begun.map(({ tags }) => tags['event'])).toEqual(['link_down', 'fan_failed']);
  });

  it('is a flood of what says that it is critical, whose reading is bounded', () => {
    let reads = 0;
    next = { problem: 'its authentication is wrong' };
    const forged = new TrapIntake(config(), {
      ...deps(),
      readerOf: () => ({ read: () => (reads++, next) }) as unknown as TrapReader,
    });
    for (let at = 0; at < 5_000; at++) forged.receive(FAN_DATAGRAM, FROM);
    expect(reads).toBe(300);
  });

  it('is a flood, and the other device is heard', () => {
    for (let at = 0; at < 5_000; at++) receive(LINK_DOWN_OID, port('Gi0/7'));
    next = { notification: { trapOid: LINK_UP_OID, varbinds: port('Gi0/1') } };
    intake.receive(LINK_DOWN, { ...FROM, address: '10.26.1.2' });
    const samples = intake.take().samples;
    const events = samples.filter(({ measurement }) => measurement === 'event');
    expect(events.map(({ tags, fields }) => [tags['device'], fields['events']])).toEqual([
      ['sw-1', 200],
      ['sw-2', 1],
    ]);
    const summary = samples.find(
      ({ measurement, tags }) => measurement === 'event_source' && tags['device'] === 'sw-1',
    );
    expect(summary?.fields).toMatchObject({ received: 5_000, suppressed_5min: 4_800 });
  });
});

describe('the collector', () => {
  it('takes traps and informs over the wire with the credentials of each sender', async () => {
    const config = snmpTrapKind.configSchema.parse({
      udp: { address: '127.0.0.1', port: 1 },
      credentials: {
        core: { version: '2c', community: { env: 'WARDWATCH_TEST_TRAPS' } },
        missing: { version: '2c', community: { env: 'WARDWATCH_TEST_MISSING' } },
      },
      senders: [{ device: 'sw-1', address: '127.0.0.1', credentials: 'core' }],
    });
    process.env['WARDWATCH_TEST_TRAPS'] = 'city-traps';
    // Port 0, which a configuration cannot have: the system chooses.
    const anyPort = { ...(config as object), udp: { address: '127.0.0.1', port: 0 } };
    const collector = snmpTrapKind.create(anyPort as typeof config, {
      clock,
      log: silentLogger,
      commonTags: {},
    }) as ReturnType<typeof snmpTrapKind.create> & { readonly port: number };
    try {
      const first = await collector.collect(signal);
      expect(first.errors.map(({ message }) => message)).toEqual([
        'snmp_trap: credentials.missing.community: environment variable WARDWATCH_TEST_MISSING is not set',
      ]);
      const informed = sendNotification(collector.port, {
        version: 2,
        kind: 'inform',
        community: 'city-traps',
        trapOid: LINK_DOWN_OID,
      });
      const found: unknown[] = [];
      await expect
        .poll(
          async () => {
            const { samples, reportDurable } = await collector.collect(signal);
            reportDurable?.(true);
            found.push(...samples.filter(({ measurement }) => measurement === 'event'));
            return found.length;
          },
          { interval: 5 },
        )
        .toBe(1);
      await informed;
    } finally {
      delete process.env['WARDWATCH_TEST_TRAPS'];
      await collector.close();
    }
  });

  it.each([
    [{ senders: [{ device: 'd', address: '10.0.0.1', credentials: 'x' }] }, 'expected one of core'],
    [{ credentials: {} }, 'expected the name of an entry under credentials, where there is none yet'],
    [{ traps: [{ oid: '1.3.6', event: 'Fan' }] }, 'expected a name such as fan_failed'],
    [{ traps: [{ oid: 'linkDown', event: 'fan' }] }, 'expected an OID such as 1.3.6.1.4.1.9.9.13.3.0.4'],
    [
      {
        traps: [
          { oid: '1.3', event: 'a' },
          { oid: '1.3', event: 'b' },
        ],
      },
      'expected an OID of its own',
    ],
  ])('refuses the configuration %j: %s', (config, problem) => {
    const { error } = snmpTrapKind.configSchema.safeParse({
      credentials: { core: { version: '2c', community: { value: 'c' } } },
      senders: [{ device: 'd', address: '10.0.0.1', credentials: 'core' }],
      ...config,
    });
    expect(error?.issues.map(({ message }) => message)).toEqual([problem]);
  });
});
