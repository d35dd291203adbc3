import { afterEach, beforeEach, expect, it } from 'vitest';
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
