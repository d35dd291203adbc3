import { afterEach, beforeEach, expect, it } from 'vitest';
import { CATALOGUE } from '../../../../contract/measurements/index.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from '../load-rules.ts';
import { absenceFile, batchOf, liveContext, ruleOf } from '../../testing/batches-and-rules.ts';
import { EngineHarness, S, START } from '../../testing/engine-harness.ts';

const TWINS = ruleOf(
  'agent_twins',
  absenceFile({ kind: 'agent_problem', problem: 'twins', levels: [{ severity: 'major' }], clearFor: '10s' }),
);

let harness: EngineHarness;
beforeEach(() => {
  harness = new EngineHarness();
});
afterEach(() => harness.end());

function hear(agent: string): void {
  harness.engine.observe(batchOf({ agent, rows: [] }), liveContext(START));
}

it('an agent with a problem raises an alert with its name, until the problem is over', () => {
  const engine = harness.start([TWINS]);
  for (const agent of ['gw-1', 'gw-2']) hear(agent);
  engine.tick(START);
  harness.problems.record({ agent: 'gw-1', problem: 'twins', count: 1, detail: 'two of them' }, START + S);
  harness.problems.record(
    { agent: 'gw-2', problem: 'too_many_series', count: 1, detail: 'other' },
    START + S,
  );
  for (let atS = 1; atS <= 320; atS++) engine.tick(START + atS * S);
  expect(harness.recorded.map(({ alert }) => alert.entity)).toContainEqual({ agent: 'gw-1' });
  expect(harness.recorded.map(({ alert }) => alert.entity)).not.toContainEqual({ agent: 'gw-2' });
  expect(harness.events().map((text) => text.split(' ')[1])).toEqual(['fired', 'recovering', 'resolved']);
});

it('an alert of before a restart ends, too, when the problem is not found again', () => {
  harness.start([TWINS]);
  hear('gw-1');
  harness.problems.record({ agent: 'gw-1', problem: 'twins', count: 1, detail: 'two of them' }, START);
  harness.engine.tick(START);
  harness.liveness.save();
  const again = harness.restart([TWINS]);
  expect(again.active()).toHaveLength(1);
  for (let atS = 1; atS <= 20; atS++) again.tick(START + atS * S);
  expect(again.active()).toEqual([]);
});

it.each([
  ['twins', 'agent_twins'],
  ['too_many_alerts', 'agent_alerts_full'],
  ['implausible_losses', 'agent_losses_implausible'],
  ['too_many_series', 'agent_series_full'],
  ['too_many_refused', 'agent_refused_full'],
] as const)('%s is an alert by the shipped rule %s alone', (problem, rule) => {
  const shipped = loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE);
  const engine = harness.start(shipped.filter(({ settings }) => settings.kind === 'agent_problem'));
  hear('gw-1');
  engine.tick(START);
  expect(engine.active()).toEqual([]);
  harness.problems.record({ agent: 'gw-1', problem, count: 9, detail: 'some' }, START + S);
  engine.tick(START + S);
  expect(engine.active()).toMatchObject([{ rule, entity: { agent: 'gw-1' } }]);
});
