import { expect, it } from 'vitest';
import { scoreCard } from '../scenarios/score-card.ts';
import type { ScenarioScore } from '../scenarios/score-scenario.ts';
import { reportPage, type ReportedRun } from './report-page.ts';

const MINUTE_MS = 60_000;
const ALL = { of: 1, good: 1 };

function run(scenario: string, failures: readonly string[]): ReportedRun {
  const score: ScenarioScore = {
    ...{ scenario, seed: 3, due: ALL, toldS: [38], roots: ALL, paths: ALL, symptoms: ALL },
    ...{ alerts: 1, falseAlerts: 0, pages: 1, falsePages: 0, duplicates: 0, falseResolves: 0, orphans: 0 },
    ...{ incidents: 1, messagesPerIncident: 2, suppressedMinutes: 0, pagesPerOperator: 0.25, failures },
  };
  const alert = {
    ...{ rule: 'link_down', severity: 'critical' as const, about: 'link:up-hub-01', isHistory: false },
    ...{ from: 12 * MINUTE_MS, fired: 12.5 * MINUTE_MS, to: 18 * MINUTE_MS },
  };
  return {
    score,
    title: { en: `Title of <${scenario}>`, vi: 'Đứt cáp' },
    timeline: {
      lengthMs: 26 * MINUTE_MS,
      faults: [{ what: 'hub_uplink_cut hub-01', from: 12 * MINUTE_MS, to: 18 * MINUTE_MS }],
      alerts: Array.from({ length: 45 }, () => alert),
      messages: [{ at: 13 * MINUTE_MS, channel: 'pager', what: 'begin', text: 'begin link_down' }],
    },
  };
}

it('shows what failed first and open, each in its own words, and loads nothing', () => {
  const runs = [run('good', []), run('bad', ['expected <this>, got that'])];
  const rules = [
    { rule: 'link_down', firedIn: ['bad'], quietIn: ['good', 'boundaries'] },
    { rule: 'site_cut', firedIn: [], quietIn: ['good'] },
  ];
  const page = reportPage(runs, scoreCard(runs.map(({ score }) => score)), rules);
  expect(page).toContain('Rules: 1 of 2 were seen to fire and to stay quiet');
  expect(page).toContain(
    '<tr><th scope="row">link_down</th><td>bad</td><td>good and 1 more</td></tr>\n<tr><th scope="row">site_cut</th><td>–</td><td>good</td></tr>',
  );
  expect(page).toContain('1 of 2 runs met their expectations');
  expect(page.indexOf('<strong>bad')).toBeLessThan(page.indexOf('<strong>good'));
  expect(page.match(/<details open>/g)).toHaveLength(1);
  expect(page).toContain('expected &lt;this&gt;, got that');
  expect(page).toContain('Title of &lt;bad&gt;');
  expect(page).not.toMatch(/<this>|src=|href=|url\(|http/);
  // A storm is not drawn in hundreds of rows.
  expect(page).toContain('and 5 more alerts');
  expect(page).toContain('link_down (critical) link:up-hub-01: began 12:00, fired 12:30, over 18:00');
});
