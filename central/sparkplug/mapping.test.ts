import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { checkConfig } from '../../runtime/config.ts';
import { UserError } from '../../runtime/errors.ts';
import { EMPTY_INVENTORY, type Inventory } from '../inventory/inventory.ts';
import { sparkplugConfigSchema } from './config.ts';
import { convert, Mapping, type Target } from './mapping.ts';

const NODE = { group: 'power', node: 'n1' };

function mapping(devices: readonly object[], inventory: Inventory = EMPTY_INVENTORY): Mapping {
  return new Mapping(sparkplugConfigSchema.parse({ devices }), CATALOGUE, inventory);
}

describe('a metric', () => {
  it('that reads measurement/field of the catalogue needs no mapping', () => {
    expect(mapping([]).target(NODE, 'room', 'environment/temperature_celsius')).toMatchObject({
      measurement: 'environment',
      field: 'temperature_celsius',
      type: 'float',
      tags: { device: 'power.n1.room' },
    });
  });

  it.each([
    'environment/colour',
    'environment',
    'colour/environment',
    'environment/constructor',
    'constructor/name',
    'a/environment/smoke',
    'ingest_batch/seq',
  ])('%s means nothing by itself', (name) =>
    expect(mapping([]).target(NODE, undefined, name)).toBeUndefined(),
  );

  it('goes where the first fitting entry that has it says', () => {
    const made = mapping([
      {
        group: 'other',
        device: '*',
        metrics: [{ name: 'V', measurement: 'power', field: 'battery_voltage_v' }],
      },
      {
        group: 'pow*',
        device: 'ups*',
        tags: { device: 'ups-1' },
        metrics: [{ name: 'Load', measurement: 'power', field: 'load_pct' }],
      },
      {
        device: '*',
        metrics: [
          { name: '*/V', measurement: 'power', field: 'input_voltage_v', scale: 0.1, tags: { line: 'l1' } },
        ],
      },
    ]);
    expect(made.target(NODE, 'ups 7', 'Load')).toMatchObject({
      field: 'load_pct',
      tags: { device: 'ups-1' },
    });
    expect(made.target(NODE, 'ups 7', 'In/V')).toMatchObject({
      field: 'input_voltage_v',
      scale: 0.1,
      tags: { line: 'l1' },
    });
    expect(made.target(NODE, undefined, 'Load')).toBeUndefined();
    expect(made.target(NODE, 'ups 7', 'V')).toBeUndefined();
  });

  it('carries the place of its device, or else of its node', () => {
    const place = { site: 's-1', unit: '26734' };
    const inventory = {
      ...EMPTY_INVENTORY,
      agents: new Map([
        ['spb-power--n1', { id: 'spb-power--n1', kind: 'gateway' as const, site: 's-2', unit: '26737' }],
      ]),
      devices: new Map([['ups-1', { id: 'ups-1', kind: 'ups' as const, agent: 'spb-power--n1', ...place }]]),
    };
    const made = mapping([{ device: 'ups', tags: { device: 'ups-1' } }], inventory);
    expect(made.target(NODE, 'ups', 'power/load_pct')?.tags).toEqual({ device: 'ups-1', ...place });
    expect(made.deviceTags(NODE, 'ups')).toEqual({ device: 'ups-1', ...place });
    expect(made.target(NODE, 'fan', 'environment/smoke')?.tags).toEqual({
      device: 'power.n1.fan',
      site: 's-2',
      unit: '26737',
    });
  });
});

describe('a value', () => {
  const target = (type: Target['type'], scale?: number): Target => ({
    measurement: 'm',
    field: 'f',
    type,
    scale,
    tags: {},
  });

  it.each([
    [3, target('float', 0.1), 0.3],
    [2n ** 60n, target('float'), 2 ** 60],
    [2n ** 60n, target('int'), 2n ** 60n],
    [21, target('int', 0.5), 11],
    [true, target('bool'), true],
    ['on', target('bool'), 'on'],
    [1, target('bool'), 1],
  ])('%s becomes what the catalogue wants, or stays for the validator to refuse', (value, to, expected) => {
    expect(convert(value, to)).toBe(expected);
  });
});

it('every mistake in the mapping is named at once', () => {
  const devices = [
    {
      device: '*',
      tags: { colour: 'red' },
      metrics: [
        { name: 'a', measurement: 'powr', field: 'load_pct' },
        { name: 'b', measurement: 'power', field: 'load' },
        { name: 'c', measurement: 'environment', field: 'smoke', scale: 2 },
        { name: 'd', measurement: 'interface', field: 'in_bps' },
        { name: 'e', measurement: 'ingest_batch', field: 'seq' },
      ],
    },
  ];
  let problems: readonly string[] = [];
  try {
    checkConfig('central.yaml', { hostId: 'a/b', devices }, sparkplugConfigSchema);
  } catch (error) {
    if (error instanceof UserError) problems = error.problems;
  }
  const joined = problems.join('\n');
  for (const expected of [
    /hostId: expected a name/,
    /devices\[0\]\.metrics\[0\]\.measurement: expected a measurement .*got "powr"/,
    /devices\[0\]\.metrics\[1\]\.field: expected a field of power: .*got "load"/,
    /devices\[0\]\.metrics\[2\]\.scale: smoke is not a number/,
    /devices\[0\]\.metrics\[3\]\.tags: interface needs the tag interface/,
    /devices\[0\]\.metrics\[2\]\.tags: environment has no tag colour/,
    /devices\[0\]\.metrics\[4\]\.measurement/,
  ]) {
    expect(joined).toMatch(expected);
  }
});
