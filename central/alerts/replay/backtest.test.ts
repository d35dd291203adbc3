import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CATALOGUE } from '../../../contract/measurements/index.ts';
import { createRule } from '../rules/create-rule.ts';
import { ruleKinds } from '../rules/kinds/index.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from '../rules/load-rules.ts';
import type { AlertRule } from '../rules/rule.ts';
import { StoreQueryError } from '../../store/sample-store.ts';
import { ListStore } from '../testing/list-store.ts';
import { backtest, BACKTEST_LIMITS, type BacktestProgress, type BacktestResult } from './backtest.ts';
import { whyNotBacktestable } from './needed-reads.ts';

const shipped = loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE);
const FROM = Date.UTC(2026, 10, 23);
const MINUTE = 60_000;
const DAY = 86_400_000;
const { signal } = new AbortController();

let store: ListStore;
beforeEach(() => {
  store = new ListStore();
});
afterEach(() => {
  for (const { maxPoints } of store.queries) expect(maxPoints).toBeLessThanOrEqual(20_000);
});

function rule(id: string, changes: Record<string, unknown> = {}): AlertRule {
  const running = shipped.find((one) => one.id === id);
  const content = { ...(running?.content as object), ...changes };
  return createRule({ id, source: 'test', content }, CATALOGUE, ruleKinds);
}

interface Scene {
  readonly toMs?: number;
  readonly tags?: Record<string, string[]>;
  readonly isExpected?: (device: string) => boolean;
  readonly limits?: Partial<typeof BACKTEST_LIMITS>;
  readonly signal?: AbortSignal;
}

async function run(
  one: AlertRule,
  scene: Scene = {},
): Promise<{ result: BacktestResult; progress: BacktestProgress[] }> {
  const running = backtest(
    { rule: one, fromMs: FROM, toMs: scene.toMs ?? FROM + DAY, tags: scene.tags ?? {} },
    {
      store,
      catalogue: CATALOGUE,
      isExpected: scene.isExpected ?? (() => true),
      devices: () => new Map(),
      dayOf: (ms) => new Date(ms).toISOString().slice(0, 10),
      wouldTell: ({ severity }) => severity === 'major',
    },
    scene.signal ?? signal,
    { ...BACKTEST_LIMITS, ...scene.limits },
  );
  const progress: BacktestProgress[] = [];
  for (;;) {
    const step = await running.next();
    if (step.done === true) return { result: step.value, progress };
    progress.push(step.value);
  }
}

/** Minute after minute from `fromMinute` on. */
function memory(host: string, fromMinute: number, percents: readonly number[]): void {
  percents.forEach((available_percent, at) =>
    store.put({ agent: `agent-${host}`, host }, FROM + (fromMinute + at) * MINUTE, { available_percent }),
  );
}

const times = (count: number, value: number): number[] => Array.from({ length: count }, () => value);

describe('a backtest', () => {
  it('raises the alerts that the engine would have raised, with begin, end and gravest severity', async () => {
    memory('srv-1', 0, [...times(60, 40), ...times(20, 8), ...times(30, 4), ...times(60, 40)]);
    memory('srv-2', 0, times(170, 40));
    const { result } = await run(rule('memory_low'), { toMs: FROM + 170 * MINUTE });
    expect(result).toMatchObject({ series: 2, rows: 340, values: 340 });
    expect(result.alerts).toMatchObject({
      total: 1,
      bySeverity: { minor: 0, major: 1 },
      entities: 1,
      open: 0,
      told: 1,
      byDay: [{ day: '2026-11-23', fired: 1, isWhole: false }],
      listed: [
        {
          rule: 'memory_low',
          entity: { host: 'srv-1' },
          severity: 'major',
          startedAtMs: FROM + 60 * MINUTE,
          firedAtMs: FROM + 75 * MINUTE,
          endedAtMs: FROM + 115 * MINUTE,
        },
      ],
    });
  });

  it('of a rule with other limits raises others', async () => {
    memory('srv-1', 0, [...times(60, 40), ...times(10, 8), ...times(60, 40)]);
    const scene = { toMs: FROM + 130 * MINUTE };
    expect((await run(rule('memory_low'), scene)).result.alerts.total).toBe(0);
    expect((await run(rule('memory_low', { for: '5m' }), scene)).result.alerts.total).toBe(1);
  });

  it('puts together rows that the store keeps field by field, and reads no field that the rule does not', async () => {
    const tags = { agent: 'gw-1', device: 'sw-1', interface: 'ge-0/0/1' };
    for (let minute = 0; minute < 10; minute++)
      store.put(tags, FROM + minute * MINUTE, {
        oper_status: 2,
        admin_status: minute < 5 ? 2 : 1,
        in_use: true,
      });
    const { result } = await run(rule('port_down'), { toMs: FROM + 10 * MINUTE });
    expect([...new Set(store.queries.map(({ field }) => field))].sort()).toEqual([
      'admin_status',
      'in_use',
      'oper_status',
    ]);
    expect(result.alerts.listed).toMatchObject([{ startedAtMs: FROM + 5 * MINUTE }]);
    expect(result).toMatchObject({ series: 1, rows: 10, values: 30 });
  });

  it('of devices that the inventory lacks raises none, as central would not', async () => {
    store.put({ agent: 'gw-1', device: 'sw-1' }, FROM, { up: false });
    store.put({ agent: 'gw-1', device: 'sw-1' }, FROM + 2 * MINUTE, { up: false });
    const scene = { toMs: FROM + 3 * MINUTE };
    expect((await run(rule('device_down'), scene)).result.alerts.total).toBe(1);
    expect((await run(rule('device_down'), { ...scene, isExpected: () => false })).result.alerts.total).toBe(
      0,
    );
  });

  it('reads only the series that are asked for', async () => {
    memory('srv-1', 0, times(60, 4));
    memory('srv-2', 0, times(60, 4));
    const { result } = await run(rule('memory_low'), { toMs: FROM + 60 * MINUTE, tags: { host: ['srv-2'] } });
    expect(result.alerts.listed.map(({ entity }) => entity)).toEqual([{ host: 'srv-2' }]);
  });

  it('counts day by day, and says which days were judged in part', async () => {
    for (const hour of [30, 31, 60]) memory('srv-1', hour * 60, [...times(20, 8), ...times(20, 40)]);
    const { result, progress } = await run(rule('memory_low'), { toMs: FROM + 3.5 * DAY });
    expect(result.alerts.byDay).toEqual([
      { day: '2026-11-23', fired: 0, isWhole: true },
      { day: '2026-11-24', fired: 2, isWhole: true },
      { day: '2026-11-25', fired: 1, isWhole: true },
      { day: '2026-11-26', fired: 0, isWhole: false },
    ]);
    expect(progress.at(-1)).toMatchObject({ done: 1, alerts: 3 });
    expect(progress.map(({ done }) => done)).toEqual(
      [...progress.map(({ done }) => done)].sort((a, b) => a - b),
    );
  });

  it('says what it could not judge: no data, gaps, samples that are deleted', async () => {
    const none = await run(rule('memory_low'));
    expect(none.result.notJudged[0]).toBe(
      'no sample of mem with available_percent is stored for this time and selection',
    );
    memory('srv-1', 0, times(30, 8));
    memory('srv-1', 120, times(30, 8));
    store.availableFromMs = FROM + 10 * MINUTE;
    const { result } = await run(rule('memory_low'), { toMs: FROM + 150 * MINUTE });
    expect(result.gaps).toEqual({
      count: 1,
      totalMs: 91 * MINUTE,
      listed: [{ fromMs: FROM + 29 * MINUTE, toMs: FROM + 120 * MINUTE }],
    });
    expect(result.notJudged.slice(0, 2)).toEqual([
      'what was measured before 2026-11-23T00:10:00.000Z: its samples are deleted',
      'times without any sample of mem, 1 in all: nothing begins or ends in them',
    ]);
  });

  it('reads in slices that get shorter where there is much', async () => {
    for (let second = 0; second < 120; second++)
      for (let host = 0; host < 300; host++)
        store.put({ agent: 'a', host: `h-${host}` }, FROM + second * 1_000, { available_percent: 4 });
    const { result } = await run(rule('memory_low', { for: '60s' }), { toMs: FROM + 2 * MINUTE });
    expect(result).toMatchObject({
      rows: 36_000,
      series: 300,
      alerts: { total: 300, entities: 300, open: 300 },
    });
    const widths = store.queries.map(({ fromMs, toMs }) => toMs - fromMs);
    expect(Math.max(...widths.slice(4))).toBeLessThan(40_000);
  });

  it('ends at its limits, and says from when on nothing was judged', async () => {
    memory('srv-1', 0, times(600, 4));
    const few = await run(rule('memory_low'), { limits: { maxPoints: 100 } });
    expect(few.result.toMs).toBeLessThan(FROM + DAY);
    expect(few.result.notJudged[0]).toMatch(
      /^nothing from 2026-11-23T\d\d:\d\d:00\.000Z on: \d+ values were read; ask for less time/,
    );
    const late = await run(rule('memory_low'), { limits: { maxTimeMs: 0 } });
    expect(late.result).toMatchObject({ toMs: FROM, rows: 0 });
    for (let host = 0; host < 20; host++) memory(`h-${host}`, 0, times(30, 4));
    const cut = await run(rule('memory_low'), { toMs: FROM + 30 * MINUTE, limits: { maxAlerts: 5 } });
    expect(cut.result.alerts).toMatchObject({ total: 21, isCut: true });
    expect(cut.result.alerts.listed).toHaveLength(5);
  });

  it('ends where far more alerts fire than are followed: each of them takes memory', async () => {
    for (let host = 0; host < 20; host++) memory(`h-${host}`, host, times(60, 4));
    const limits = { maxAlerts: 5, maxLeftOut: 5 };
    const { result } = await run(rule('memory_low', { for: '30s' }), { toMs: FROM + DAY, limits });
    expect(result.alerts).toMatchObject({ total: 10, isCut: true });
    expect(result.toMs).toBeLessThan(FROM + 20 * MINUTE);
    expect(result.notJudged[0]).toBe(
      `nothing from ${new Date(result.toMs).toISOString()} on: 10 alerts fired; ask for less time, or for one unit or device`,
    );
  });

  it('ends when nobody waits for it any more', async () => {
    memory('srv-1', 0, times(600, 4));
    const gone = new AbortController();
    gone.abort(new Error('the caller is gone'));
    await expect(run(rule('memory_low'), { signal: gone.signal })).rejects.toThrow('the caller is gone');
  });

  describe('in a time without samples', () => {
    const toMs = FROM + DAY / 4;
    /** The real time goes on by 1 ms whenever it is asked for. */
    let askedMs: number;
    let onAsked: () => void;
    beforeEach(() => {
      askedMs = 0;
      onAsked = () => undefined;
      vi.spyOn(performance, 'now').mockImplementation(() => {
        onAsked();
        return ++askedMs;
      });
      memory('srv-1', 0, times(2, 4));
    });
    afterEach(() => vi.restoreAllMocks());

    it('keeps the limit of real time', async () => {
      const { result } = await run(rule('memory_low', { for: '30s' }), { toMs, limits: { maxTimeMs: 200 } });
      expect(result.rows).toBe(2);
      expect(result.toMs).toBeGreaterThan(FROM + MINUTE);
      expect(result.toMs).toBeLessThan(toMs);
      expect(result.notJudged[0]).toBe(
        `nothing from ${new Date(result.toMs).toISOString()} on: it took too long; ask for less time, or for one unit or device`,
      );
    });

    it('ends when nobody waits for it any more', async () => {
      const gone = new AbortController();
      onAsked = () => {
        if (askedMs >= 200) gone.abort();
      };
      const running = run(rule('memory_low', { for: '30s' }), { toMs, signal: gone.signal });
      await expect(running).rejects.toThrow('aborted');
    });
  });

  it('passes on what the store refuses', async () => {
    store.query = () => Promise.reject(new StoreQueryError('no such table'));
    await expect(run(rule('memory_low'))).rejects.toThrow('no such table');
  });

  it.each([
    ['agent_silent', 'not when it arrived'],
    ['measurement_missing', 'not when it arrived'],
    ['pool_days_to_full', 'daily history of months'],
    ['service_target_missed', 'not samples'],
    ['site_cut', 'not samples'],
    ['wiring_differs', 'the wiring of then'],
    ['agent_clock_off', 'does not keep that'],
    ['device_never_seen', 'with the inventory'],
    ['agent_twins', 'when batches arrived'],
  ])('cannot judge %s, and says why: %s', (id, why) => {
    expect(whyNotBacktestable(rule(id))?.en).toContain(why);
    expect(whyNotBacktestable(rule(id))?.vi).toMatch(/kho|lịch sử|mẫu đo/);
  });

  it('can judge what is', () => {
    for (const id of [
      'memory_low',
      'net_errors_in',
      'server_overloaded',
      'pools_full',
      'temperature_differs',
    ])
      expect(whyNotBacktestable(rule(id))).toBeUndefined();
  });
});
