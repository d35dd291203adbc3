import { beforeEach, describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import type { Sample } from '../../contract/sample.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { ManualClock } from '../../runtime/manual-clock.ts';
import { Series } from '../samples/series.ts';
import { StoreUnavailableError, type SeriesQuery, type SeriesResult } from '../store/sample-store.ts';
import { CapacityForecasts } from './capacity-forecasts.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** 03:20 in the city. */
const NOW = Date.parse('2026-11-30T03:20:00+07:00');
const GIB = 2 ** 30;

/** One thing that is measured, and how much of it was in use when. */
interface Thing {
  readonly measurement: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly field: string;
  /** undefined: not measured then. */
  usedAt(timeMs: number): number | undefined;
  readonly newest: Readonly<Record<string, number>>;
}

const signal = new AbortController().signal;

let clock: ManualClock;
let things: Thing[];
let queries: SeriesQuery[];
let written: Sample[];
let isStoreAway: boolean;
let isTimeSure: boolean;
let forecasts: CapacityForecasts;

beforeEach(() => {
  clock = new ManualClock(NOW);
  things = [];
  queries = [];
  written = [];
  isStoreAway = false;
  isTimeSure = true;
  forecasts = new CapacityForecasts({
    store: {
      query: (query) => {
        queries.push(query);
        return isStoreAway
          ? Promise.reject(new StoreUnavailableError('away'))
          : Promise.resolve(answer(query));
      },
    },
    latest: {
      visit: (measurement, look) => {
        for (const thing of things) {
          if (thing.measurement !== measurement) continue;
          const names = ['agent', ...Object.keys(thing.tags)];
          const row = { timeMs: clock.now() - MINUTE_MS, valueOf: (field: string) => thing.newest[field] };
          look(new Series(measurement, ['srv-1', ...Object.values(thing.tags)]), row, names);
        }
      },
    },
    own: { write: (samples) => written.push(...samples) },
    ...{ clock, timeZone: 'Asia/Ho_Chi_Minh', isTimeSure: () => isTimeSure, log: silentLogger },
  });
});

/** As a store would: the mean of each day. */
function answer({ measurement, fromMs, toMs, maxPoints, tags }: SeriesQuery): SeriesResult {
  const wanted = things.filter((thing) => thing.measurement === measurement);
  if (wanted.length > maxPoints) return { series: [], truncated: true };
  const series = wanted
    .filter((thing) => Object.entries(tags).every(([tag, values]) => values.includes(thing.tags[tag] ?? '')))
    .map((thing) => {
      const points: [number, number][] = [];
      for (let startMs = fromMs; startMs < toMs; startMs += DAY_MS) {
        const value = thing.usedAt(startMs + DAY_MS / 2);
        if (value !== undefined) points.push([startMs, value]);
      }
      return { tags: thing.tags, points };
    })
    .filter(({ points }) => points.length > 0);
  return { series, truncated: false };
}

function pool(resource: string, usedAt: Thing['usedAt'], usable = 1_000 * GIB): Thing {
  const tags = { site: 'dc1', pool: 'pool-dc1', resource };
  return { measurement: 'capacity', tags, field: 'used', usedAt, newest: { usable, physical: 2 * usable } };
}

/** A GiB a day, 800 GiB at NOW. */
const growing = (timeMs: number): number => 800 * GIB + (GIB * (timeMs - NOW)) / DAY_MS;
const since = (days: number, usedAt: Thing['usedAt']): Thing['usedAt'] => {
  return (timeMs) => (timeMs < NOW - days * DAY_MS ? undefined : usedAt(timeMs));
};

async function run(ms: number): Promise<void> {
  for (let done = 0; done < ms; done += SECOND_MS) {
    await clock.advance(SECOND_MS);
    await forecasts.step(signal);
  }
}

const POOL = { site: 'dc1', pool: 'pool-dc1', resource: 'storage' };

describe('a pool that grows by one part in a thousand a day', () => {
  beforeEach(async () => {
    things = [pool('storage', growing)];
    await run(10 * MINUTE_MS);
  });

  it('will be full when it is, and the range is as narrow as its past was even', () => {
    const found = forecasts.find('pool', POOL);
    expect(found).toMatchObject({ agent: 'srv-1', site: 'dc1', historyDays: 729 });
    const { forecast, usedPercent } = found ?? {};
    if (forecast?.outcome !== 'dated') throw new Error('expected a date');
    expect(forecast.middleDays).toBeCloseTo(200, 0);
    expect(forecast.earlyDays).toBeCloseTo(200, 0);
    expect(usedPercent).toBeCloseTo(80, 0);
  });

  it('is stored by the names of the catalogue, for panels', () => {
    expect(written).toHaveLength(1);
    const [sample] = written;
    expect(sample).toMatchObject({
      measurement: 'capacity_forecast',
      tags: POOL,
      timeMs: expect.any(Number) as number,
    });
    const known = Object.keys(CATALOGUE.get('capacity_forecast')?.fields ?? {});
    expect(Object.keys(sample?.fields ?? {}).filter((name) => !known.includes(name))).toEqual([]);
    expect(sample?.fields).toMatchObject({
      days_to_full_p10: expect.closeTo(200, 0) as number,
      history_days: 729,
    });
  });

  it('is judged anew once an hour, with one look at the last 24 hours', async () => {
    const before = queries.length;
    await run(57 * MINUTE_MS);
    expect(written).toHaveLength(2);
    const asked = queries.slice(before).filter(({ measurement }) => measurement === 'capacity');
    expect(asked.map(({ fromMs, toMs }) => toMs - fromMs)).toEqual([DAY_MS]);
  });

  it('has no forecast any more when none could be made for hours', async () => {
    isTimeSure = false;
    await run(4 * HOUR_MS);
    expect(forecasts.list('pool')).toBeUndefined();
    expect(forecasts.find('pool', POOL)).toBeUndefined();
  });

  it('on a new day reads the days before again, since backlog may have come', async () => {
    const before = queries.length;
    clock.freeze(21 * HOUR_MS);
    await run(MINUTE_MS);
    const days = queries
      .slice(before)
      .filter(({ measurement }) => measurement === 'capacity')
      .map(({ fromMs, toMs }) =>
        [fromMs, toMs].map((ms) => (ms - Date.parse('2026-11-30T00:00+07:00')) / DAY_MS),
      );
    expect(days[0]).toEqual([-4, 1]);
  });
});

it('reads nothing at once after a start, and then one piece in a second', async () => {
  things = [pool('storage', growing)];
  await run(4 * MINUTE_MS);
  expect(queries).toEqual([]);
  for (let second = 0; second < 120; second++) {
    const before = queries.length;
    await run(SECOND_MS);
    expect(queries.length - before).toBeLessThanOrEqual(1);
  }
});

it('says what it cannot know: too little history, no growth, an estimate that nothing proves', async () => {
  things = [
    pool('storage', since(10, growing)),
    pool('memory', () => 700 * GIB),
    pool('vcpu', since(60, growing)),
  ];
  await run(10 * MINUTE_MS);
  const outcome = (resource: string) => forecasts.find('pool', { ...POOL, resource })?.forecast;
  expect(outcome('storage')).toEqual({ outcome: 'too_little_history' });
  expect(outcome('memory')).toEqual({ outcome: 'no_trend' });
  expect(outcome('vcpu')).toEqual({ outcome: 'unproven', middleDays: expect.closeTo(200, 0) as number });
  expect(written.map(({ fields }) => fields['days_to_full_p10'])).toEqual([undefined, undefined, undefined]);
});

it('knows file systems and storages of devices; memory of devices is there to be full', async () => {
  const disk: Thing = {
    ...{ measurement: 'disk', tags: { host: 'srv-1', path: '/' }, field: 'used', usedAt: growing },
    newest: { used: 800 * GIB, free: 50 * GIB, total: 1_000 * GIB },
  };
  const storage = (type: string): Thing => ({
    ...{ measurement: 'device_storage', field: 'used_bytes', usedAt: growing },
    tags: { device: 'nas-1', storage: type, type },
    newest: { total_bytes: 1_000 * GIB },
  });
  things = [disk, storage('fixed_disk'), storage('ram')];
  await run(10 * MINUTE_MS);
  const found = forecasts.find('disk', { host: 'srv-1', path: '/' });
  expect(found?.forecast).toMatchObject({ outcome: 'dated', middleDays: expect.closeTo(50, 0) as number });
  expect([...(forecasts.list('storage') ?? [])].map(({ tags }) => tags['storage'])).toEqual(['fixed_disk']);
  expect(written).toEqual([]);
});

it('has none of what nobody measures any more', async () => {
  things = [
    { ...pool('storage', growing), newest: {} },
    pool('memory', (at) => (at < NOW - 2 * DAY_MS ? 1 : undefined)),
  ];
  await run(10 * MINUTE_MS);
  expect([...(forecasts.list('pool') ?? [])]).toEqual([]);
});

it('a store that is away is asked again after a minute', async () => {
  things = [pool('storage', growing)];
  isStoreAway = true;
  await run(8 * MINUTE_MS);
  expect(queries.length).toBeLessThanOrEqual(4);
  isStoreAway = false;
  await run(5 * MINUTE_MS);
  expect(forecasts.find('pool', POOL)?.historyDays).toBe(729);
});

it('more things than can be followed have no forecasts, and those of other kinds go on', async () => {
  const disk = (at: number): Thing => ({
    ...{ measurement: 'disk', tags: { host: `srv-${at}`, path: '/' }, field: 'used' },
    ...{ usedAt: () => 1, newest: { used: 1, free: 1 } },
  });
  things = [pool('storage', growing), ...Array.from({ length: 20_001 }, (_, at) => disk(at))];
  await run(10 * MINUTE_MS);
  expect(forecasts.find('pool', POOL)).toBeDefined();
  expect(forecasts.list('disk')).toBeUndefined();
});
