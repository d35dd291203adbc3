import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AlertRule } from '../rules/rule.ts';
import { batchOf, liveContext, ruleFile, ruleOf } from '../testing/batches-and-rules.ts';
import { EngineHarness, S, START } from '../testing/engine-harness.ts';

let harness: EngineHarness;
beforeEach(() => {
  harness = new EngineHarness();
});
afterEach(() => harness.end());

function rule(changes: Record<string, unknown>): AlertRule {
  return ruleOf('cpu_busy', ruleFile({ for: '0s', clearFor: '0s', ...changes }));
}

/** Both fields of host h at site s-1. */
function see(atS: number, active: number, steal = 0): void {
  const rows = [{ tags: ['h', 's-1'], timeMs: START + atS * S, values: [active, steal] }];
  const shape = { tags: ['host', 'site'], fields: ['usage_active', 'usage_steal'] };
  harness.engine.observe(batchOf({ ...shape, seq: atS + 1, rows }), liveContext(START + atS * S));
}

describe.each([
  ['between two runs', (rules: readonly AlertRule[]) => harness.restart(rules)],
  ['while central runs', (rules: readonly AlertRule[]) => harness.replaceRules(rules)],
])('a rule that is edited while its alert fires, %s', (_when, edit) => {
  it('so that it no longer takes the entity: the alert is withdrawn', () => {
    harness.start([rule({})]);
    see(0, 95);
    edit([rule({ where: { site: ['s-2'] } })]);
    see(10, 95);
    expect(harness.engine.active()).toEqual([]);
    expect(harness.recorded.at(-1)?.event.kind).toBe('withdrawn');
  });

  it('with another filter that still takes the entity: the alert goes on', () => {
    harness.start([rule({ where: { site: 's-1' } })]);
    see(0, 95);
    edit([rule({ where: { site: ['s-1', 's-2'] } })]);
    see(10, 20);
    expect(harness.events()).toEqual(['0 fired', '10 resolved']);
  });

  it('to another field: the alert is withdrawn, and the field is judged anew', () => {
    harness.start([rule({})]);
    see(0, 95);
    edit([rule({ field: 'usage_steal' })]);
    expect(harness.engine.active()).toEqual([]);
    see(10, 20, 99);
    expect(harness.engine.active()).toMatchObject([{ startedAtMs: START + 10 * S, value: 99 }]);
    expect(harness.recorded.map(({ event }) => event.kind)).toEqual(['fired', 'withdrawn', 'fired']);
  });

  it('to another direction: the same', () => {
    harness.start([rule({})]);
    see(0, 95);
    edit([rule({ op: 'below', levels: [{ severity: 'minor', raise: 5, clear: 10 }] })]);
    expect(harness.engine.active()).toEqual([]);
  });

  it.each([
    ['critical', 'escalated'],
    ['warning', 'deescalated'],
  ])('to severity %s: it is the same alert, since the same time', (severity, event) => {
    harness.start([rule({})]);
    see(0, 95);
    const edited = rule({ levels: [{ severity, raise: 90, clear: 85 }] });
    expect(edit([edited]).active()).toMatchObject([{ severity, startedAtMs: START }]);
    harness.engine.tick(START + S);
    see(10, 96);
    expect(edit([edited]).active()).toHaveLength(1);
    see(20, 20);
    expect(harness.events()).toEqual(['0 fired', `0 ${event}`, '20 resolved']);
  });

  it('so that the level that fired is gone: it goes on at the nearest one', () => {
    const two = [
      { severity: 'minor', raise: 90, clear: 85 },
      { severity: 'critical', raise: 98, clear: 95 },
    ];
    harness.start([rule({ levels: two })]);
    see(0, 99);
    edit([rule({ levels: two.slice(0, 1) })]);
    expect(harness.engine.active()).toMatchObject([{ severity: 'minor', startedAtMs: START }]);
  });

  it('to other limits only: the alert goes on by the new ones', () => {
    harness.start([rule({})]);
    see(0, 95);
    edit([rule({ levels: [{ severity: 'minor', raise: 99, clear: 98 }] })]);
    see(10, 95);
    expect(harness.events()).toEqual(['0 fired', '10 resolved']);
  });

  it('while a breach is pending: it does not count toward `for` of what is evaluated now', () => {
    const times = { for: '30s', interval: '10s' };
    harness.start([rule(times)]);
    for (const atS of [0, 10, 20]) see(atS, 95, 95);
    harness.engine.tick(START + 20 * S);
    edit([rule({ ...times, field: 'usage_steal' })]);
    for (const atS of [30, 40, 50]) see(atS, 95, 95);
    expect(harness.events()).toEqual([]);
    see(60, 95, 95);
    expect(harness.engine.active()).toMatchObject([{ startedAtMs: START + 30 * S }]);
  });
});

describe('rules that are replaced while central runs', () => {
  const other = ruleOf('cpu_steal', ruleFile({ field: 'usage_steal', for: '0s', clearFor: '0s' }));

  it('do not touch the alerts of those that stayed the same', () => {
    harness.start([rule({}), other]);
    see(0, 95, 95);
    const before = harness.engine.active().find(({ rule: id }) => id === 'cpu_steal');
    harness.replaceRules([rule({ levels: [{ severity: 'critical', raise: 90, clear: 85 }] }), other]);
    expect(harness.engine.active().find(({ rule: id }) => id === 'cpu_steal')).toEqual(before);
    expect(harness.events()).toEqual(['0 fired', '0 fired', '0 escalated']);
  });

  it('count a breach that is pending on, and no sample twice', () => {
    const times = { for: '30s', interval: '10s' };
    harness.start([rule(times)]);
    for (const atS of [0, 10, 20]) see(atS, 95);
    harness.replaceRules([rule({ ...times, action: { en: 'Call the owner.', vi: 'Gọi chủ máy.' } })]);
    see(20, 95);
    expect(harness.engine.active()).toEqual([]);
    see(30, 95);
    expect(harness.engine.active()).toMatchObject([
      { startedAtMs: START, action: { en: 'Call the owner.', vi: 'Gọi chủ máy.' } },
    ]);
  });

  it('withdraw the alerts of one that is gone, and begin anew once it is back', () => {
    harness.start([rule({}), other]);
    see(0, 95, 95);
    harness.replaceRules([other]);
    expect(harness.engine.active().map((alert) => alert.rule)).toEqual(['cpu_steal']);
    see(10, 95, 95);
    harness.replaceRules([other, rule({})]);
    see(20, 95, 95);
    expect(harness.engine.active().map((alert) => [alert.rule, (alert.startedAtMs - START) / S])).toEqual([
      ['cpu_busy', 20],
      ['cpu_steal', 0],
    ]);
    expect(harness.engine.rules.all().map(({ id }) => id)).toEqual(['cpu_steal', 'cpu_busy']);
  });

  it('leave on disk what they leave in memory: a kill right after changes nothing', () => {
    harness.start([rule({}), other]);
    see(0, 95, 95);
    const edited = [rule({ levels: [{ severity: 'major', raise: 90, clear: 85 }] })];
    const running = harness.replaceRules(edited).active();
    expect(harness.restart(edited).active()).toEqual(running);
    see(10, 20, 20);
    expect(harness.events()).toEqual(['0 fired', '0 fired', '0 withdrawn', '0 escalated', '10 resolved']);
  });

  it('judge rows of a measurement that no rule read before', () => {
    harness.start([]);
    see(0, 95);
    harness.replaceRules([rule({})]);
    see(10, 95);
    expect(harness.events()).toEqual(['10 fired']);
  });

  it('keep the version that an alert fired by with the alert', () => {
    harness.start([{ ...rule({}), version: 3 }]);
    see(0, 95);
    harness.replaceRules([{ ...rule({ clearFor: '1m' }), version: 4 }]);
    expect(harness.engine.active()).toMatchObject([{ ruleVersion: 3 }]);
    expect(harness.restart([{ ...rule({ clearFor: '1m' }), version: 4 }]).active()).toMatchObject([
      { ruleVersion: 3 },
    ]);
  });
});
