import { beforeEach, expect, it } from 'vitest';
import { absenceFile, batchOf, liveContext, ruleFile, ruleOf } from '../testing/batches-and-rules.ts';
import { EngineHarness, S, START } from '../testing/engine-harness.ts';
import { UNFINISHED, type EvidenceSources, type TickEvaluator } from '../rules/kinds/rule-kind.ts';
import { TickEvaluations } from './evaluate-tick.ts';
import { createRuntime, type AgentShare, type RuleRuntime } from './rule-runtime.ts';

type TickRuntime = RuleRuntime<TickEvaluator>;

let done: string[];
let found: string[];
let failed: string[];
let evaluations: TickEvaluations;
beforeEach(() => {
  [done, found, failed] = [[], [], []];
  evaluations = new TickEvaluations({
    sources: {} as EvidenceSources,
    alerts: {
      applyEvidence: ({ rule }, { key, sample }, nowMs) =>
        void found.push(`${rule.id} ${key} of ${sample.timeMs} at ${nowMs}`),
      withdrawEntity: () => undefined,
      admits: () => true,
      shareOf: (agent) => ({ agent }) as AgentShare,
    },
    maxPartsPerTick: 3,
    onFailed: ({ rule }) => void failed.push(rule.id),
  });
});

/** Works in so many parts, then finds one thing. */
function rule(id: string, parts: number, changes: Partial<TickEvaluator> = {}): TickRuntime {
  const plain = ruleOf(id, absenceFile());
  const evaluator = {
    ...plain.evaluator,
    judgesReports: true,
    *evaluateAt(nowMs: number) {
      for (let part = 1; part <= parts; part++) {
        done.push(`${id} ${part}`);
        yield UNFINISHED;
      }
      yield {
        ...{ entity: { agent: 'a' }, agent: 'a', location: {}, value: 1, evaluations: ['breach'] },
        ...{ sinceMs: nowMs, mayStart: true },
      };
    },
    ...changes,
  } as TickEvaluator;
  return createRuntime({ ...plain, evaluator }) as TickRuntime;
}

function tick(nowMs: number, ...due: TickRuntime[]): string[] {
  for (const runtime of due) evaluations.begin(runtime, nowMs);
  evaluations.goOn(nowMs);
  return done.splice(0);
}

it('a tick does so many parts of all rules over reports together, and the next ones the rest', () => {
  const [long, short] = [rule('long', 4), rule('short', 1)];
  expect(tick(1, long, short)).toEqual(['long 1', 'long 2', 'long 3']);
  expect(found).toEqual([]);
  expect(tick(2)).toEqual(['long 4', 'short 1']);
  expect(found).toEqual(['long a of 1 at 2', 'short a of 1 at 2']);
  expect(tick(3)).toEqual([]);
});

it('one that is due again before it is done goes on, and does not begin anew', () => {
  const long = rule('long', 5);
  tick(1, long);
  expect(tick(2, long)).toEqual(['long 4', 'long 5']);
  expect(found).toEqual(['long a of 1 at 2']);
});

it('what judges no reports waits for nothing', () => {
  tick(1, rule('long', 9));
  expect(tick(2, rule('silence', 0, { judgesReports: undefined as never }))).toHaveLength(3);
  expect(found).toEqual(['silence a of 2 at 2']);
});

it('one that fails, and one that is no more, hold up nobody', () => {
  const broken = rule('broken', 0, {
    *evaluateAt() {
      throw new Error('a bug');
    },
  });
  const gone = rule('gone', 9);
  tick(1, broken, gone);
  evaluations.keepOnly([broken]);
  expect(tick(2, rule('short', 1))).toEqual(['short 1']);
  expect([failed, found]).toEqual([['broken'], ['short a of 2 at 2']]);
});

it('a rule over 25,000 series looks at 10,000 of them a tick, and fires once it has seen all', () => {
  const harness = new EngineHarness();
  const conditions = [
    { measurement: 'cpu', field: 'usage_active', above: 90 },
    { measurement: 'system', field: 'load1', above: 4 },
  ];
  const { name, action, eventType, probableCause } = ruleFile();
  const content = {
    ...{ kind: 'composite', name, action, eventType, probableCause, entity: ['host'], interval: '10s' },
    ...{ conditions, levels: [{ severity: 'major', need: 'all' }], for: '0s', clearFor: '0s' },
  };
  harness.start([ruleOf('overloaded', content)]);
  const hosts = Array.from({ length: 12_500 }, (_, at) => `h-${at}`);
  for (const [seq, [measurement, field, value]] of (
    [
      ['cpu', 'usage_active', 99],
      ['system', 'load1', 9],
    ] as const
  ).entries()) {
    const rows = hosts.map((host, at) => ({
      tags: [host],
      timeMs: START + 30 * S,
      values: [at === 0 ? value : 1],
    }));
    harness.engine.observe(
      batchOf({ measurement, seq: seq + 1, fields: [field], rows }),
      liveContext(START + 30 * S),
    );
  }
  const firedAt = [30, 31, 32, 33].filter((atS) => {
    harness.engine.tick(START + atS * S);
    return harness.engine.active().length > 0;
  });
  harness.end();
  expect(firedAt[0]).toBe(32);
});
