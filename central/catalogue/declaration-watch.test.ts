import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { silentLogger } from '../../runtime/logger.ts';
import { ManualClock } from '../../runtime/manual-clock.ts';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { openStateDatabase } from '../state/database.ts';
import { CustomMeasurements } from './custom-measurements.ts';
import { declarationsStanding, readDeclarations } from './declaration-files.ts';
import { DeclarationWatch } from './declaration-watch.ts';

let directory: string;
let measurements: CustomMeasurements;
let watch: DeclarationWatch;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wardwatch-measurements-'));
  put('air', 'custom_air');
  measurements = new CustomMeasurements(openStateDatabase(':memory:'));
  measurements.configure(readDeclarations(directory));
  watch = new DeclarationWatch({
    read: { directory, standing: declarationsStanding(directory), refused: [] },
    measurements,
    clock: new ManualClock(),
    log: silentLogger,
  });
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function put(name: string, measurement: string, type = 'bool'): void {
  writeFileSync(
    join(directory, `${name}.yaml`),
    `custom: [{ measurement: ${measurement}, fields: { alarm: { type: ${type} } } }]`,
  );
}

/** Two looks: the second finds the files at rest. */
function look(): void {
  watch.check();
  watch.check();
}

const custom = (): string[] => [...measurements.catalogue.keys()].filter((name) => !CATALOGUE.has(name));
const problems = (): string[] => watch.problems.map((problem) => problem.replaceAll(`${directory}/`, ''));

it('declared measurements follow their files, once these have come to rest', () => {
  put('dust', 'custom_dust');
  watch.check();
  expect(custom()).toEqual(['custom_air']);
  watch.check();
  expect(custom()).toEqual(['custom_air', 'custom_dust']);
  rmSync(join(directory, 'air.yaml'));
  look();
  expect(custom()).toEqual(['custom_dust']);
  expect(problems()).toEqual([]);
});

it('a set with any problem changes nothing, and every problem is told', () => {
  put('dust', 'custom_dust', 'flag');
  put('other', 'custom_air', 'string');
  writeFileSync(join(directory, 'torn.yaml'), 'custom: [');
  look();
  expect(custom()).toEqual(['custom_air']);
  expect(problems()).toEqual([
    expect.stringMatching(
      /^dust\.yaml: custom\[0\]\.fields\.alarm\.type: expected type: one of .*, got "flag"$/,
    ),
    expect.stringMatching(/^torn\.yaml: not valid YAML/),
    'other.yaml: custom_air: air.yaml declares it, too, and otherwise: field alarm is bool there, string here',
  ]);
});

it('a directory that is empty or gone takes nothing away, unless somebody asks for it', () => {
  rmSync(directory, { recursive: true });
  look();
  expect(problems()).toEqual([expect.stringContaining('cannot be read: ENOENT')]);
  mkdirSync(directory);
  look();
  expect(problems()).toEqual([
    `${directory}: declares nothing any more, as a directory that is not mounted would; if that is wanted, send SIGHUP to central`,
  ]);
  expect(custom()).toEqual(['custom_air']);
  watch.reread();
  expect(custom()).toEqual([]);
  expect(problems()).toEqual([]);
});

it('files that were refused at the start are told from then on, and read again until they are good', () => {
  const clock = new ManualClock();
  writeFileSync(join(directory, 'torn.yaml'), 'custom: [');
  const refused = ['torn.yaml: not valid YAML'];
  const read = { directory, standing: declarationsStanding(directory), refused };
  watch = new DeclarationWatch({ read, measurements, clock, log: silentLogger });
  expect(problems()).toEqual(refused);
  rmSync(join(directory, 'torn.yaml'));
  look();
  expect(problems()).toEqual([]);
});
