import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from '../../central/alerts/rules/load-rules.ts';
import { BOUNDARIES_DIRECTORY, loadBoundaryTests } from '../mutations/boundary-tests.ts';
import { ruleCoverage } from './rule-coverage.ts';
import { CoveredRules, uncovered } from './covered-rules.ts';

const shipped = loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE);
const rules = shipped.filter(({ id }) => ['cpu_busy', 'link_down', 'room_smoke'].includes(id));
const firing = (rule: string) => ({ rule }) as never;

describe('the rules that a rehearsal covers', () => {
  it('fired in one run and stayed quiet in another one in which there was something to judge', () => {
    const covered = new CoveredRules(rules);
    covered.addRun('busy', ruleCoverage(rules, { alerts: [firing('cpu_busy')], measured: ['cpu'] }));
    covered.addRun('calm', ruleCoverage(rules, { alerts: [], measured: ['cpu'] }));
    expect(covered.list()).toEqual([
      { rule: 'cpu_busy', firedIn: ['busy'], quietIn: ['calm'] },
      { rule: 'link_down', firedIn: [], quietIn: ['busy', 'calm'] },
      { rule: 'room_smoke', firedIn: [], quietIn: [] },
    ]);
    expect(uncovered(covered.list())).toEqual(['link_down', 'room_smoke']);
  });

  it('are all that samples can feed, by the tests of their boundaries', () => {
    const covered = new CoveredRules(shipped);
    covered.addTests(loadBoundaryTests(BOUNDARIES_DIRECTORY, { catalogue: CATALOGUE, rules: shipped }));
    const fed = shipped.filter(
      ({ evaluator: { reads, measurement }, settings: { kind } }) =>
        (reads === 'rows' && measurement !== 'canary') || kind === 'absence',
    );
    const missing = uncovered(covered.list());
    expect(fed.map(({ id }) => id).filter((id) => missing.includes(id))).toEqual([]);
  });
});
