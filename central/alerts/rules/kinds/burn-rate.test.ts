import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../../contract/measurements/index.ts';
import { silentLogger } from '../../../../runtime/logger.ts';
import { ManualClock } from '../../../../runtime/manual-clock.ts';
import { AgentProblems } from '../../../health/agent-problems.ts';
import { ServiceTargets } from '../../../health/services/service-targets.ts';
import type { ServiceView } from '../../../health/services/service-view.ts';
import { intervalsOf, type HistoryRow, type Range } from '../../../health/states/history/state-intervals.ts';
import { EMPTY_INVENTORY } from '../../../inventory/inventory.ts';
import { createLatestCache } from '../../../live/latest-cache.ts';
import { openAgentRegistry } from '../../../liveness/agent-registry.ts';
import { SeriesRegistry } from '../../../samples/series-registry.ts';
import { openStateDatabase, type StateDatabase } from '../../../state/database.ts';
import { createAlertEngine, type AlertEngine } from '../../engine/engine.ts';
import { ruleFile, ruleOf } from '../../testing/batches-and-rules.ts';
import { START } from '../../testing/engine-harness.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from '../load-rules.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** One service is looked at so often. */
const TURN_MS = 15_000;

const shipped = loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE).filter(
  ({ settings }) => settings.kind === 'burn_rate',
);

let clock: ManualClock;
let database: StateDatabase;
let engine: AlertEngine;
/** What the service was from when on. */
let rows: HistoryRow[];
let planned: Range[];
let targetPercent: number | undefined;

function become(state: ServiceView['state'], atMs = clock.now()): void {
  rows.push({ fromMs: atMs, state, sinceMs: undefined, roots: [] });
}

beforeEach(() => {
  clock = new ManualClock(START);
  database = openStateDatabase(':memory:');
  rows = [];
  planned = [];
  targetPercent = 99.9;
  become('up', START - 10 * DAY_MS);
  const liveness = openAgentRegistry({ inventory: EMPTY_INVENTORY, database, clock, log: silentLogger });
  const targets = new ServiceTargets({
    services: {
      latest: () => [
        {
          ...{
            id: '1022',
            name: 'Tổng đài 1022',
            needs: ['device:sbc-1'],
            reason: '',
            reasons: [],
            roots: [],
          },
          ...(targetPercent !== undefined && { availabilityTargetPercent: targetPercent }),
          state: rows.at(-1)?.state as ServiceView['state'],
          sinceMs: rows.at(-1)?.fromMs ?? NaN,
        },
      ],
    },
    history: { read: ([ref = ''], range) => new Map([[ref, intervalsOf(rows, [], range)]]) },
    planned: () => new Map([['service:1022', planned]]),
  });
  engine = createAlertEngine({
    rules: shipped,
    sources: {
      ...{ liveness, problems: new AgentProblems(silentLogger), targets },
      latest: createLatestCache(new SeriesRegistry()),
      devices: () => new Map(),
    },
    ...{ database, clock, log: silentLogger },
  });
});
afterEach(() => database.close());

async function wait(ms: number): Promise<void> {
  for (let done = 0; done < ms; done += TURN_MS) {
    await clock.advance(TURN_MS);
    engine.tick(clock.now());
  }
}

async function down(ms: number): Promise<void> {
  become('down');
  await wait(ms);
  become('up');
}

const active = (): string[] =>
  engine.active().map(({ severity, entity }) => `${severity} ${entity['service']}`);

describe('a service that may fail a thousandth of the time', () => {
  it('is critical once it was down for a minute: a fiftieth of what a month allows is gone within the hour', async () => {
    become('down');
    await wait(45_000);
    expect(active()).toEqual([]);
    await wait(15_000);
    expect(active()).toEqual(['critical 1022']);
    expect(engine.active()[0]?.valueText).toBe('16.7 times');
  });

  it('is none of a hiccup, nor of one that is only degraded', async () => {
    await down(30_000);
    become('degraded');
    await wait(2 * HOUR_MS);
    expect(active()).toEqual([]);
  });

  it('gets milder as the outage is past, and ends', async () => {
    await down(3 * MINUTE_MS);
    await wait(11 * MINUTE_MS);
    expect(active()).toEqual(['major 1022']);
    await wait(30 * MINUTE_MS);
    expect(active()).toEqual([]);
    expect(engine.list({ order: 'oldest', limit: 10 }).items).toHaveLength(1);
  });

  it('stays a warning while three days have had more than they may', async () => {
    await down(10 * MINUTE_MS);
    await wait(2 * HOUR_MS);
    expect(active()).toEqual(['warning 1022']);
    await wait(4.25 * HOUR_MS);
    expect(active()).toEqual([]);
  });

  it('is judged by what is known: unknown time is neither good nor bad', async () => {
    become('unknown');
    await wait(20 * MINUTE_MS);
    become('down');
    await wait(3 * MINUTE_MS);
    expect(active()).toEqual(['critical 1022']);
    become('unknown');
    await wait(5 * HOUR_MS);
    expect(active()).toEqual(['critical 1022']);
    become('up');
    await wait(8 * HOUR_MS);
    expect(active()).toEqual([]);
  });

  it('is not judged by an hour of which central knows but a few minutes', async () => {
    rows = [];
    become('unknown', START - 10 * DAY_MS);
    become('down');
    await wait(20 * MINUTE_MS);
    expect(active()).toEqual([]);
    await wait(11 * MINUTE_MS);
    expect(active()).toEqual(['critical 1022']);
  });

  it('may be down in its maintenance window, and is no alert afterwards', async () => {
    planned = [{ fromMs: START - MINUTE_MS, toMs: START + 2 * HOUR_MS }];
    await down(2 * HOUR_MS);
    await wait(4 * HOUR_MS);
    expect(active()).toEqual([]);
  });

  it('is an alert of what goes on after its maintenance window', async () => {
    planned = [{ fromMs: START, toMs: START + 20 * MINUTE_MS }];
    become('down');
    await wait(20 * MINUTE_MS);
    expect(active()).toEqual([]);
    await wait(5 * MINUTE_MS);
    expect(active()).toEqual(['critical 1022']);
  });

  it('without a target any more has its alert withdrawn; without one it never has any', async () => {
    become('down');
    await wait(2 * MINUTE_MS);
    targetPercent = undefined;
    await wait(TURN_MS);
    expect(active()).toEqual([]);
    expect(engine.list({ order: 'oldest', limit: 10 }).items).toMatchObject([{ phase: 'withdrawn' }]);
    await wait(HOUR_MS);
    expect(engine.list({ order: 'oldest', limit: 10 }).items).toHaveLength(1);
  });
});

it('many short failures are a warning before any of them is more', async () => {
  targetPercent = 99;
  for (let hour = 50; hour > 0; hour--) {
    become('down', START - hour * HOUR_MS);
    become('up', START - hour * HOUR_MS + MINUTE_MS);
  }
  await wait(MINUTE_MS);
  expect(active()).toEqual(['warning 1022']);
});

describe('settings of a burn rate rule', () => {
  const { name, action, eventType, probableCause } = ruleFile();
  const common = { name, action, eventType, probableCause, for: '0s', clearFor: '5m', kind: 'burn_rate' };
  const level = { severity: 'major', raise: 6, clear: 5, long: '6h', short: '30m' };

  it.each([
    [{ levels: [{ ...level, short: '6h' }] }, 'levels[0].short: expected less than long (6 h), got "6 h"'],
    [{ levels: [{ ...level, long: '31d' }] }, 'levels[0].long: expected 1m to 30d, got "31 d"'],
    [{ levels: [{ ...level, clear: 7 }] }, 'levels[0].clear: expected at most the raise level 6, got 7'],
    [
      { levels: [level, { ...level, severity: 'critical' }] },
      'levels[1].raise: expected a worse level than the one before (6), got 6',
    ],
    [{ levels: [{ ...level, raise: 0, clear: 0 }] }, 'levels[0].raise'],
  ])('%j are refused', (settings, message) => {
    expect(() => ruleOf('a', { ...common, ...settings })).toThrow(message);
  });
});
