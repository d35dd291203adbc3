import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MeasurementError, standingOf } from './behind.ts';
import { HistoryKeeper, type HistoryTables, type RollWork } from './history-keeper.ts';
import type { LateHour } from './late-hours.ts';
import { HOUR_MS, LEVELS, MINUTE_MS, type HistoryStanding, type LevelName } from './levels.ts';

const { signal } = new AbortController();
const NONE = { fromMs: undefined, rolledToMs: undefined };

interface Row {
  readonly agent: string;
  readonly timeMs: number;
}

/** Counts rows, and keeps on disk what a store keeps there. Each agent has a measurement of its own, with its name. */
class FakeTables implements HistoryTables {
  readonly stepMinutes: HistoryTables['stepMinutes'];
  readonly rows: Row[] = [];
  readonly levels: Record<LevelName, Map<string, number>> = { minute: new Map(), hour: new Map() };
  standing: HistoryStanding = { rawFromMs: undefined, minute: NONE, hour: NONE };
  late: LateHour[] = [];
  /** The next rolls that fail when all is read and nothing written. */
  failures = 0;
  /** The measurement that cannot be rolled up. */
  bad: string | undefined;
  works: RollWork[] = [];

  constructor(least: number) {
    this.stepMinutes = { least, most: 60 };
  }

  settleWrites(): Promise<void> {
    return Promise.resolve();
  }

  oldestSampleMs(sinceMs: number): Promise<number | undefined> {
    if (this.bad !== undefined && sinceMs > 0)
      return Promise.reject(new MeasurementError(this.bad, new Error('cannot be read')));
    const times = this.rows.map(({ timeMs }) => timeMs).filter((timeMs) => timeMs >= sinceMs);
    return Promise.resolve(times.length === 0 ? undefined : Math.min(...times));
  }

  roll(work: RollWork): Promise<number> {
    if (this.failures-- > 0) return Promise.reject(new Error('away'));
    if (this.bad !== undefined && work.takes(this.bad))
      return Promise.reject(new MeasurementError(this.bad, new Error('field type conflict')));
    this.works.push(work);
    const isOf = (agent: string): boolean => work.takes(agent) && (work.agents?.includes(agent) ?? true);
    let made = 0;
    for (const { level, fromMs, toMs } of work.windows) {
      const target = this.levels[level];
      const widthMs = LEVELS.find(({ name }) => name === level)?.widthMs ?? 1;
      for (const key of target.keys()) {
        const [agent = '', start] = key.split(' ');
        if (isOf(agent) && Number(start) >= fromMs && Number(start) < toMs) target.delete(key);
      }
      const source =
        level === 'minute'
          ? this.rows.map(({ agent, timeMs }) => [agent, timeMs, 1] as const)
          : [...this.levels.minute].map(([key, count]) => {
              const [agent = '', start] = key.split(' ');
              return [agent, Number(start), count] as const;
            });
      for (const [agent, timeMs, count] of source) {
        if (!isOf(agent) || timeMs < fromMs || timeMs >= toMs) continue;
        const key = `${agent} ${Math.floor(timeMs / widthMs) * widthMs}`;
        target.set(key, (target.get(key) ?? 0) + count);
        made++;
      }
    }
    this.standing = work.standing;
    this.late = this.late.filter(
      (one) =>
        !work.late.some(
          ({ agent, hourMs, id }) => agent === one.agent && hourMs === one.hourMs && one.id <= id,
        ),
    );
    return Promise.resolve(made);
  }

  deleteBefore(standing: HistoryStanding): Promise<void> {
    this.standing = standing;
    const kept = this.rows.filter(
      ({ agent, timeMs }) => timeMs >= (standingOf(standing, agent).rawFromMs ?? 0),
    );
    this.rows.splice(0, this.rows.length, ...kept);
    for (const { name } of LEVELS) {
      for (const key of this.levels[name].keys())
        if (Number(key.split(' ')[1]) < (standingOf(standing, key.split(' ')[0] ?? '')[name].fromMs ?? 0))
          this.levels[name].delete(key);
    }
    return Promise.resolve();
  }

  /** As after a kill. */
  keeper(): HistoryKeeper {
    return new HistoryKeeper(this, this.standing, this.late);
  }

  write(keeper: HistoryKeeper, row: Row): void {
    if (keeper.isLate(row.timeMs)) {
      const noted = keeper.noteLate(row.agent, row.timeMs);
      if (noted !== undefined) this.late.push(noted);
    }
    this.rows.push(row);
  }
}

async function rollUpAll(keeper: HistoryKeeper, upToMs: number): Promise<void> {
  for (let looks = 0; looks < 3; looks++) while (await keeper.rollUp(upToMs, signal));
}

it('passes over days in which nothing was stored, and rolls up what comes late for them', async () => {
  const tables = new FakeTables(1);
  const keeper = tables.keeper();
  const dayMs = 24 * HOUR_MS;
  tables.write(keeper, { agent: 'a', timeMs: 7 });
  tables.write(keeper, { agent: 'a', timeMs: 9 * dayMs + 7 });
  await rollUpAll(keeper, 10 * dayMs);
  expect(tables.works.length).toBeLessThan(100);
  expect([...tables.levels.hour]).toEqual([
    ['a 0', 1],
    [`a ${9 * dayMs}`, 1],
  ]);
  expect(keeper.standing.hour.rolledToMs).toBe(10 * dayMs);
  tables.write(keeper, { agent: 'a', timeMs: 4 * dayMs + 8 });
  await rollUpAll(keeper, 10 * dayMs);
  expect(tables.levels.minute.get(`a ${4 * dayMs}`)).toBe(1);
  expect(tables.levels.hour.get(`a ${4 * dayMs}`)).toBe(1);
});

it('goes hour by hour through days in which nothing was stored while one measurement cannot be read', async () => {
  const tables = new FakeTables(1);
  const keeper = tables.keeper();
  tables.write(keeper, { agent: 'a', timeMs: 7 });
  tables.write(keeper, { agent: 'a', timeMs: 48 * HOUR_MS + 7 });
  tables.bad = 'b';
  await rollUpAll(keeper, 49 * HOUR_MS);
  expect(keeper.standing.hour.rolledToMs).toBe(49 * HOUR_MS);
  expect(tables.levels.hour.get(`a ${48 * HOUR_MS}`)).toBe(1);
});

type Step =
  | { readonly kind: 'write'; readonly row: Row }
  | { readonly kind: 'roll'; readonly upToMs: number }
  | { readonly kind: 'fail' | 'kill' | 'good' }
  | { readonly kind: 'bad'; readonly measurement: string }
  | { readonly kind: 'delete'; readonly rawMs: number };

const times = fc
  .oneof(fc.integer({ min: 0, max: 6 * 60 }), fc.integer({ min: 0, max: 40 * 60 }))
  .map((minute) => minute * MINUTE_MS + 7);
const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('write' as const),
    row: fc.record({ agent: fc.constantFrom('a', 'b'), timeMs: times }),
  }),
  fc.record({ kind: fc.constant('roll' as const), upToMs: times }),
  fc.record({ kind: fc.constantFrom('fail' as const, 'kill' as const, 'good' as const) }),
  fc.record({ kind: fc.constant('bad' as const), measurement: fc.constantFrom('a', 'b') }),
  fc.record({ kind: fc.constant('delete' as const), rawMs: times }),
);

it.each([1, 60])(
  'has every row in its minute and hour once, whatever comes late, fails, is killed or deleted (%i minutes at least)',
  async (least) => {
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { maxLength: 40 }), async (all) => {
        const tables = new FakeTables(least);
        let keeper = tables.keeper();
        const written: Row[] = [];
        let tooOld = 0;
        for (const step of all) {
          switch (step.kind) {
            case 'write':
              tables.write(keeper, step.row);
              // What is older than what was deleted already is in no window that can be made again, unless its measurement is
              // behind: it was not deleted of that, and may be rolled up with what was there.
              if (step.row.timeMs >= (keeper.standing.rawFromMs ?? 0)) written.push(step.row);
              else if (keeper.standing.behind?.has(step.row.agent) === true) tooOld++;
              break;
            case 'roll':
              await keeper.rollUp(step.upToMs, signal).catch(() => undefined);
              break;
            case 'fail':
              tables.failures = 1;
              break;
            case 'bad':
              tables.bad = step.measurement;
              break;
            case 'good':
              tables.bad = undefined;
              break;
            case 'kill':
              keeper = tables.keeper();
              break;
            case 'delete':
              await keeper.deleteBefore({ rawMs: step.rawMs, minuteMs: 0, hourMs: 0 }, signal);
          }
        }
        tables.failures = 0;
        tables.bad = undefined;
        await rollUpAll(keeper, 8 * HOUR_MS);
        const rolledToMs = keeper.standing.hour.rolledToMs ?? 0;
        // A minute that was cut by deleting keeps what it had.
        const cutMs = keeper.standing.rawFromMs ?? -1;
        const isCut = ({ timeMs }: Row): boolean =>
          timeMs >= cutMs && timeMs < Math.ceil(cutMs / MINUTE_MS) * MINUTE_MS;
        const expected = written.filter((row) => row.timeMs < rolledToMs && !isCut(row)).length;
        const total = (level: LevelName): number =>
          [...tables.levels[level]]
            .filter(([key]) => Number(key.split(' ')[1]) < rolledToMs)
            .reduce((sum, [, count]) => sum + count, 0);
        const cut = written.filter((row) => row.timeMs < rolledToMs && isCut(row)).length;
        for (const level of ['minute', 'hour'] as const) {
          expect(total(level)).toBeGreaterThanOrEqual(expected);
          expect(total(level)).toBeLessThanOrEqual(expected + cut + tooOld);
        }
        expect(tables.late).toEqual([]);
        expect(keeper.standing.behind?.size ?? 0).toBe(0);
      }),
      { numRuns: 300 },
    );
  },
);

it('makes only the hour of the agent whose rows came late, when no more come', async () => {
  const tables = new FakeTables(1);
  const keeper = tables.keeper();
  for (const agent of ['a', 'b']) tables.write(keeper, { agent, timeMs: 5 * MINUTE_MS });
  await rollUpAll(keeper, 3 * HOUR_MS);
  tables.works = [];
  tables.write(keeper, { agent: 'b', timeMs: 30 * MINUTE_MS });

  expect(await keeper.rollUp(3 * HOUR_MS, signal)).toBe(false);
  tables.write(keeper, { agent: 'b', timeMs: 31 * MINUTE_MS });
  expect(await keeper.rollUp(3 * HOUR_MS, signal)).toBe(false);
  expect(tables.works).toEqual([]);
  expect(await keeper.rollUp(3 * HOUR_MS, signal)).toBe(false);
  expect(await keeper.rollUp(3 * HOUR_MS, signal)).toBe(true);

  expect(tables.works).toMatchObject([
    {
      agents: ['b'],
      windows: [
        { level: 'minute', fromMs: 0, toMs: HOUR_MS },
        { level: 'hour', fromMs: 0, toMs: HOUR_MS },
      ],
    },
  ]);
  expect(tables.levels.hour).toEqual(
    new Map([
      ['a 0', 1],
      ['b 0', 3],
    ]),
  );
});

it('a backlog without end waits an hour of looks, not longer', async () => {
  const tables = new FakeTables(1);
  const keeper = tables.keeper();
  tables.write(keeper, { agent: 'a', timeMs: 0 });
  await rollUpAll(keeper, HOUR_MS);
  let looks = 0;
  for (;;) {
    tables.write(keeper, { agent: 'a', timeMs: 1_000 });
    if (await keeper.rollUp(HOUR_MS, signal)) break;
    looks++;
  }
  expect(looks).toBe(60);
});

it('deletes no sample of an hour that waits', async () => {
  const tables = new FakeTables(1);
  const keeper = tables.keeper();
  tables.write(keeper, { agent: 'a', timeMs: 0 });
  await rollUpAll(keeper, 3 * HOUR_MS);
  tables.write(keeper, { agent: 'a', timeMs: HOUR_MS + 5 });
  await keeper.deleteBefore({ rawMs: 3 * HOUR_MS, minuteMs: 0, hourMs: 0 }, signal);
  expect(tables.rows).toEqual([{ agent: 'a', timeMs: HOUR_MS + 5 }]);
});

it('one measurement that cannot be rolled up holds up no other: its samples stay, and it catches up', async () => {
  const tables = new FakeTables(1);
  const told: string[] = [];
  const keeper = new HistoryKeeper(tables, tables.standing, [], (measurement, error) =>
    told.push(`${measurement} ${error instanceof Error ? error.message : 'caught up'}`),
  );
  for (const agent of ['a', 'b'])
    for (const hour of [0, 1, 2]) tables.write(keeper, { agent, timeMs: hour * HOUR_MS + 5 * MINUTE_MS });
  tables.bad = 'b';
  await rollUpAll(keeper, 3 * HOUR_MS);
  await keeper.deleteBefore({ rawMs: 3 * HOUR_MS, minuteMs: 0, hourMs: 0 }, signal);

  expect([...tables.levels.hour.keys()]).toEqual(['a 0', `a ${HOUR_MS}`, `a ${2 * HOUR_MS}`]);
  expect(tables.rows.map(({ agent }) => agent)).toEqual(['b', 'b', 'b']);
  expect(keeper.viewOf('a').standing.minute.rolledToMs).toBe(3 * HOUR_MS);
  expect(keeper.viewOf('b').standing).toMatchObject({ rawFromMs: 0, minute: { rolledToMs: 0 } });

  tables.bad = undefined;
  await rollUpAll(keeper, 3 * HOUR_MS);
  await keeper.deleteBefore({ rawMs: 3 * HOUR_MS, minuteMs: 0, hourMs: 0 }, signal);

  expect([...tables.levels.hour.values()]).toEqual([1, 1, 1, 1, 1, 1]);
  expect(tables.rows).toEqual([]);
  expect(told).toEqual(['b field type conflict', 'b caught up']);
});
