import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { createRule } from '../../central/alerts/rules/create-rule.ts';
import { ruleKinds } from '../../central/alerts/rules/kinds/index.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from '../../central/alerts/rules/load-rules.ts';
import type { AlertRule } from '../../central/alerts/rules/rule.ts';
import { BOUNDARIES_DIRECTORY, isAsExpected, loadBoundaryTests } from './boundary-tests.ts';
import { mutantsOf } from './mutants.ts';
import { MutationScore } from './mutation-score.ts';
import { scoreByBoundaries } from './score-by-boundaries.ts';

const rules = loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE);
const context = { catalogue: CATALOGUE, rules };
const tests = loadBoundaryTests(BOUNDARIES_DIRECTORY, context);

function shipped(id: string, changes: object = {}): AlertRule {
  const content = { ...(rules.find((rule) => rule.id === id)?.content as object), ...changes };
  return createRule({ id, source: 'test', content }, CATALOGUE, ruleKinds);
}

describe('mutants of a rule', () => {
  it('have each limit and time 20 % up and down, or as far as the rule allows', () => {
    expect(mutantsOf(shipped('cpu_busy'), CATALOGUE).map(({ name }) => name)).toEqual([
      // No processor is busier than 100 %.
      'cpu_busy: levels[0].raise 90 → 99',
      // Below its end at 85 there is no begin.
      'cpu_busy: levels[0].raise 90 → 85.5',
      'cpu_busy: levels[0].clear 85 → 89.25',
      'cpu_busy: levels[0].clear 85 → 68',
      'cpu_busy: for 15m → 18m',
      'cpu_busy: for 15m → 12m',
      'cpu_busy: clearFor 5m → 6m',
      'cpu_busy: clearFor 5m → 4m',
    ]);
  });

  it('have each condition left out, unless the rule cannot do without', () => {
    expect(mutantsOf(shipped('power_runtime_low'), CATALOGUE).map(({ name }) => name)).toContain(
      'power_runtime_low: when left out',
    );
  });

  it('move whole numbers by one at least, and nothing where there is nothing to move', () => {
    expect(mutantsOf(shipped('events_critical'), CATALOGUE).map(({ name }) => name)).not.toContainEqual(
      expect.stringContaining('→ 0s'),
    );
    const [up] = mutantsOf(shipped('collector_failing'), CATALOGUE);
    expect(up?.name).toMatch(/raise 0(\.5)? → 1/);
  });
});

describe('the mutation score', () => {
  const scoreOf = (id: string): MutationScore => {
    const score = new MutationScore();
    expect(scoreByBoundaries(shipped(id), tests.get(id) ?? [], context, score)).toEqual([]);
    return score;
  };

  it.each(['agent_queue_full', 'device_down', 'power_runtime_low'])('of %s is full', (id) => {
    expect(scoreOf(id)).toMatchObject({ survivors: [], noticedPct: 100 });
  });

  it('names who survives, by tests that do not look at everything', () => {
    const [first] = tests.get('power_runtime_low') ?? [];
    const score = new MutationScore();
    scoreByBoundaries(shipped('power_runtime_low'), [first!], context, score);
    expect(score.noticedPct).toBeLessThan(100);
    expect(score.survivors).toContain('power_runtime_low: clearFor 5m → 6m');
  });

  it('counts nothing of a rule that is not as its own tests expect', () => {
    const rule = shipped('power_runtime_low', { clearFor: '7m' });
    const score = new MutationScore();
    const failures = scoreByBoundaries(rule, tests.get(rule.id) ?? [], context, score);
    expect(failures.length).toBeGreaterThan(0);
    expect(score).toMatchObject({ mutants: 0, noticedPct: undefined });
  });
});

describe('each boundary test', () => {
  const some = rules.filter(({ id }, at) => at % 8 === 0 && tests.has(id));
  it.each(some.map(({ id }) => id))('of %s holds', (id) => {
    for (const test of tests.get(id) ?? []) expect(isAsExpected(test, shipped(id), context)).toBe(true);
  });
});
