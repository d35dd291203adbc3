import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../../contract/measurements/index.ts';
import { silentLogger } from '../../../../runtime/logger.ts';
import { ManualClock } from '../../../../runtime/manual-clock.ts';
import type { CapacityForecast } from '../../../capacity/capacity-forecast.ts';
import type { CapacityKind } from '../../../capacity/capacity-kinds.ts';
import type { Forecast } from '../../../capacity/forecast/forecast-full.ts';
import { AgentProblems } from '../../../health/agent-problems.ts';
import { EMPTY_INVENTORY } from '../../../inventory/inventory.ts';
import { createLatestCache } from '../../../live/latest-cache.ts';
import { openAgentRegistry } from '../../../liveness/agent-registry.ts';
import { SeriesRegistry } from '../../../samples/series-registry.ts';
import { openStateDatabase, type StateDatabase } from '../../../state/database.ts';
import { createAlertEngine, type AlertEngine } from '../../engine/engine.ts';
import { ruleFile, ruleOf } from '../../testing/batches-and-rules.ts';
import { START } from '../../testing/engine-harness.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from '../load-rules.ts';

const shipped = loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE).filter(
  ({ settings }) => settings.kind === 'forecast',
);

let clock: ManualClock;
let database: StateDatabase;
let engine: AlertEngine;
/** undefined: no forecasts were made lately. */
let forecasts: Map<CapacityKind, CapacityForecast[]> | undefined;

beforeEach(() => {
  clock = new ManualClock(START);
  database = openStateDatabase(':memory:');
  forecasts = new Map();
  const liveness = openAgentRegistry({ inventory: EMPTY_INVENTORY, database, clock, log: silentLogger });
  engine = createAlertEngine({
    rules: shipped,
    sources: {
      liveness,
      problems: new AgentProblems(silentLogger),
      latest: createLatestCache(new SeriesRegistry()),
      devices: () => new Map([['nas-1', { unit: '26734', site: 'hub-1', agent: 'gw-hub-1' }]]),
      forecasts: { list: (kind) => forecasts && (forecasts.get(kind) ?? []) },
    },
    ...{ database, clock, log: silentLogger },
  });
});
afterEach(() => database.close());

const TAGS: Readonly<Record<CapacityKind, Readonly<Record<string, string>>>> = {
  pool: { site: 'dc1', pool: 'pool-dc1', resource: 'storage' },
  disk: { host: 'srv-1', path: '/' },
  storage: { device: 'nas-1', storage: '/volume1' },
};

function make(kind: CapacityKind, forecast: Forecast, usedPercent = 85): void {
  const found: CapacityForecast = {
    ...{ kind, tags: TAGS[kind], agent: 'srv-1', unit: undefined, site: kind === 'pool' ? 'dc1' : undefined },
    ...{ madeAtMs: clock.now(), forecast, usedPercent, historyDays: 300, growthPerDay: 1 },
  };
  forecasts ??= new Map();
  forecasts.set(kind, [found]);
}

function dated(earlyDays: number): Forecast {
  return {
    outcome: 'dated',
    earlyDays,
    middleDays: 2 * earlyDays,
    lateDays: 4 * earlyDays,
    comparedWith: 40,
  };
}

/** Central's ticks are a second apart; nothing happens between two of ten minutes. */
async function hours(count: number): Promise<void> {
  for (let tick = 0; tick < 6 * count; tick++) {
    await clock.advance(600_000);
    engine.tick(clock.now());
  }
}

const active = (): string[] =>
  engine
    .active()
    .map(({ rule, severity, entity, valueText }) =>
      [rule, severity, ...Object.values(entity), valueText].join(' '),
    );

describe('a pool that will be full', () => {
  it('is an alert by the early end of the range, once that has stood for six hours', async () => {
    make('pool', dated(60.7));
    await hours(6);
    expect(active()).toEqual([]);
    await hours(4);
    expect(active()).toEqual(['pool_days_to_full minor dc1 pool-dc1 storage 60 d']);
    expect(engine.active()).toMatchObject([{ agent: 'srv-1', site: 'dc1' }]);
  });

  it('gets graver as the day comes near, critical only where little is left, and is one alert', async () => {
    make('pool', dated(60), 70);
    await hours(10);
    make('pool', dated(20), 70);
    await hours(8);
    make('pool', dated(5), 70);
    await hours(8);
    expect(active()).toEqual(['pool_days_to_full major dc1 pool-dc1 storage 5 d']);
    make('pool', dated(5), 81);
    await hours(8);
    expect(active()).toEqual(['pool_days_to_full critical dc1 pool-dc1 storage 5 d']);
    expect(engine.list({ order: 'oldest', limit: 10 }).items).toHaveLength(1);
  });

  it('ends with a dead band, after half a day', async () => {
    make('pool', dated(89));
    await hours(10);
    make('pool', dated(95));
    await hours(20);
    expect(active()).toHaveLength(1);
    make('pool', dated(106));
    await hours(11);
    expect(active()).toHaveLength(1);
    await hours(4);
    expect(active()).toEqual([]);
  });

  it.each<[string, Forecast]>([
    ['it does not grow any more', { outcome: 'no_trend' }],
    ['it has more than a year', { outcome: 'distant' }],
    ['an estimate without a range is far from the limit', { outcome: 'unproven', middleDays: 500 }],
  ])('ends when %s', async (_what, forecast) => {
    make('pool', dated(60));
    await hours(10);
    make('pool', forecast);
    await hours(16);
    expect(active()).toEqual([]);
  });

  it.each<[string, Forecast]>([
    ['too little history', { outcome: 'too_little_history' }],
    ['an estimate that nothing proves', { outcome: 'unproven', middleDays: 3 }],
    ['no trend', { outcome: 'no_trend' }],
    ['more than a year', { outcome: 'distant' }],
    ['a middle within the limit, an early end beyond it', dated(90)],
  ])('is none with %s', async (_what, forecast) => {
    make('pool', forecast, 99);
    await hours(24);
    expect(active()).toEqual([]);
  });

  it.each<[string, Forecast]>([
    ['it does not grow any more', { outcome: 'no_trend' }],
    ['it has more than a year', { outcome: 'distant' }],
    ['an estimate without a range is far from the limit', { outcome: 'unproven', middleDays: 500 }],
  ])(
    'does not end because %s while it is nearly full, but once there is room again',
    async (_what, forecast) => {
      make('pool', dated(60), 94);
      await hours(10);
      make('pool', forecast, 98.5);
      await hours(48);
      expect(active()).toHaveLength(1);
      make('pool', forecast, 95);
      await hours(16);
      expect(active()).toEqual([]);
    },
  );

  it('stands while nobody can say', async () => {
    make('pool', dated(60));
    await hours(10);
    make('pool', { outcome: 'unproven', middleDays: 50 });
    await hours(24);
    forecasts = undefined;
    await hours(48);
    expect(active()).toHaveLength(1);
  });
});

it('file systems and storages have rules of their own, silent while much is free', async () => {
  make('disk', dated(20), 60);
  make('storage', dated(20), 60);
  await hours(12);
  expect(active()).toEqual([]);
  make('disk', dated(20), 75);
  make('storage', dated(3), 90);
  await hours(12);
  expect(active().sort()).toEqual([
    'disk_days_to_full warning srv-1 / 20 d',
    'storage_days_to_full minor nas-1 /volume1 3 d',
  ]);
  expect(engine.active().find(({ rule }) => rule === 'storage_days_to_full')).toMatchObject({
    site: 'hub-1',
    unit: '26734',
  });
});

describe('settings of a forecast rule', () => {
  const { name, action, eventType, probableCause } = ruleFile();
  const common = { name, action, eventType, probableCause, for: '6h', clearFor: '6h', kind: 'forecast' };
  const levels = [{ severity: 'minor', raise: 30, clear: 40 }];

  it.each([
    [
      { of: 'pool', levels: [{ severity: 'minor', raise: 30, clear: 30 }] },
      'levels[0].clear: expected more than raise (30), got 30',
    ],
    [
      { of: 'pool', levels: [...levels, { severity: 'major', raise: 40, clear: 50 }] },
      'levels[1].raise: expected fewer days than the level before (30), got 40',
    ],
    [{ of: 'disk', where: { pool: 'p' }, levels }, 'where.pool: expected one of host, path'],
    [{ of: 'tape', levels }, 'of: '],
    [{ of: 'pool', levels: [{ severity: 'minor', raise: 3_000, clear: 4_000 }] }, 'levels[0].raise'],
  ])('%j are refused', (settings, message) => {
    expect(() => ruleOf('a', { ...common, ...settings })).toThrow(message);
  });

  it('may be for some only', () => {
    const rule = ruleOf('a', { ...common, of: 'pool', where: { resource: ['storage', 'memory'] }, levels });
    expect(rule.evaluator.conditionText).toBe(
      'capacity.used, days to full below, resource storage or memory',
    );
  });
});
