import { afterEach, beforeEach, expect, it } from 'vitest';
import { ruleFile, ruleOf } from '../testing/batches-and-rules.ts';
import { EngineHarness, feed } from '../testing/engine-harness.ts';
import { openAlertTransitions } from './alert-transitions.ts';

const RULES = [ruleOf('cpu_busy', ruleFile({ for: '0s', clearFor: '0s' }))];

let harness: EngineHarness;
beforeEach(() => {
  harness = new EngineHarness();
});
afterEach(() => harness.end());

it('gives each step once, in order, with what is known of the alert, also over a restart', () => {
  feed(harness.start(RULES), 0, 95);
  const first = openAlertTransitions(harness.database).after(0, 10);
  expect(first.map(({ kind }) => kind)).toEqual(['started', 'fired']);
  expect(first[1]).toMatchObject({
    severity: 'minor',
    value: 95,
    alert: { rule: 'cpu_busy', entity: { host: 'h' }, isOpen: true },
  });
  feed(harness.restart(RULES), 60, 10);
  const transitions = openAlertTransitions(harness.database);
  const next = transitions.after(first.at(-1)?.sequence ?? 0, 10);
  expect(next.map(({ kind, alert }) => [kind, alert.id, alert.isOpen])).toEqual([
    ['resolved', first[0]?.alert.id, false],
  ]);
  expect(transitions.newestSequence()).toBe(next[0]?.sequence);
  expect(transitions.after(0, 2)).toHaveLength(2);
});

it('gives the alerts that are open, with where each stands', () => {
  const engine = harness.start(RULES);
  feed(engine, 0, 95);
  const transitions = openAlertTransitions(harness.database);
  expect(transitions.ofOpenAlerts().map(({ kind }) => kind)).toEqual(['fired']);
  feed(engine, 60, 10);
  expect(transitions.ofOpenAlerts()).toEqual([]);
});

it('are told with the value of each step, also once the alert has another', () => {
  const engine = harness.start(RULES);
  feed(engine, 0, 95);
  feed(engine, 60, 10);
  const told = engine.transitions({ fromMs: 0, toMs: Infinity, afterNumber: -1, limit: 10 });
  expect(told.map(({ event, alert }) => [event.kind, alert.valueText])).toEqual([
    ['started', '95 %'],
    ['fired', '95 %'],
    ['resolved', '10 %'],
  ]);
});
