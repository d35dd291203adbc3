import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineHarness, feed, S, START } from '../testing/engine-harness.ts';
import type { AlertEngine } from './engine.ts';
import { batchOf, liveContext, ruleFile, ruleOf } from '../testing/batches-and-rules.ts';

let harness: EngineHarness;
beforeEach(() => {
  harness = new EngineHarness();
});
afterEach(() => harness.end());

const atOnce = ruleOf('cpu_busy', ruleFile({ for: '0s', clearFor: '0s', interval: '10s' }));
const patient = ruleOf('cpu_busy', ruleFile({ for: '30s', clearFor: '30s', interval: '10s' }));

describe('an alert from its first sample to its end', () => {
  it('is recorded once per step, can be listed, and keeps its timeline', () => {
    const engine = harness.start([patient]);
    for (const [atS, value] of [
      [0, 91],
      [10, 95],
      [20, 97],
      [30, 99.25],
    ] as const)
      feed(engine, atS, value);
    expect(engine.active()).toMatchObject([
      {
        rule: 'cpu_busy',
        title: { en: 'CPU busy', vi: 'CPU bận' },
        entity: { host: 'h' },
        agent: 'agent-1',
        severity: 'minor',
        phase: 'firing',
        startedAtMs: START,
        firedAtMs: START + 30 * S,
        value: 99.25,
        valueText: '99.3 %',
      },
    ]);
    for (const atS of [40, 50, 60, 70]) feed(engine, atS, 50);
    expect(engine.active()).toEqual([]);
    expect(harness.events()).toEqual(['30 fired', '40 recovering', '70 resolved']);
    const detail = engine.get(harness.recorded[0]!.alert.id);
    expect(detail).toMatchObject({ phase: 'resolved', resolvedAtMs: START + 70 * S, lastValue: 50 });
    expect(detail?.timeline.map(({ kind, atMs, value }) => [kind, (atMs - START) / S, value])).toEqual([
      ['started', 0, 91],
      ['fired', 30, 99.25],
      ['recovering', 40, 50],
      ['resolved', 70, 50],
    ]);
    expect(engine.get('a-unknown')).toBeUndefined();
  });

  it('shows the newest value of a firing alert', () => {
    const engine = harness.start([atOnce]);
    feed(engine, 0, 95);
    feed(engine, 10, 99);
    expect(engine.active()[0]).toMatchObject({ value: 95, lastValue: 99 });
    expect(engine.list({ limit: 10 }).items[0]).toMatchObject({
      value: 95,
      lastValue: 99,
      valueText: '99 %',
    });
  });

  it('is one for each value of the entity tags, with unit and site of the sample', () => {
    const rule = ruleOf('cpu_busy', ruleFile({ entity: ['host', 'device'], for: '0s' }));
    const engine = harness.start([rule]);
    const tags = ['unit', 'host', 'site', 'device'];
    const row = (host: string, device: string | undefined) => ({
      tags: ['26734', host, 's-1', device],
      timeMs: START,
      values: [95],
    });
    engine.observe(
      batchOf({ tags, rows: [row('a', 'x'), row('a', 'y'), row('b', undefined)] }),
      liveContext(START),
    );
    expect(engine.active().map(({ entity, unit, site }) => [entity, unit, site])).toEqual([
      [{ host: 'a', device: 'x' }, '26734', 's-1'],
      [{ host: 'a', device: 'y' }, '26734', 's-1'],
      [{ host: 'b' }, '26734', 's-1'],
    ]);
    expect(engine.countByUnit()).toEqual(new Map([['26734', 3]]));
  });

  it('is one for each agent where a row has none of the entity tags, also after a restart', () => {
    const engine = harness.start([atOnce]);
    const rows = [{ tags: [], timeMs: START, values: [95] }];
    engine.observe(batchOf({ agent: 'gw-1', tags: [], rows }), liveContext(START));
    engine.observe(batchOf({ agent: 'gw-2', tags: [], rows }), liveContext(START));
    expect(
      harness
        .restart([atOnce])
        .active()
        .map(({ entity }) => entity),
    ).toEqual([{ agent: 'gw-1' }, { agent: 'gw-2' }]);
  });

  it('takes the agent of the batch for the tag `agent`, also where the row has one', () => {
    const engine = harness.start([ruleOf('cpu_busy', ruleFile({ entity: ['agent', 'host'], for: '0s' }))]);
    const rows = [{ tags: ['h', 'somebody-else'], timeMs: START, values: [95] }];
    engine.observe(batchOf({ agent: 'gw-1', tags: ['host', 'agent'], rows }), liveContext(START));
    expect(engine.active()[0]?.entity).toEqual({ agent: 'gw-1', host: 'h' });
  });

  it('is not touched by rows without the field, without the divisor, or outside the filter', () => {
    const load = ruleFile({
      measurement: 'system',
      field: 'load1',
      divideBy: 'n_cpus',
      for: '0s',
      where: { site: ['s-1', 's-2'] },
      levels: [{ severity: 'minor', raise: 2, clear: 1.5 }],
    });
    const engine = harness.start([ruleOf('load', load)]);
    const row = (host: string, site: string, load1: number | undefined, cpus: bigint | undefined) => ({
      tags: [host, site],
      timeMs: START,
      values: [load1, cpus],
    });
    const rows = [
      row('no-load', 's-1', undefined, 4n),
      row('no-cpus', 's-1', 9, undefined),
      row('zero-cpus', 's-1', 9, 0n),
      row('elsewhere', 's-9', 9, 4n),
      row('fine', 's-1', 7, 4n),
      row('busy', 's-2', 9, 4n),
    ];
    const table = { measurement: 'system', tags: ['host', 'site'], fields: ['load1', 'n_cpus'] };
    engine.observe(batchOf({ ...table, rows }), liveContext(START));
    expect(engine.active()).toMatchObject([{ entity: { host: 'busy' }, value: 2.25, valueText: '2.25' }]);
  });

  it('compares states; a port shut on purpose is no fault, and shutting it ends one', () => {
    const down = ruleFile({
      measurement: 'interface',
      field: 'oper_status',
      op: 'equals',
      when: { admin_status: 1 },
      entity: ['device', 'interface'],
      levels: [{ severity: 'major', values: [2, 7] }],
      for: '0s',
      clearFor: '0s',
    });
    const engine = harness.start([ruleOf('port_down', down)]);
    const shape = {
      measurement: 'interface',
      tags: ['device', 'interface'],
      fields: ['oper_status', 'admin_status'],
    };
    const see = (atS: number, oper: number, admin: number | undefined): void => {
      const rows = [{ tags: ['sw-1', 'ge0'], timeMs: START + atS * S, values: [oper, admin] }];
      engine.observe(batchOf({ ...shape, seq: atS + 1, rows }), liveContext(START + atS * S));
    };
    see(0, 2, 2);
    see(10, 2, undefined);
    expect(harness.events()).toEqual([]);
    see(20, 7, 1);
    see(30, 1, undefined);
    expect(harness.events()).toEqual(['20 fired']);
    see(40, 2, 2);
    expect(harness.events()).toEqual(['20 fired', '40 resolved']);
  });
});

describe('a rule with a state for each level', () => {
  it('gets worse and better as one alert: neither ends it', () => {
    const worse = ruleFile({
      measurement: 'interface',
      field: 'oper_status',
      entity: ['host', 'interface'],
      op: 'equals',
      levels: [
        { severity: 'minor', values: [5] },
        { severity: 'major', values: [2], for: '60s' },
      ],
      for: '0s',
      clearFor: '20s',
      interval: '10s',
    });
    const engine = harness.start([ruleOf('port', worse)]);
    for (let atS = 0; atS <= 240; atS += 10) {
      const value = atS < 30 ? 5 : atS < 120 ? 2 : atS < 180 ? 5 : 1;
      feed(engine, atS, value, { measurement: 'interface', fields: ['oper_status'] });
    }
    expect(harness.events()).toEqual([
      '0 fired',
      '90 escalated',
      '140 deescalated',
      '180 recovering',
      '200 resolved',
    ]);
  });
});

describe('samples that come late', () => {
  it('starts no alert from backfill', () => {
    const engine = harness.start([atOnce]);
    const rows = [{ tags: ['h'], timeMs: START, values: [99] }];
    engine.observe(batchOf({ rows }), { ...liveContext(START), backfill: true });
    expect(engine.active()).toEqual([]);
    expect(engine.stats()).toMatchObject({ backfillBatches: 1, evaluatedValues: 0 });
  });

  it('ignores a sample older than the newest one of a firing or resolved alert', () => {
    const engine = harness.start([atOnce]);
    feed(engine, 10, 95);
    feed(engine, 5, 20, { arrivesAtS: 11 });
    expect(harness.events()).toEqual(['10 fired']);
    feed(engine, 20, 20);
    feed(engine, 15, 99, { arrivesAtS: 21 });
    expect(harness.events()).toEqual(['10 fired', '20 resolved']);
    expect(engine.stats().lateSamples).toBe(2);
  });

  it('starts nothing from a batch that was overtaken by a newer one of the same measurement', () => {
    const engine = harness.start([atOnce]);
    feed(engine, 30, 20);
    feed(engine, 20, 99);
    expect(harness.events()).toEqual([]);
    feed(engine, 40, 99);
    expect(harness.events()).toEqual(['40 fired']);
  });
});

describe('listing alerts', () => {
  it('pages from the newest to the oldest, by state, severity and unit', () => {
    const levels = [
      { severity: 'minor', raise: 90, clear: 85 },
      { severity: 'critical', raise: 98, clear: 85 },
    ];
    const engine = harness.start([ruleOf('cpu_busy', ruleFile({ levels, for: '0s', clearFor: '0s' }))]);
    const rows = Array.from({ length: 7 }, (_, at) => ({
      tags: [`h${at}`, at < 3 ? '26734' : '26737'],
      timeMs: START,
      values: [at === 6 ? 99 : 95],
    }));
    engine.observe(batchOf({ tags: ['host', 'unit'], rows }), liveContext(START));
    const calm = [{ tags: ['h0', '26734'], timeMs: START + S, values: [10] }];
    engine.observe(batchOf({ tags: ['host', 'unit'], rows: calm, seq: 2 }), liveContext(START + S));

    const hosts = (query: Parameters<AlertEngine['list']>[0]): (string | undefined)[] =>
      engine.list(query).items.map(({ entity }) => entity['host']);
    expect(hosts({ limit: 10, state: 'resolved' })).toEqual(['h0']);
    expect(hosts({ limit: 10, state: 'active', unit: '26734' })).toEqual(['h2', 'h1']);
    expect(hosts({ limit: 10, severity: 'critical' })).toEqual(['h6']);
    const pages: string[][] = [];
    let cursor: string | undefined;
    do {
      const page = engine.list({ limit: 3, ...(cursor !== undefined && { cursor }) });
      pages.push(page.items.map(({ entity }) => entity['host'] ?? ''));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(pages).toEqual([['h6', 'h5', 'h4'], ['h3', 'h2', 'h1'], ['h0']]);
    expect(engine.list({ limit: 3, cursor: 'rubbish' })).toEqual({ items: [] });
    expect(engine.active()[0]?.severity).toBe('critical');
  });

  it('tells those that were withdrawn from those that are resolved', () => {
    const engine = harness.start([atOnce]);
    feed(engine, 0, 95);
    feed(engine, 10, 20);
    feed(engine, 20, 95);
    expect(engine.withdraw('agent-1', START + 30 * S)).toBe(1);
    const ends = (state: 'resolved' | 'withdrawn'): (number | undefined)[] =>
      engine.list({ limit: 10, state }).items.map(({ resolvedAtMs = 0 }) => (resolvedAtMs - START) / S);
    expect(ends('resolved')).toEqual([10]);
    expect(ends('withdrawn')).toEqual([30]);
    expect(harness.events().at(-1)).toBe('30 withdrawn');
  });

  it('shows as withdrawn what an older version recorded as resolved', () => {
    const engine = harness.start([atOnce]);
    feed(engine, 0, 95);
    engine.withdraw('agent-1', START + 10 * S);
    harness.database.prepare(`UPDATE alert SET phase = 'resolved'`).run();
    for (const column of ['acknowledgement', 'assignee', 'shelf', 'learned_late_at_ms']) {
      harness.database.prepare(`ALTER TABLE alert DROP COLUMN ${column}`).run();
    }
    harness.database.prepare('ALTER TABLE alert_event DROP COLUMN details').run();
    harness.database.prepare(`DELETE FROM migration WHERE owner = 'alert' AND step >= 4`).run();
    harness.database.prepare('ALTER TABLE alert DROP COLUMN rule_version').run();
    expect(harness.restart([atOnce]).list({ limit: 1 }).items[0]?.phase).toBe('withdrawn');
  });
});
