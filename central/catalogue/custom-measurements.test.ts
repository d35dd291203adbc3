import { beforeEach, describe, expect, it } from 'vitest';
import { declarationSchema, type Declaration } from '../../contract/custom/declaration.ts';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { UserError } from '../../runtime/errors.ts';
import { openStateDatabase, type StateDatabase } from '../state/database.ts';
import { CustomMeasurements, MAX_CUSTOM } from './custom-measurements.ts';
import type { Declared } from './declared.ts';

const FLOAT = { type: 'float', unit: '[ppm]', min: 0, max: 5_000 };

function declaration(measurement: string, fields: object = { co2_ppm: FLOAT }): Declaration {
  return declarationSchema.parse({ measurement, fields });
}

const inFile = (source: string, ...declarations: Declaration[]): readonly Declared[] =>
  declarations.map((each) => ({ declaration: each, source }));

const config = (...custom: Declaration[]) => ({ collectors: [{ kind: 'telegraf', custom }] });

let database: StateDatabase;
let measurements: CustomMeasurements;
beforeEach(() => {
  database = openStateDatabase(':memory:');
  measurements = new CustomMeasurements(database);
});

const custom = (of = measurements): string[] =>
  [...of.catalogue.keys()].filter((name) => !CATALOGUE.has(name)).sort();

function problemsOf(declared: readonly Declared[]): readonly string[] {
  try {
    measurements.configure(declared);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.problems;
  }
  return [];
}

describe('measurements that files declare', () => {
  it('stand in the catalogue, and leave it with the file, but not the store', () => {
    const changes: string[] = [];
    measurements.onChange((changed) => changes.push([...changed].join()));
    measurements.configure(inFile('a.yaml', declaration('custom_air')));
    expect(custom()).toEqual(['custom_air']);
    expect(measurements.catalogue.get('custom_air')?.fields['co2_ppm']).toMatchObject(FLOAT);
    measurements.configure(inFile('a.yaml', declaration('custom_air')));
    measurements.configure([]);
    expect(custom()).toEqual([]);
    expect(measurements.stored.has('custom_air')).toBe(true);
    expect(changes).toEqual(['custom_air', 'custom_air']);
  });

  it('may gain fields and get other ranges; the store keeps every column', () => {
    measurements.configure(
      inFile('a.yaml', declaration('custom_air', { a: { type: 'bool' }, co2_ppm: FLOAT })),
    );
    const before = measurements.stored.get('custom_air');
    measurements.configure(
      inFile(
        'a.yaml',
        declaration('custom_air', { co2_ppm: { ...FLOAT, max: 9_000 }, b: { type: 'string' } }),
      ),
    );
    expect(Object.keys(measurements.catalogue.get('custom_air')?.fields ?? {})).toEqual(['co2_ppm', 'b']);
    const stored = measurements.stored.get('custom_air');
    expect(Object.keys(stored?.fields ?? {}).sort()).toEqual(['a', 'b', 'co2_ppm']);
    expect(stored).not.toBe(before);
  });

  it('cannot become what the store cannot make of them, also after a restart', () => {
    measurements.configure(inFile('a.yaml', declaration('custom_air')));
    measurements.configure([]);
    measurements = new CustomMeasurements(database);
    const other = inFile('a.yaml', declaration('custom_air', { co2_ppm: { ...FLOAT, type: 'int' } }));
    expect(problemsOf(other)).toEqual([
      'a.yaml: custom_air: co2_ppm was declared as float before and cannot become int, as rows of it may be stored: give it another name',
    ]);
    expect(custom()).toEqual([]);
  });

  it('that contradict each other are refused, with both files named, and those before go on', () => {
    measurements.configure(inFile('a.yaml', declaration('custom_air')));
    const twice = [
      ...inFile('a.yaml', declaration('custom_air')),
      ...inFile('b.yaml', declaration('custom_air', { co2_ppm: { ...FLOAT, unit: '%' } })),
      ...inFile('c.yaml', declaration('custom_dust')),
    ];
    expect(problemsOf(twice)).toEqual([
      'b.yaml: custom_air: a.yaml declares it, too, and otherwise: field co2_ppm is float in [ppm] from 0 to 5000 there, float in % from 0 to 5000 here',
    ]);
    expect(custom()).toEqual(['custom_air']);
  });

  it('stay as they were over a restart, until files are read again', () => {
    measurements.configure(inFile('a.yaml', declaration('custom_air')));
    measurements = new CustomMeasurements(database);
    expect(custom()).toEqual(['custom_air']);
    expect(measurements.configured).toMatchObject([{ source: 'a.yaml' }]);
    measurements.configure([]);
    expect(custom(new CustomMeasurements(database))).toEqual([]);
    measurements.configure(undefined);
    expect(new CustomMeasurements(database).configured).toBeUndefined();
  });

  it('push out what nobody declares any more where there are too many, and never what a rule needs', () => {
    const many = (from: number, count: number) =>
      Array.from({ length: count }, (_, at) => declaration(`custom_n_${from + at}`));
    for (let agent = 0; agent < MAX_CUSTOM / 16; agent++)
      measurements.take(`gw-${agent}`, config(...many(agent * 16, 16)));
    measurements.take('gw-0', null);
    measurements.addCheck((next) => (next.has('custom_n_0') ? [] : ['rule.yaml: needs custom_n_0']));
    measurements.configure(inFile('a.yaml', declaration('custom_air')));
    expect(custom()).toHaveLength(MAX_CUSTOM);
    expect(custom()).toEqual(expect.arrayContaining(['custom_air', 'custom_n_0']));
    expect(custom()).not.toContain('custom_n_1');
    expect(problemsOf(inFile('a.yaml', ...many(1_000, 16)))).toEqual([
      `custom measurements: ${MAX_CUSTOM + 1} would be declared or named by rules, at most ${MAX_CUSTOM} together`,
    ]);
    expect(custom()).toContain('custom_air');
  });

  it('stay where somebody could not go on without them', () => {
    measurements.configure(inFile('a.yaml', declaration('custom_air')));
    measurements.addCheck((next) =>
      next.has('custom_air') ? [] : ['rule.yaml: measurement: not in the catalogue'],
    );
    expect(problemsOf([])).toEqual(['rule.yaml: measurement: not in the catalogue']);
    expect(custom()).toEqual(['custom_air']);
  });
});

describe('measurements that a pushed config declares', () => {
  it('stand in the catalogue after a restart, too, and when the config is gone: its agent may hold rows', () => {
    measurements.take('gw-1', config(declaration('custom_air')));
    measurements.take('gw-1', null);
    expect(custom()).toEqual(['custom_air']);
    expect(custom(new CustomMeasurements(database))).toEqual(['custom_air']);
  });

  it('may be declared by several agents in one way only', () => {
    measurements.configure(inFile('a.yaml', declaration('custom_dust')));
    measurements.take('gw-1', config(declaration('custom_air')));
    expect(measurements.problemsOf('gw-2', config(declaration('custom_air')))).toEqual([]);
    const other = { co2_ppm: { ...FLOAT, max: 9 } };
    expect(
      measurements.problemsOf(
        'gw-2',
        config(declaration('custom_air', other), declaration('custom_dust', other)),
      ),
    ).toEqual([
      'the config of gw-2: custom_air: the config of gw-1 declares it, too, and otherwise: field co2_ppm is float in [ppm] from 0 to 5000 there, float in [ppm] from 0 to 9 here',
      'the config of gw-2: custom_dust: a.yaml declares it, too, and otherwise: field co2_ppm is float in [ppm] from 0 to 5000 there, float in [ppm] from 0 to 9 here',
    ]);
    expect(measurements.problemsOf('gw-1', config(declaration('custom_air', other)))).toEqual([]);
    expect(problemsOf(inFile('b.yaml', declaration('custom_air', other)))).toEqual([
      expect.stringMatching(/^b\.yaml: custom_air: the config of gw-1 declares it, too, and otherwise/),
    ]);
  });

  it('are bounded for an agent and for all; those that nobody declares any more make room', () => {
    const many = (agent: number, count: number) =>
      Array.from({ length: count }, (_, at) => declaration(`custom_a${agent}_${at}`));
    expect(measurements.problemsOf('gw-0', config(...many(0, 17)))).toEqual([
      'the config of gw-0 declares 17 measurements, at most 16',
    ]);
    for (let agent = 0; agent < MAX_CUSTOM / 16; agent++)
      measurements.take(`gw-${agent}`, config(...many(agent, 16)));
    expect(custom()).toHaveLength(MAX_CUSTOM);
    expect(measurements.problemsOf('gw-99', config(declaration('custom_more')))).toEqual([
      `custom measurements: ${MAX_CUSTOM + 1} would be declared, at most ${MAX_CUSTOM} together`,
    ]);
    measurements.take('gw-0', null);
    expect(custom()).toHaveLength(MAX_CUSTOM);
    expect(measurements.problemsOf('gw-99', config(declaration('custom_more')))).toEqual([]);
    measurements.take('gw-99', config(declaration('custom_more')));
    expect(custom()).toHaveLength(MAX_CUSTOM);
    expect(custom()).toContain('custom_more');
    expect(custom()).not.toContain('custom_a0_0');
  });

  it('may not take away what a rule needs, and keep it when all that declared it is gone', () => {
    const refused = 'rule.yaml: field: not a field of custom_air, got "co2_ppm"';
    measurements.take('gw-1', config(declaration('custom_air')));
    measurements.addCheck((next) =>
      next.get('custom_air')?.fields['co2_ppm'] === undefined ? [refused] : [],
    );
    const other = config(declaration('custom_air', { dust: FLOAT }));
    expect(measurements.problemsOf('gw-1', other)).toEqual([refused]);
    expect(measurements.problemsOf('gw-1', config(declaration('custom_dust')))).toEqual([]);
    measurements.take('gw-1', null);
    expect(measurements.problemsOf('gw-2', other)).toEqual([refused]);
    const many = (agent: number) =>
      config(...Array.from({ length: 16 }, (_, at) => declaration(`custom_a${agent}_${at}`)));
    for (let agent = 10; agent < 10 + MAX_CUSTOM / 16 - 1; agent++)
      measurements.take(`gw-${agent}`, many(agent));
    expect(measurements.problemsOf('gw-99', many(99))).toEqual([
      `custom measurements: ${MAX_CUSTOM + 1} would be declared or named by rules, at most ${MAX_CUSTOM} together`,
    ]);
    measurements.take('gw-10', null);
    expect(measurements.problemsOf('gw-99', many(99))).toEqual([]);
    measurements.take('gw-99', many(99));
    expect(custom()).toHaveLength(MAX_CUSTOM);
    expect(custom()).toContain('custom_air');
    expect(custom()).not.toContain('custom_a10_0');
  });
});
