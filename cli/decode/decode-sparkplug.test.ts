import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { birthPayload, encode, metric } from '../../central/sparkplug/testing/encode.ts';
import { UserError } from '../../runtime/errors.ts';
import { sparkplugDecoder } from './decode-sparkplug.ts';

const NOW = 1_800_000_000_000;
const decode = (bytes: Buffer | string): ReturnType<ReturnType<typeof sparkplugDecoder>> =>
  sparkplugDecoder()(Buffer.from(bytes), NOW);

const celsius = (value: number) =>
  metric('environment/temperature_celsius', 'Float', value, { alias: 3, timestamp: NOW });
const entry = (topic: string, payload: Buffer): object => ({
  topic: `spBv1.0/g/${topic}`,
  payloadBase64: payload.toString('base64'),
});
const SESSION = [
  entry('NBIRTH/n', birthPayload([celsius(21)])),
  entry(
    'NDATA/n',
    encode({ timestamp: NOW, seq: 1, metrics: [celsius(22), metric('Colour', 'String', 'red')] }),
  ),
];

describe('a session', () => {
  it.each([
    ['a list', JSON.stringify(SESSION)],
    ['a message a line', SESSION.map((each) => JSON.stringify(each)).join('\n')],
  ])('is played in order from %s', (_what, text) => {
    const { samples, refusals } = decode(text);
    expect(samples).toMatchObject([
      {
        measurement: 'environment',
        tags: { device: 'g.n', agent: 'spb-g--n' },
        fields: { temperature_celsius: 21 },
      },
      { fields: { temperature_celsius: 22 } },
    ]);
    expect(refusals).toEqual([
      {
        where: 'message 2',
        reason: 'sparkplug-not-in-birth: NDATA g/n: Colour is not in the birth certificate',
      },
    ]);
  });

  it('with a gap says so at the end, and takes what came', () => {
    const late = entry('NDATA/n', encode({ timestamp: NOW, seq: 3, metrics: [celsius(23)] }));
    const { samples, refusals } = decode(JSON.stringify([SESSION[0], late]));
    expect(samples).toHaveLength(2);
    expect(refusals).toEqual([
      { where: 'after the last message', reason: '2 messages before it are missing' },
    ]);
  });

  it('has values that the catalogue refuses named', () => {
    const { samples, refusals } = decode(JSON.stringify([entry('NBIRTH/n', birthPayload([celsius(5_000)]))]));
    expect(samples).toEqual([]);
    expect(refusals[0]).toMatchObject({
      where: 'message 1',
      reason: expect.stringMatching(/^out-of-range/) as string,
    });
  });

  const file = new URL('../../../shared/data/ingest/sparkplug-b.json', import.meta.url);
  it.skipIf(!existsSync(file))(
    "of the specification's examples is understood to the end (needs ../shared/data)",
    () => {
      const { samples, refusals } = decode(readFileSync(file));
      expect(samples).toMatchObject([{ measurement: 'device', fields: { up: true } }]);
      expect(refusals.map(({ where, reason }) => `${where} ${/^[a-z-]+/.exec(reason)?.[0] ?? ''}`)).toEqual([
        'message 1 sparkplug-unmapped',
        'message 2 sparkplug-unmapped',
        'message 3 sparkplug-unmapped',
        'message 4 sparkplug-out-of-order',
        'message 5 sparkplug-bad-topic',
      ]);
      expect(refusals[0]?.reason).toContain('Supply Voltage (Float 12.1)');
    },
  );
});

describe('a raw payload', () => {
  it('is read as a birth', () => {
    expect(decode(birthPayload([celsius(21)])).samples).toMatchObject([
      { fields: { temperature_celsius: 21 } },
    ]);
  });

  it.each([['rubbish'], ['\u0000\u0001'], ['']])('that is %j is refused', (text) => {
    const { samples, refusals } = decode(text);
    expect(samples).toEqual([]);
    expect(refusals).toMatchObject([{ where: 'the payload, read as a birth' }]);
  });
});

it.each([
  ['{"topic": 5}', 'entry 1', /topic: .*payloadBase64: /],
  ['[{"topic": "a", "payloadBase64": "!"}]', 'entry 1', /payloadBase64/],
  ['{"topic"\n', 'line 1', /JSON/],
  ['[{"topic": "spBv1.0/x", "payloadBase64": ""}]', 'message 1', /sparkplug-bad-topic/],
])('%j is refused by name', (text, where, reason) => {
  expect(decode(text).refusals).toMatchObject([{ where, reason: expect.stringMatching(reason) as string }]);
});

describe("with central's configuration", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'wardwatch-decode-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const withConfig = (sparkplug: object) => {
    const file = join(directory, 'central.yaml');
    writeFileSync(file, JSON.stringify({ dataDirectory: directory, sparkplug }));
    return sparkplugDecoder(file)(birthPayload([metric('T', 'Int16', 215, { timestamp: NOW })]), NOW);
  };

  it('its mapping is used', () => {
    const mapped = { name: 'T', measurement: 'environment', field: 'temperature_celsius', scale: 0.1 };
    const { samples, refusals } = withConfig({
      devices: [{ tags: { device: 'room-1' }, metrics: [mapped] }],
    });
    expect(samples).toMatchObject([{ tags: { device: 'room-1' }, fields: { temperature_celsius: 21.5 } }]);
    expect(refusals).toEqual([]);
  });

  it('its mistakes are named', () => {
    expect(() =>
      withConfig({ devices: [{ metrics: [{ name: 'T', measurement: 'x', field: 'y' }] }] }),
    ).toThrow(UserError);
  });
});
