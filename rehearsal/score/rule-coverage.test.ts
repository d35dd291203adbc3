import { expect, it } from 'vitest';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import type { AlertDetail } from '../../central/alerts/history/alert.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from '../../central/alerts/rules/load-rules.ts';
import { ruleCoverage } from './rule-coverage.ts';

const rules = loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE);

function fired(...ids: readonly string[]): readonly AlertDetail[] {
  return ids.map((rule) => ({ rule }) as AlertDetail);
}

it('each shipped rule stands in exactly one of the three lists', () => {
  const {
    fired: some,
    quiet,
    untried,
  } = ruleCoverage(rules, { alerts: fired('ping_loss'), measured: ['ping'] });
  expect([...some, ...quiet, ...untried].sort()).toEqual(rules.map(({ id }) => id).sort());
});

it('a rule that stays quiet is told from one that had nothing to judge', () => {
  const {
    fired: some,
    quiet,
    untried,
  } = ruleCoverage(rules, { alerts: fired('ping_loss'), measured: ['ping'] });
  expect(some).toEqual(['ping_loss']);
  expect(quiet).toContain('ping_slow');
  expect(untried).toContain('room_smoke');
  // It judges agents, of which there always are some.
  expect(quiet).toContain('agent_silent');
});

it('a kind is named where none of its rules fired', () => {
  const { kindsNeverFired } = ruleCoverage(rules, { alerts: fired('temperature_differs'), measured: [] });
  expect(kindsNeverFired).not.toContain('peers');
  expect(kindsNeverFired).toContain('burn_rate');
});
