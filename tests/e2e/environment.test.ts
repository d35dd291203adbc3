import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Sample } from '../../contract/sample.ts';
import type { Collector } from '../../edge/collectors/collector.ts';
import { environmentKind } from '../../edge/collectors/environment/environment.ts';
import { MAX_WAITING_SAMPLES } from '../../edge/collectors/pushed-samples.ts';
import { systemClock } from '../../runtime/clock.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { freePort } from '../support/free-port.ts';
import { startMosquitto, type MosquittoServer } from '../support/mosquitto.ts';
import { describeWith, requirePart } from '../support/parts.ts';
import { ServerProcess, temporaryDirectory, type TemporaryDirectory } from '../support/server-process.ts';
import { throughCentral } from '../support/through-central.ts';
import { Wardwatch } from '../support/wardwatch.ts';

let scratch: TemporaryDirectory;
let collector: Collector | undefined;
beforeEach(() => {
  scratch = temporaryDirectory('environment');
});
afterEach(async () => {
  await collector?.close();
  collector = undefined;
  scratch.remove();
});

const COMMON: Sample['tags'] = { host: 'gw-1', site: 's-1', unit: '26734' };
const ownTags = (tags: Sample['tags']) =>
  Object.fromEntries(Object.entries(tags).filter(([tag]) => COMMON[tag] === undefined));
const signal = new AbortController().signal;
const start = (config: object, identity = 'wardwatch-gw-1-environment'): Collector => {
  collector = environmentKind.create(environmentKind.configSchema.parse(config), {
    clock: systemClock,
    log: silentLogger,
    commonTags: COMMON,
    identity,
  });
  return collector;
};

describeWith(['mosquitto'], 'sensors over MQTT', () => {
  let mosquitto: MosquittoServer;
  let speaker: MqttClient;
  beforeEach(async () => {
    mosquitto = await startMosquitto({ settings: ['max_packet_size 1048576', 'max_queued_messages 50000'] });
    speaker = await connectAsync(mosquitto.url, { protocolVersion: 4 });
    speaker.on('error', () => undefined);
    return async () => {
      speaker.end(true);
      await mosquitto.stop();
    };
  });
  const say = (topic: string, payload: object | string | Buffer, retain = false) =>
    speaker.publishAsync(
      topic,
      typeof payload === 'object' && !Buffer.isBuffer(payload) ? JSON.stringify(payload) : payload,
      { qos: 1, retain },
    );

  /** Runs the collector as the agent does, and keeps all, until what it gave is enough. */
  async function collectUntil(
    of: Collector,
    isEnough: (samples: readonly Sample[], errors: readonly string[]) => boolean,
  ) {
    const samples: Sample[] = [];
    const errors: string[] = [];
    await expect
      .poll(
        async () => {
          const collected = await of.collect(signal);
          collected.reportDurable?.(true);
          samples.push(...collected.samples);
          errors.push(...collected.errors.map(({ message }) => message));
          return isEnough(samples, errors);
        },
        { timeout: 30_000 },
      )
      .toBe(true);
    return { samples, errors };
  }
  /** A message that is asked for until it comes: from then on the collector listens. */
  async function untilListening(of: Collector): Promise<void> {
    await collectUntil(of, (samples) => {
      void say('zigbee2mqtt/hello', { smoke: false });
      return samples.some(({ tags }) => tags['device'] === 'hello');
    });
  }
  const without = (samples: readonly Sample[]) => samples.filter(({ tags }) => tags['device'] !== 'hello');

  const config = () => ({
    mqtt: {
      broker: { url: mosquitto.url },
      sensors: [
        { mapping: 'zigbee2mqtt', names: { '0x00158d0001': 'leak-26734-01' } },
        { mapping: 'tasmota', location: 'rack-1' },
        { mapping: 'shelly' },
        {
          topic: 'tide/{device}',
          fields: { water_level_m: { path: '/level/cm', scale: 0.01 } },
          time: { path: '/at', format: 's' },
        },
      ],
    },
  });

  it('that a bridge says again from its cache are neither news nor a sign of life', async () => {
    const of = start(config());
    await untilListening(of);
    const at = (ageMs: number): string => new Date(Date.now() - ageMs).toISOString();
    await say('zigbee2mqtt/leak-kho-01', { water_leak: true, battery: 41, last_seen: at(5 * 86_400_000) });
    await say('zigbee2mqtt/door-2', { contact: false, last_seen: at(60_000) });
    const { samples, errors } = await collectUntil(
      of,
      (all, problems) =>
        all.some(({ tags }) => tags['device'] === 'door-2') && problems.some((text) => text.includes('leak')),
    );
    const [door, ...more] = without(samples);
    expect(more.every(({ tags }) => tags['device'] === 'door-2')).toBe(true);
    expect(Math.abs(Date.now() - 60_000 - (door?.timeMs ?? 0))).toBeLessThan(30_000);
    expect([...new Set(errors)]).toEqual([
      expect.stringMatching(/^environment: leak-kho-01 is silent for 5 d/),
    ]);
  });

  it('become samples that central takes, in the words of the inventory', async () => {
    const of = start(config());
    await untilListening(of);
    const atS = Math.floor(Date.now() / 1_000) - 30;
    await say('zigbee2mqtt/0x00158d0001', { water_leak: true, battery: 87, linkquality: 91 });
    await say('zigbee2mqtt/door-1', { contact: false });
    await say('tele/cooler/SENSOR', {
      Time: '2026-11-24T15:00:00',
      AM2301: { Temperature: 24.5, Humidity: 51 },
      TempUnit: 'C',
    });
    await say('shellyplusht-1/status/temperature:0', { id: 0, tC: 22.4, tF: 72.3 });
    await say('tide/phu-an', { level: { cm: 142 }, at: atS });
    const { samples, errors } = await collectUntil(of, (all) => without(all).length >= 5);
    expect(errors).toEqual([]);
    const rows = without(samples).map(({ tags, fields }) => ({ own: ownTags(tags), fields }));
    expect(rows).toEqual([
      { own: { device: 'leak-26734-01' }, fields: { water_leak: true, battery_pct: 87, lqi: 91 } },
      { own: { device: 'door-1' }, fields: { door_open: true } },
      {
        own: { device: 'cooler', sensor: 'AM2301', location: 'rack-1' },
        fields: { temperature_celsius: 24.5, humidity_pct: 51 },
      },
      { own: { device: 'shellyplusht-1' }, fields: { temperature_celsius: 22.4 } },
      { own: { device: 'phu-an' }, fields: { water_level_m: 1.42 } },
    ]);
    expect(samples.find(({ tags }) => tags['device'] === 'phu-an')?.timeMs).toBe(atS * 1_000);
    expect(throughCentral(samples)).toEqual({ points: samples.length, refusals: [] });
  });

  it('that say rubbish cost themselves, and the others go on', async () => {
    const of = start(config());
    await untilListening(of);
    await say('zigbee2mqtt/huge', Buffer.alloc(500_000, 'x'));
    await say('zigbee2mqtt/bytes', Buffer.from([0x7b, 0xff, 0x00]));
    await say('zigbee2mqtt/deep', '['.repeat(30_000));
    await say('zigbee2mqtt/deeper', `${'[{"smoke":'.repeat(3_000)}1${'}]'.repeat(3_000)}`);
    await say('zigbee2mqtt/list', '[{"smoke":true}]');
    await say('zigbee2mqtt/words', { temperature: 'NaN', humidity: 'wet', smoke: { a: 1 } });
    await say('zigbee2mqtt/hot', { temperature: 1e300 });
    await say(`zigbee2mqtt/${'n'.repeat(80)}`, { smoke: true });
    await say('tide/old', { level: { cm: 100 }, at: 12 });
    await say('zigbee2mqtt/empty', '');
    await say('zigbee2mqtt/good', { smoke: true });
    const { samples, errors } = await collectUntil(of, (all) =>
      all.some(({ tags }) => tags['device'] === 'good'),
    );
    expect(without(samples).map(({ tags }) => tags['device'])).toEqual(['good']);
    expect(errors.sort()).toEqual([
      'environment: 1 × a message on zigbee2mqtt/bytes is not UTF-8',
      'environment: 1 × a message on zigbee2mqtt/deep is incomplete JSON',
      'environment: 1 × a message on zigbee2mqtt/huge is more than 65536 bytes',
      'environment: 1 × a name of more than 64 characters, or with control characters',
      'environment: 1 × hot: environment.temperature_celsius 1e+300 is out of range',
      'environment: 1 × old: its time is more than 7 days ago',
      'environment: 1 × words: humidity_pct is "wet"',
      'environment: 1 × words: smoke is {"a":1}',
      'environment: 1 × words: temperature_celsius is "NaN"',
    ]);
  });

  it('that flood the broker fill no memory, and lose nothing that it holds', async () => {
    const of = start(config());
    await untilListening(of);
    const count = 2 * MAX_WAITING_SAMPLES;
    const sent = Array.from({ length: count }, (_unused, at) =>
      say('zigbee2mqtt/flood', { temperature: 20 + (at % 10), battery: 50 }),
    );
    await Promise.all(sent);
    let taken = 0;
    let largest = 0;
    await expect
      .poll(
        async () => {
          const { samples, reportDurable } = await of.collect(signal);
          reportDurable?.(true);
          taken += without(samples).length;
          largest = Math.max(largest, samples.length);
          return taken;
        },
        { timeout: 90_000, interval: 10 },
      )
      .toBe(count);
    expect(largest).toBeLessThanOrEqual(MAX_WAITING_SAMPLES);
  });

  it('that the broker only remembers are not news', async () => {
    await say('zigbee2mqtt/old', { temperature: 25 }, true);
    await say('tide/phu-an', { level: { cm: 150 }, at: Math.floor(Date.now() / 1_000) }, true);
    const of = start(config());
    const { samples } = await collectUntil(of, (all) => all.length > 0);
    expect(samples.map(({ tags }) => tags['device'])).toEqual(['phu-an']);
  });

  it('that fall silent are named, and a broker that is away is not their silence', async () => {
    const { mqtt } = config();
    const of = start({ mqtt: { ...mqtt, silentAfterMs: 1_000 } });
    const { errors } = await collectUntil(of, (_samples, all) => all.length > 0);
    expect(errors[0]).toMatch(/^environment: leak-26734-01 is silent for \d+ s, at most 1 s are expected$/);
    await mosquitto.kill('SIGKILL');
    const later = await collectUntil(of, (_samples, all) =>
      all.some((error) => error.includes('mqtt 127.0.0.1')),
    );
    expect(later.errors.at(-1)).toMatch(
      /^environment: mqtt 127\.0\.0\.1:\d+: (connection closed|connection refused)$/,
    );
  });

  it('are shown by --once, which says in words when there was nothing to hear', async () => {
    const file = join(scratch.path, 'edge.yaml');
    const { mqtt } = config();
    writeFileSync(
      file,
      JSON.stringify({
        agent: 'gw-1',
        dataDirectory: join(scratch.path, 'data'),
        broker: { url: `mqtt://127.0.0.1:${await freePort()}` },
        collectors: [{ kind: 'environment', mqtt, timeoutMs: 3_000 }],
      }),
    );
    const once = () => new Wardwatch(['edge', '--config', file, '--once', '--print', 'line-protocol']).end();
    const silent = await once();
    expect(silent.code).toBe(1);
    expect(silent.stderr).toMatch(
      /environment: nothing came within 3 s: mqtt 127\.0\.0\.1:\d+: 0 messages received/,
    );
    await say('zigbee2mqtt/rack', { temperature: 24 }, true);
    const heard = await once();
    expect(heard.stdout).toMatch(/^environment,.*device=rack.* temperature_celsius=24/);
    expect(heard).toMatchObject({ code: 0, stderr: '' });
  });
});

describeWith(['snmpd'], 'sensors of a real SNMP agent', () => {
  it('are read by OID', async () => {
    const port = await freePort();
    const own = '1.3.6.1.4.1.99999.1';
    const configFile = join(scratch.path, 'snmpd.conf');
    writeFileSync(
      configFile,
      [
        'rocommunity sensors 127.0.0.1',
        `override ${own}.1.0 integer 253`,
        `override ${own}.2.0 octet_str "48.5"`,
        `override ${own}.3.0 integer 2`,
        '',
      ].join('\n'),
      { mode: 0o600 },
    );
    const config = {
      snmp: {
        credentials: { lan: { version: '2c', community: { value: 'sensors' } } },
        everyMs: 5_000,
        replyTimeoutMs: 500,
        devices: [
          {
            device: 'probe-1',
            address: '127.0.0.1',
            port,
            credentials: 'lan',
            sensors: [
              { oid: `${own}.1.0`, field: 'temperature_celsius', scale: 0.1 },
              { oid: `${own}.2.0`, field: 'humidity_pct' },
              { oid: `${own}.3.0`, field: 'door_open', values: { 1: false, 2: true } },
              { oid: `${own}.9.0`, field: 'smoke' },
            ],
          },
        ],
      },
    };
    const agent = new ServerProcess({
      program: requirePart('snmpd'),
      args: ['-f', '-Lo', '-C', '-c', configFile, '-p', join(scratch.path, 'pid'), `udp:127.0.0.1:${port}`],
      env: { ...process.env, SNMP_PERSISTENT_DIR: scratch.path },
      isReady: async () => true,
    });
    await agent.start();
    try {
      const of = start(config);
      const samples: Sample[] = [];
      let errors: readonly Error[] = [];
      await expect
        .poll(
          async () => {
            const collected = await of.collect(signal);
            samples.push(...collected.samples);
            ({ errors } = collected);
            return samples.length;
          },
          { timeout: 30_000 },
        )
        .toBeGreaterThan(0);
      expect(samples[0]).toMatchObject({
        tags: { device: 'probe-1', unit: '26734' },
        fields: { temperature_celsius: 25.3, humidity_pct: 48.5, door_open: true },
      });
      expect((await of.collect(signal)).errors.map(({ message }) => message)).toEqual([
        `environment probe-1 (127.0.0.1): smoke (${own}.9.0) is missing`,
      ]);
      expect(errors.length).toBeLessThanOrEqual(1);
      expect(throughCentral(samples).refusals).toEqual([]);
    } finally {
      await agent.dispose();
    }
  });
});
