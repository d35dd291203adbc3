import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { checkConfig } from '../../runtime/config.ts';
import { EXIT } from '../../runtime/errors.ts';
import { openRuleVersions } from '../alerts/history/rule-versions.ts';
import { SHIPPED_RULES_DIRECTORY } from '../alerts/rules/load-rules.ts';
import { CustomMeasurements } from '../catalogue/custom-measurements.ts';
import { openStateDatabase } from '../state/database.ts';
import { centralConfigSchema } from './config.ts';
import { readCentralConfig } from './read-config.ts';
import { resolveForStart } from './resolve-config.ts';
import { startFiles, type StartFiles } from './start-files.ts';

const AIR = 'custom: [{ measurement: custom_air, fields: { load1: { type: float, unit: "1", min: 0 } } }]';
const LOAD = readFileSync(join(SHIPPED_RULES_DIRECTORY, 'load_high.yaml'), 'utf8');
const AIR_RULE = LOAD.replace('divideBy: n_cpus\n', '').replace(
  /^measurement: .*$/m,
  'measurement: custom_air',
);

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wardwatch-start-files-'));
  for (const name of ['rules', 'measurements', 'data']) mkdirSync(join(directory, name));
  put('measurements/air.yaml', AIR);
});
afterEach(() => rmSync(directory, { recursive: true }));

const put = (name: string, text: string): void => writeFileSync(join(directory, name), text);
const remove = (name: string): void => rmSync(join(directory, name));

function settings(): object {
  return {
    dataDirectory: join(directory, 'data'),
    rulesDirectory: join(directory, 'rules'),
    measurementsDirectory: join(directory, 'measurements'),
  };
}

/** What a start with the files as they are makes of them, with the same `state.db` as the one before. */
function start(given = settings()): Started {
  const config = checkConfig('test', given, centralConfigSchema);
  const database = openStateDatabase(join(directory, 'data', 'state.db'));
  try {
    const versions = openRuleVersions(database);
    const measurements = new CustomMeasurements(database);
    const found = startFiles(config, resolveForStart(config, {}), { versions, measurements });
    versions.record(found.rules, 1_000);
    return {
      custom: [...measurements.catalogue.keys()].filter((name) => !CATALOGUE.has(name)),
      own: found.rules.filter(({ origin }) => origin !== 'shipped').map(({ id }) => id),
      refusedDeclarations: found.refusedDeclarations.map(shortened),
      refusedRules: found.refusedRules && [
        ...found.refusedRules.problems.map(shortened),
        ...found.refusedRules.leftOut.map(shortened),
      ],
    };
  } finally {
    database.close();
  }
}

interface Started {
  readonly custom: readonly string[];
  readonly own: readonly string[];
  readonly refusedDeclarations: StartFiles['refusedDeclarations'];
  readonly refusedRules: readonly string[] | undefined;
}

const shortened = (problem: string): string => problem.replaceAll(`${directory}/`, '');
const GOOD = { refusedDeclarations: [], refusedRules: undefined };

it('a file that is broken changes nothing: what was declared before goes on with its rules, start after start', () => {
  put('rules/air_bad.yaml', AIR_RULE);
  expect(start()).toEqual({ custom: ['custom_air'], own: ['air_bad'], ...GOOD });
  put('measurements/torn.yaml', 'custom: [{ measurement: custom_dust, fields: { dust: { type: flaot } } }]');
  put('measurements/air.yaml', 'custom: [');
  const asBefore = {
    ...{ custom: ['custom_air'], own: ['air_bad'], refusedRules: undefined },
    refusedDeclarations: [
      expect.stringMatching(/^measurements\/air\.yaml: not valid YAML/),
      expect.stringMatching(
        /^measurements\/torn\.yaml: custom\[0\]\.fields\.dust\.type: expected .*, got "flaot"$/,
      ),
    ],
  };
  expect(start()).toEqual(asBefore);
  expect(start()).toEqual(asBefore);
  remove('measurements/torn.yaml');
  put('measurements/air.yaml', AIR);
  expect(start()).toEqual({ custom: ['custom_air'], own: ['air_bad'], ...GOOD });
});

it('so does a directory that is gone or empty, as one that is not mounted', () => {
  start();
  remove('measurements/air.yaml');
  expect(start()).toMatchObject({
    custom: ['custom_air'],
    refusedDeclarations: [
      expect.stringMatching(/^\S+: declares nothing any more, as a directory that is not mounted would/),
    ],
  });
  rmSync(join(directory, 'measurements'), { recursive: true });
  expect(start()).toMatchObject({
    custom: ['custom_air'],
    refusedDeclarations: [expect.stringContaining('cannot be read: ENOENT')],
  });
});

it('what a rule is about stays declared, until the rule goes, too', () => {
  put('rules/air_bad.yaml', AIR_RULE);
  put('measurements/dust.yaml', AIR.replace('custom_air', 'custom_dust'));
  start();
  remove('measurements/air.yaml');
  const refused = [expect.stringMatching(/^rules\/air_bad\.yaml: measurement: .*got "custom_air"$/)];
  const custom = ['custom_air', 'custom_dust'];
  expect(start()).toEqual({ ...GOOD, custom, own: ['air_bad'], refusedDeclarations: refused });
  put('rules/air_bad.yaml', 'kind: [');
  expect(start()).toEqual({
    ...{ custom, own: ['air_bad'], refusedDeclarations: refused },
    refusedRules: [expect.stringMatching(/^rules\/air_bad\.yaml: not valid YAML/)],
  });
  remove('rules/air_bad.yaml');
  expect(start()).toEqual({ custom: ['custom_dust'], own: [], ...GOOD });
});

it('a rule that can run no more, as nothing is declared by files any more, is left out and told; the others go on', () => {
  put('rules/air_bad.yaml', AIR_RULE);
  put('rules/own_load.yaml', LOAD);
  start();
  const { custom, own, refusedRules } = start({ ...settings(), measurementsDirectory: undefined });
  expect([custom, own]).toEqual([[], ['own_load']]);
  expect(refusedRules).toEqual([
    expect.stringMatching(/^rules\/air_bad\.yaml: measurement: .*got "custom_air"$/),
    expect.stringMatching(
      /^rules\/air_bad\.yaml: measurement: .*: rule air_bad ran before and does not run now$/,
    ),
  ]);
});

it('a directory of rules that is empty takes none away', () => {
  const ids = ['own_a', 'own_b', 'own_c', 'own_d'];
  for (const id of ids) put(`rules/${id}.yaml`, LOAD);
  start();
  for (const id of ids) remove(`rules/${id}.yaml`);
  expect(start()).toMatchObject({
    own: ids,
    refusedRules: [
      expect.stringContaining('lacks 4 of its 4 rules, as a directory that is not mounted would'),
    ],
  });
});

it('a first start, before anything is known, is refused with every problem of every file', () => {
  put('measurements/torn.yaml', 'custom: [');
  put('rules/torn.yaml', 'kind: [');
  expect(start).toThrow(
    expect.objectContaining({
      exitCode: EXIT.badConfig,
      problems: [
        expect.stringMatching(/measurements\/torn\.yaml: not valid YAML/),
        expect.stringMatching(/rules\/torn\.yaml: not valid YAML/),
      ],
    }),
  );
});

it('a check of the configuration knows what agents were pushed, and changes nothing', () => {
  const custom = (type: string) => [
    { measurement: 'custom_dust', fields: { load1: { type, unit: '1', min: 0 } } },
  ];
  const database = openStateDatabase(join(directory, 'data', 'state.db'));
  const measurements = new CustomMeasurements(database);
  measurements.take('gw-1', { collectors: [{ kind: 'telegraf', custom: custom('float') }] });
  put('rules/dust_bad.yaml', AIR_RULE.replace('custom_air', 'custom_dust'));
  put('central.yaml', JSON.stringify(settings()));
  const check = () => readCentralConfig(join(directory, 'central.yaml'), {});
  expect(check().resolved.rules.map(({ id }) => id)).toContain('dust_bad');
  put('measurements/dust.yaml', `custom: ${JSON.stringify(custom('int'))}`);
  expect(check).toThrow(/dust\.yaml: custom_dust: the config of gw-1 declares it, too, and otherwise/);
  expect(new CustomMeasurements(database).configured).toBeUndefined();
  database.close();
  put('data/state.db', 'rubbish, as long as it takes to be no database');
  remove('measurements/dust.yaml');
  remove('rules/dust_bad.yaml');
  expect(check().unread).toMatch(/state\.db: .*what agents were pushed is not checked$/);
});
