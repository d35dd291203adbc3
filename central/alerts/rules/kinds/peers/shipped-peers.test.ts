import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../../../contract/measurements/index.ts';
import { batchOf, liveContext } from '../../../testing/batches-and-rules.ts';
import { EngineHarness, S, START } from '../../../testing/engine-harness.ts';
import { SeriesPool } from '../../../testing/series-pool.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from '../../load-rules.ts';

const MINUTE_S = 60;
const shipped = loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE).filter(
  ({ settings }) => settings.kind === 'peers',
);

let harness: EngineHarness;
beforeEach(() => {
  harness = new EngineHarness();
  harness.start(shipped);
});
afterEach(() => harness.end());

interface Shape {
  readonly measurement: string;
  readonly tags: readonly string[];
  readonly fields: readonly string[];
}

/** Each minute a row of each; returns the rules that fired, with what they are about. */
function run(
  shape: Shape,
  minutes: number,
  rowsAt: (minute: number) => [tags: string[], value: number][],
): string[] {
  const pool = new SeriesPool();
  for (let minute = 0; minute < minutes; minute++) {
    const timeMs = START + minute * MINUTE_S * S;
    harness.clock.freeze(timeMs - harness.clock.now());
    const rows = rowsAt(minute).map(([tags, value]) => ({ tags, timeMs, values: [value] }));
    harness.engine.observe(batchOf({ ...shape, seq: minute + 1, rows, pool }), liveContext(timeMs));
    harness.engine.tick(timeMs);
  }
  return harness.engine
    .list({ limit: 10 })
    .items.map(({ rule, entity }) => `${rule} ${Object.values(entity).join(' ')}`);
}

describe('a server among those of its room', () => {
  const shape = { measurement: 'temp', tags: ['site', 'host', 'sensor', 'agent'], fields: ['temp'] };
  const rows = (celsius: readonly number[]): [string[], number][] =>
    celsius.map((value, at) => [['dc-1', `sv-${at}`, 'inlet', `sv-${at}`], value]);

  it('is a finding when it alone is hot for half an hour', () => {
    expect(run(shape, 60, (minute) => rows([41, 42, 40, 43, 42, minute < 10 ? 41 : 64]))).toEqual([
      'temperature_differs sv-5 inlet',
    ]);
  });

  it('is none while the whole room gets hot, for a short time, or by a few degrees', () => {
    expect(
      run(shape, 60, (minute) => rows([0, 1, 2, 3, 4, 5].map((each) => 40 + each + minute / 2))),
    ).toEqual([]);
    expect(run(shape, 60, (minute) => rows([41, 42, 40, 43, 42, minute % 20 < 12 ? 41 : 64]))).toEqual([]);
    expect(run(shape, 60, () => rows([42, 42, 42, 42, 42, 54]))).toEqual([]);
  });
});

describe('a modem among those of its ward', () => {
  const tags = ['unit', 'device', 'operator', 'rat', 'agent'];
  const shape = { measurement: 'cellular', tags, fields: ['rsrp_dbm'] };
  const rows = (dbm: readonly number[], rat = 'nr'): [string[], number][] =>
    dbm.map((value, at) => [['26734', `m-${at}`, 'op-a', rat, `gw-${at}`], value]);

  it('is a finding when it alone hears its network badly for half an hour', () => {
    expect(run(shape, 60, () => rows([-82, -85, -80, -84, -83, -108]))).toEqual([
      'signal_below_ward m-5 op-a',
    ]);
  });

  it('is none in a dip of all, where the others are on another network, or where there are too few', () => {
    expect(
      run(shape, 60, (minute) =>
        rows([-82, -85, -80, -84, -83, -86].map((each) => each - (minute > 20 ? 30 : 0))),
      ),
    ).toEqual([]);
    expect(
      run(shape, 60, () => [
        ...rows([-82, -85, -80, -84, -83]),
        ...rows([-82, -85, -80, -84, -83, -108], 'lte').slice(5),
      ]),
    ).toEqual([]);
    expect(run(shape, 60, () => rows([-82, -85, -80, -108]))).toEqual([]);
  });
});
