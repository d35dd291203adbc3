import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../contract/measurements/index.ts';
import { convert, type Conversion } from './convert.ts';
import type { MessageMapping } from './mapping.ts';
import { MAPPINGS } from './mappings/index.ts';
import { MAX_PAYLOAD_BYTES, parsePayload } from './payload.ts';
import { prepare, readMessage } from './read-message.ts';

const NOW_MS = Date.parse('2026-11-24T08:00:00Z');

const read = (mapping: Pick<MessageMapping, 'fields' | 'time'>, payload: string | Buffer) => {
  const parsed = parsePayload(Buffer.from(payload));
  return 'problem' in parsed ? parsed : readMessage(prepare(mapping), parsed.message, NOW_MS);
};
const by = (name: string, topic: string) => {
  const mapping = MAPPINGS[name]?.find((candidate) => candidate.topic === topic);
  if (mapping === undefined) throw new Error(`no mapping ${name} ${topic}`);
  return mapping;
};

describe('ready mappings', () => {
  it.each([
    [
      'zigbee2mqtt',
      'zigbee2mqtt/{device}',
      '{"battery":91,"humidity":54.3,"linkquality":120,"temperature":26.41,"voltage":3000,"pressure":1008}',
      { battery_pct: 91, humidity_pct: 54.3, lqi: 120, temperature_celsius: 26.41 },
    ],
    [
      'zigbee2mqtt',
      'zigbee2mqtt/{device}',
      '{"contact":false,"battery_low":false}',
      { door_open: true, battery_low: false },
    ],
    ['zigbee2mqtt', 'zigbee2mqtt/{device}', '{"contact":true}', { door_open: false }],
    ['zigbee2mqtt', 'zigbee2mqtt/{device}', '{"water_leak":true,"battery":null}', { water_leak: true }],
    [
      'shelly',
      '{device}/status/temperature:0',
      '{"id":0,"tC":22.4,"tF":72.3}',
      { temperature_celsius: 22.4 },
    ],
    ['shelly', '{device}/status/humidity:0', '{"id":0,"rh":51.2}', { humidity_pct: 51.2 }],
    [
      'shelly',
      '{device}/status/flood:0',
      '{"id":0,"alarm":true,"mute":false,"errors":[]}',
      { water_leak: true },
    ],
    [
      'shelly',
      '{device}/status/devicepower:0',
      '{"id":0,"battery":{"V":5.3,"percent":90}}',
      { battery_pct: 90 },
    ],
    ['shelly', 'shellies/{device}/sensor/state', 'close', { door_open: false }],
    ['shelly', 'shellies/{device}/sensor/temperature', '21.75', { temperature_celsius: 21.75 }],
    ['esphome', '{device}/binary_sensor/door/state', 'ON', { door_open: true }],
    ['esphome', '{device}/sensor/humidity/state', '61.0', { humidity_pct: 61 }],
    [
      'things_stack',
      'v3/+/devices/{device}/up',
      '{"received_at":"2026-11-24T07:59:58.123456789Z","uplink_message":{"decoded_payload":{"temperature":31.5},"rx_metadata":[{"rssi":-97}]}}',
      { temperature_celsius: 31.5, rssi_dbm: -97 },
    ],
    [
      'chirpstack',
      'application/+/device/{device}/event/up',
      '{"time":"2026-11-24T14:59:00+07:00","object":{"water_level_m":1.42},"rxInfo":[{"rssi":-101}]}',
      { water_level_m: 1.42, rssi_dbm: -101 },
    ],
    [
      'generic',
      'sensors/{device}',
      '{"dew_point":14.2,"door":"open","smoke":0}',
      { dew_point_celsius: 14.2, door_open: true, smoke: false },
    ],
  ])('%s, %s: %s', (name, topic, payload, fields) => {
    expect(read(by(name, topic), payload)).toMatchObject({
      readings: [{ sensor: undefined, fields }],
      problems: [],
    });
  });

  it('tasmota: each chip is a sensor, in Celsius whatever its unit', () => {
    const payload =
      '{"Time":"2026-11-24T15:00:00","DS18B20-1":{"Id":"01","Temperature":71.6},"AM2301":{"Temperature":77,"Humidity":51,"DewPoint":57.2},"TempUnit":"F"}';
    expect(read(by('tasmota', 'tele/{device}/SENSOR'), payload)).toMatchObject({
      readings: [
        { sensor: 'DS18B20-1', fields: { temperature_celsius: 22 } },
        { sensor: 'AM2301', fields: { temperature_celsius: 25, humidity_pct: 51, dew_point_celsius: 14 } },
      ],
      problems: [],
    });
  });

  it('take the time that a message tells', () => {
    const payload = '{"time":"2026-11-24T14:59:00+07:00","object":{"temp":20}}';
    expect(read(by('chirpstack', 'application/+/device/{device}/event/up'), payload)).toMatchObject({
      timeMs: Date.parse('2026-11-24T07:59:00Z'),
    });
  });

  it.each([
    ['2026-11-24T14:59:00+07:00', '2026-11-24T07:59:00Z'],
    ['2026-11-24T07:59:00.000Z', '2026-11-24T07:59:00Z'],
    [Date.parse('2026-11-20T08:00:00Z'), '2026-11-20T08:00:00Z'],
    [undefined, undefined],
    [null, undefined],
  ])('zigbee2mqtt: last seen %s is the time', (last_seen, expected) => {
    const payload = JSON.stringify({ water_leak: true, last_seen });
    expect(read(by('zigbee2mqtt', 'zigbee2mqtt/{device}'), payload)).toMatchObject({
      readings: [{ fields: { water_leak: true } }],
      timeMs: expected === undefined ? undefined : Date.parse(expected),
    });
  });

  it.each(['yesterday', '2026-11-24T07:59:00', -1, {}, '2026-10-01T00:00:00Z'])(
    'zigbee2mqtt: last seen %j refuses the message',
    (last_seen) => {
      const payload = JSON.stringify({ water_leak: true, last_seen });
      const outcome = read(by('zigbee2mqtt', 'zigbee2mqtt/{device}'), payload);
      expect(outcome).toMatchObject({ readings: [], problems: [expect.stringContaining('its time is')] });
    },
  );

  it('have fields of the catalogue only', () => {
    const fields = Object.values(MAPPINGS).flatMap((mappings) =>
      mappings.flatMap((mapping) => mapping.fields),
    );
    const unknown = fields.filter(({ field }) => CATALOGUE.get('environment')?.fields[field] === undefined);
    expect(unknown).toEqual([]);
  });
});

describe('what a sensor says', () => {
  const field = (name: string) => CATALOGUE.get('environment')?.fields[name] ?? expect.fail(name);

  it.each<[string, unknown, Conversion, unknown]>([
    ['temperature_celsius', 235, { scale: 0.1 }, 23.5],
    ['temperature_celsius', '23.5', { offset: -0.5 }, 23],
    ['temperature_celsius', 3, { scale: 0.1 }, 0.3],
    ['temperature_celsius', 'NaN', {}, undefined],
    ['temperature_celsius', 'Infinity', {}, undefined],
    ['temperature_celsius', '1e999', {}, undefined],
    ['temperature_celsius', '0x10', {}, undefined],
    ['temperature_celsius', '', {}, undefined],
    ['temperature_celsius', true, {}, undefined],
    ['temperature_celsius', [1], {}, undefined],
    ['temperature_celsius', { a: 1 }, {}, undefined],
    ['water_level_m', 'high', { values: { low: 0.5, high: 1.6 } }, 1.6],
    ['door_open', 'Open', {}, true],
    ['door_open', 'closed', { invert: true }, true],
    ['door_open', 1, {}, true],
    ['door_open', 2, { values: { 1: false, 2: true } }, true],
    ['door_open', 3, { values: { 1: false, 2: true } }, undefined],
    ['door_open', 'ajar', {}, undefined],
    ['door_open', 'x'.repeat(1_000), {}, undefined],
  ])('%s %j with %j is %j', (name, said, how, value) => {
    expect(convert(said, field(name), how)).toBe(value);
  });

  it('is refused alone if it is invalid', () => {
    const mapping = by('generic', 'sensors/{device}');
    expect(read(mapping, '{"temperature":"NaN","humidity":250,"door":"ajar","smoke":false}')).toMatchObject({
      readings: [{ fields: { smoke: false } }],
      problems: [
        'temperature_celsius is "NaN"',
        'door_open is "ajar"',
        'environment.humidity_pct 250 is out of range',
      ],
    });
  });

  it.each([
    ['"2026-11-24T08:00:00"', 'its time is no ISO 8601 time with a zone'],
    ['"2026-11-24T09:00:00Z"', 'its time is more than 5 min in the future'],
    ['"2020-11-24T09:00:00Z"', 'its time is more than 7 days ago'],
    ['{"deep":[]}', 'its time is no ISO 8601 time with a zone'],
  ])('at the time %s is not believed', (time, problem) => {
    const mapping = {
      fields: [{ field: 'smoke', path: '/smoke' }],
      time: { path: '/t', format: 'iso' as const },
    };
    expect(read(mapping, `{"smoke":true,"t":${time}}`)).toMatchObject({ readings: [], problems: [problem] });
  });

  it.each<[string, string | Buffer, string]>([
    ['invalid UTF-8', Buffer.from([0x7b, 0xff, 0xfe]), 'not UTF-8'],
    ['half of a JSON', '{"temperature":', 'incomplete JSON'],
    ['NaN in a JSON', '{"temperature":NaN}', 'incomplete JSON'],
    ['a huge payload', ' '.repeat(MAX_PAYLOAD_BYTES + 1), `more than ${MAX_PAYLOAD_BYTES} bytes`],
  ])('%s is refused', (_what, payload, problem) => {
    expect(read(by('generic', 'sensors/{device}'), payload)).toEqual({ problem });
  });

  it.each([
    '[]',
    '"text"',
    '12',
    'null',
    'word',
    '',
    `${'['.repeat(30_000)}${']'.repeat(30_000)}`,
    '{"__proto__":{"smoke":true}}',
  ])('of another kind says nothing', (payload) => {
    expect(read(by('generic', 'sensors/{device}'), payload)).toEqual({
      readings: [],
      timeMs: undefined,
      problems: [],
    });
  });
});

it('whatever arrives on a topic, each reading is one that the catalogue takes', () => {
  const fields = CATALOGUE.get('environment')?.fields ?? {};
  const good =
    '{"battery":91,"humidity":54.3,"temperature":26.41,"smoke":true,"last_seen":"2026-11-24T07:59:00Z"}';
  const payload = fc.oneof(
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    fc.json().map((text) => Buffer.from(text)),
    fc
      .tuple(fc.constantFrom('91', '54.3', '26.41', 'true', '"2026-11-24T07:59:00Z"'), fc.json())
      .map(([value, other]) => Buffer.from(good.replace(value, other))),
    fc.nat(good.length).map((length) => Buffer.from(good.slice(0, length))),
  );
  const mappings = Object.values(MAPPINGS).flat();
  fc.assert(
    fc.property(fc.constantFrom(...mappings), payload, (mapping, bytes) => {
      const found = read(mapping, bytes);
      if ('problem' in found) return;
      for (const { fields: values } of found.readings)
        for (const [name, value] of Object.entries(values)) {
          const { min = -Infinity, max = Infinity } = fields[name] ?? {};
          if (typeof value === 'number') expect([name, value >= min && value <= max]).toEqual([name, true]);
        }
    }),
  );
});
