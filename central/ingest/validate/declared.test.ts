import { describe, expect, it } from 'vitest';
import { declarationSchema } from '../../../contract/custom/declaration.ts';
import { openStateDatabase } from '../../state/database.ts';
import { CustomMeasurements } from '../../catalogue/custom-measurements.ts';
import { createValidator } from './validator.ts';

const NOW = 1_790_000_000_000;

function declare(
  measurements: CustomMeasurements,
  max = 5_000,
  tags: object = { sensor: { required: true } },
): void {
  const declaration = declarationSchema.parse({
    measurement: 'custom_air',
    tags,
    fields: { co2_ppm: { type: 'float', unit: '[ppm]', min: 0, max } },
  });
  measurements.configure([{ declaration, source: 'a.yaml' }]);
}

const table = (more: object = {}) => ({
  measurement: 'custom_air',
  tags: ['sensor'],
  fields: ['co2_ppm'],
  rows: [[['north'], 0, [800]]],
  ...more,
});

describe('rows of a measurement that operators declare', () => {
  const measurements = new CustomMeasurements(openStateDatabase(':memory:'));
  const validator = createValidator(measurements.catalogue);
  measurements.onChange(() => validator.forgetPlans());
  let seq = 0;
  const check = (sent: object) =>
    validator.validate(
      'gw-1',
      { agent: 'gw-1', epoch: 'e', seq: ++seq, sentAtMs: NOW, baseMs: NOW, tables: [sent] } as never,
      NOW,
    );
  const reasons = (sent: object) => check(sent).refusals.map(({ code, reason }) => `${code}: ${reason}`);

  it('are refused with what to declare as long as nobody did', () => {
    expect(reasons(table())).toEqual([
      'unknown-measurement: measurement "custom_air" is not in the catalogue: declare it in measurementsDirectory of central.yaml, as the profile of the agent does under custom, or push that profile from central',
    ]);
  });

  it('are checked as those of the catalogue', () => {
    declare(measurements);
    expect(check(table()).tables).toMatchObject([
      { measurement: 'custom_air', fields: ['co2_ppm'], rows: [{ timeMs: NOW, values: [800] }] },
    ]);
    expect(reasons(table({ rows: [[['north'], 0, [5_001]]] }))).toEqual([
      'out-of-range: co2_ppm is 5001, expected 0 to 5000 [ppm]',
    ]);
    expect(reasons(table({ rows: [[['north'], 0, ['much']]] }))).toEqual([
      'wrong-type: co2_ppm is "much", expected a finite number',
    ]);
    expect(reasons(table({ tags: [], rows: [[[], 0, [1]]] }))).toEqual([
      'missing-tag: custom_air needs the tag sensor',
    ]);
    expect(reasons(table({ fields: ['co2_ppm', 'dust'], rows: [[['north'], 0, [1, 2]]] }))).toEqual([
      'unknown-field: custom_air has no field "dust" in the catalogue; not stored in 1 rows; declare it at central where the measurement is declared (measurementsDirectory, or the pushed config)',
    ]);
    expect(reasons(table({ tags: ['sensor', 'room'], rows: [[['north', 'a'], 0, [1]]] }))[0]).toMatch(
      /^unknown-tag: custom_air has no tag "room", expected .*; declare it at central/,
    );
  });

  it('are checked by another declaration from the next batch on', () => {
    declare(measurements, 9_000);
    expect(reasons(table({ rows: [[['north'], 0, [5_001]]] }))).toEqual([]);
  });
});
