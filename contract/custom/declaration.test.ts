import { describe, expect, it } from 'vitest';
import { contradiction } from './contradiction.ts';
import { declarationSchema, declarationsSchema, type Declaration } from './declaration.ts';
import { declaredIn } from './declared-in-config.ts';
import { definitionOf } from './definition.ts';

const AIR = {
  measurement: 'custom_air',
  meaning: { en: 'air of a room', vi: 'không khí' },
  tags: { sensor: { required: true } },
  fields: {
    co2_ppm: { type: 'float', unit: '[ppm]', min: 0, max: 5_000 },
    filter_ok: { type: 'bool', meaning: 'the filter is good' },
  },
};

const air = (more: object = {}): Declaration => declarationSchema.parse({ ...AIR, ...more });

function problemsOf(declaration: unknown): readonly string[] {
  const { error } = declarationsSchema.safeParse([declaration]);
  return (error?.issues ?? []).map(({ path, message }) => `${path.slice(1).join('.')}: ${message}`);
}

describe('a declaration', () => {
  it('becomes a measurement as the catalogue has them, with the tags that all have', () => {
    expect(definitionOf(air())).toMatchObject({
      name: 'custom_air',
      origin: 'agent',
      meaning: { en: 'air of a room', vi: 'không khí' },
      requiredTags: ['sensor'],
      fields: {
        co2_ppm: {
          type: 'float',
          unit: '[ppm]',
          min: 0,
          max: 5_000,
          meaning: { en: 'co2 ppm', vi: 'co2 ppm' },
        },
        filter_ok: {
          type: 'bool',
          unit: '',
          meaning: { en: 'the filter is good', vi: 'the filter is good' },
        },
      },
    });
    expect(Object.keys(definitionOf(air()).tags)).toEqual([
      'host',
      'site',
      'unit',
      'device',
      'agent',
      'sensor',
    ]);
  });

  it.each([
    [
      'a name of the catalogue',
      { ...AIR, measurement: 'cpu' },
      'measurement: expected a name that begins with custom_',
    ],
    [
      'a field without a unit',
      { ...AIR, fields: { a: { type: 'float', min: 0 } } },
      /^fields\.a\.unit: .*expected string/,
    ],
    [
      'a number without a range',
      { ...AIR, fields: { a: { type: 'int', unit: '1' } } },
      /^fields\.a\.min: expected a range: min, max or both/,
    ],
    [
      'an empty range',
      { ...AIR, fields: { a: { type: 'int', unit: '1', min: 2, max: 1 } } },
      /^fields\.a\.max: expected a number not below min/,
    ],
    [
      'a range of a flag',
      { ...AIR, fields: { a: { type: 'bool', min: 0 } } },
      'fields.a: Unrecognized key: "min"',
    ],
    [
      'another type',
      { ...AIR, fields: { a: { type: 'number' } } },
      /^fields\.a\.type: expected type: one of float, int, bool, string/,
    ],
    ['no field', { ...AIR, fields: {} }, /^fields: expected at least one field/],
    [
      'a field that is a tag',
      { ...AIR, fields: { sensor: { type: 'bool' } } },
      /^fields\.sensor: expected another name: a tag has it/,
    ],
    [
      'a tag that all have',
      { ...AIR, tags: { device: {} } },
      /^tags\.device: expected another name: every measurement has it/,
    ],
    [
      'a column of the store',
      { ...AIR, fields: { time_ms: { type: 'bool' } } },
      /^fields\.time_ms: .*expected another name: the store has a column of this one/,
    ],
    [
      'a name in capitals',
      { ...AIR, fields: { CO2: { type: 'bool' } } },
      /^fields\.CO2: .*expected a-z, digits and single _/,
    ],
    ['a typo', { ...AIR, feilds: {} }, ': Unrecognized key: "feilds"'],
  ])('with %s is refused', (_what, declaration, expected) => {
    const problems = problemsOf(declaration);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected));
  });

  it.each([null, 7, 'custom', [], { measurement: 'custom_a', fields: { ['__proto__']: 1 } }, { fields: [] }])(
    'that is rubbish is refused: %j',
    (rubbish) => {
      expect(problemsOf(rubbish)).not.toEqual([]);
    },
  );

  it('is bounded', () => {
    const flags = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`a${at}`, { type: 'bool' }]));
    expect(problemsOf({ ...AIR, fields: flags(33) })).toEqual([
      expect.stringContaining('expected at most 32 fields'),
    ]);
    const tags = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`t${at}`, {}]));
    expect(problemsOf({ ...AIR, tags })).toEqual([expect.stringContaining('expected at most 8 tags')]);
  });
});

describe('two declarations of one name', () => {
  it('may stand beside each other where they differ in what they say it means', () => {
    expect(contradiction(air(), air({ meaning: 'air' }))).toBeUndefined();
  });

  it.each([
    [{ tags: {} }, 'tag sensor is required there, missing here'],
    [
      { fields: { ...AIR.fields, filter_ok: { type: 'string' } } },
      'field filter_ok is bool there, string here',
    ],
    [
      { fields: { ...AIR.fields, co2_ppm: { ...AIR.fields.co2_ppm, max: 9_000 } } },
      'field co2_ppm is float in [ppm] from 0 to 5000 there, float in [ppm] from 0 to 9000 here',
    ],
    [{ fields: { ...AIR.fields, dust: { type: 'bool' } } }, 'field dust is missing there, bool here'],
  ])('contradict where %j', (change, expected) => {
    expect(contradiction(air(), air(change))).toBe(expected);
  });
});

it('a pushed config declares what its collectors and their profiles do', () => {
  const dust = { measurement: 'custom_dust', fields: { alarm: { type: 'bool' } } };
  const collectors = [
    { kind: 'telegraf', custom: [AIR] },
    { kind: 'snmp', profiles: [{ profile: 'a', custom: [dust, { measurement: 'cpu' }] }, 'rubbish'] },
    { kind: 'ping', custom: 'rubbish', profiles: 7 },
  ];
  expect(declaredIn({ collectors }).map(({ measurement }) => measurement)).toEqual([
    'custom_air',
    'custom_dust',
  ]);
});
