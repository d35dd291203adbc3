import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Rat } from '../radio-state.ts';
import type { DipRow } from './dip.ts';
import { dipConfigSchema, dipRules } from './dip-config.ts';
import { DipFinder } from './dip-finder.ts';
import { belowGeneration, levelBelow, type DipRule } from './rules.ts';

const DATA = new URL('../../../../../shared/data/coverage-5g/', import.meta.url);
const hasData = existsSync(DATA);

const RATS: Readonly<Record<string, Rat>> = {
  '5G': 'nrnsa',
  LTE: 'lte',
  UMTS: 'umts',
  'HSPA+': 'umts',
  HSUPA: 'umts',
  EDGE: 'gsm',
};
const NO_VALUE = -200;

function number(text: string | undefined): number | undefined {
  const value = Number(text);
  return text === undefined || text === '' || !Number.isFinite(value) || value === NO_VALUE
    ? undefined
    : value;
}

/** One row a second, up to 12 % of them with the time of the one before. */
function readDrive(file: string): DipRow[] {
  const [header = '', ...lines] = readFileSync(new URL(`ucc-5g/${file}`, DATA), 'utf8')
    .trim()
    .split(/\r?\n/);
  const columns = header.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    const cell = (name: string) => cells[columns.indexOf(name)];
    const [year, month, day, ...time] = (cell('Timestamp') ?? '').split(/[._]/);
    return {
      timeMs: Date.parse(`${year}-${month}-${day}T${time.join(':')}Z`),
      rat: RATS[cell('NetworkMode') ?? ''],
      rsrpDbm: number(cell('RSRP')),
      sinrDb: number(cell('SNR')),
      registered: true,
      labels: {},
    };
  });
}

/** As the data set counts them: no deadband, over with the first row that is not bad or 5 s without a row. */
const asCounted = (name: string, evaluate: DipRule['evaluate'], openAfterMs: number): DipRule => ({
  name,
  kind: 'level',
  evaluate,
  openAfterMs,
  closeAfterMs: 0,
  maxGapMs: 5_000,
  holdMs: 5_000,
  generation: 5,
});
const COUNTED = [
  asCounted('rsrp_below_-110_for_5s', levelBelow(-110, 0), 5_000),
  asCounted('fallback_below_4g_for_10s', belowGeneration(4), 10_000),
  asCounted('not_on_5g_for_60s', belowGeneration(5), 60_000),
];

const iso = (timeMs: number) => new Date(timeMs).toISOString().replace('.000', '');

describe.skipIf(!hasData)('drives through a real 5G network (need ../shared/data/coverage-5g)', () => {
  const files = hasData ? readdirSync(new URL('ucc-5g/', DATA)) : [];

  it('have exactly the 34 events that were counted', () => {
    const found = files.flatMap((file) => {
      const finder = new DipFinder(COUNTED);
      const events = [...readDrive(file).flatMap((row) => finder.push(row)), ...finder.finish()];
      return events
        .filter(({ isOpen }) => !isOpen)
        .map(({ rule, dip: { startMs, endMs } }) =>
          [file, rule, iso(startMs), iso(endMs), (endMs - startMs) / 1_000].join(),
        );
    });
    const counted = readFileSync(new URL('ucc-5g-derived-events.csv', DATA), 'utf8').trim().split(/\r?\n/);
    const wanted = counted.slice(1).map((line) => line.split(',').slice(0, 5).join());
    expect(wanted).toHaveLength(34);
    expect(found.sort()).toEqual(wanted.sort());
  });

  it('have these dips by the default rules: level, quality, fall-back', () => {
    const summary = files.map((file) => {
      const finder = new DipFinder(dipRules(dipConfigSchema.parse({}), 5));
      const events = [...readDrive(file).flatMap((row) => finder.push(row)), ...finder.finish()];
      const ended = events.filter(({ isOpen }) => !isOpen);
      for (const { dip } of ended) expect(dip.endMs - dip.startMs).toBeGreaterThanOrEqual(10_000);
      const of = (kind: string) => ended.filter((event) => event.kind === kind).length;
      return [file.split('_')[0], of('level'), of('quality'), of('fall_back')];
    });
    expect(summary).toEqual([
      ['driving-2019.11.25', 0, 5, 2],
      ['driving-2019.11.29', 2, 4, 4],
      ['driving-2019.12.14', 1, 0, 2],
      ['driving-2020.02.13', 0, 13, 8],
      ['static-2020.01.06', 0, 2, 1],
      ['static-2020.02.14', 0, 1, 0],
    ]);
  });
});
