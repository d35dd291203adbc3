import { cardLines, type ScoreCard } from '../scenarios/score-card.ts';
import type { ScenarioScore } from '../scenarios/score-scenario.ts';
import type { Timeline } from '../scenarios/timeline.ts';
import { uncovered, type CoveredRule } from '../score/covered-rules.ts';
import { escapeHtml } from './escape-html.ts';
import { REPORT_STYLE } from './report-style.ts';
import { timelineSvg } from './timeline-svg.ts';

export interface ReportedRun {
  readonly score: ScenarioScore;
  readonly title: { readonly en: string; readonly vi: string };
  readonly timeline: Timeline;
}

/** One page that needs nothing else: the card, then each run with its timeline, those that failed first and open. Pure. */
export function reportPage(
  runs: readonly ReportedRun[],
  card: ScoreCard,
  rules: readonly CoveredRule[],
): string {
  const isFailed = ({ score }: ReportedRun): boolean => score.failures.length > 0;
  const sorted = [...runs.filter(isFailed), ...runs.filter((run) => !isFailed(run))];
  const rows = cardLines(card).map(
    ([figure, value, bar]) =>
      `<tr><th scope="row">${escapeHtml(figure)}</th><td>${escapeHtml(value)}</td><td>${escapeHtml(bar)}</td></tr>`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Rehearsal</title>
<style>${REPORT_STYLE}</style>
<main>
<h1>Rehearsal: ${card.passed} of ${card.runs} runs met their expectations</h1>
<table>
<thead><tr><th scope="col">Figure</th><th scope="col">Value</th><th scope="col">Bar</th></tr></thead>
<tbody>${rows.join('\n')}</tbody>
</table>
<p class="legend"><i class="fault"></i>what was wrong <i class="warning"></i>finding <i class="minor"></i>minor <i class="major"></i>major <i class="critical"></i>critical <i class="history"></i>known afterwards, told to nobody. Messages: <b class="begin">▼</b> begin, <b class="end">▲</b> end, <b class="other">•</b> more of it. Minutes since the begin of the scenario.</p>
${sorted.map(runSection).join('\n')}
${rulesSection(rules)}
</main>
</html>
`;
}

function rulesSection(rules: readonly CoveredRule[]): string {
  const lacking = uncovered(rules);
  const where = (names: readonly string[]): string => {
    const [first] = names;
    if (first === undefined) return '–';
    return escapeHtml(names.length === 1 ? first : `${first} and ${names.length - 1} more`);
  };
  const rows = rules.map(
    ({ rule, firedIn, quietIn }) =>
      `<tr><th scope="row">${escapeHtml(rule)}</th><td>${where(firedIn)}</td><td>${where(quietIn)}</td></tr>`,
  );
  return `<details>
<summary>Rules: ${rules.length - lacking.length} of ${rules.length} were seen to fire and to stay quiet</summary>
<table>
<thead><tr><th scope="col">Rule</th><th scope="col">Fired in</th><th scope="col">Quiet in</th></tr></thead>
<tbody>${rows.join('\n')}</tbody>
</table>
</details>`;
}

function runSection({ score, title, timeline }: ReportedRun): string {
  const { scenario, seed, failures, due, roots, paths, symptoms, toldS, pages, falsePages } = score;
  const isMet = failures.length === 0;
  const part = ({ good, of }: { readonly good: number; readonly of: number }): string =>
    of === 0 ? '–' : `${good} of ${of}`;
  const told = toldS.length === 0 ? '–' : `${Math.round(Math.max(...toldS))} s`;
  const facts = [
    `due ${part(due)}`,
    `told after ${told}`,
    `root ${part(roots)}`,
    `path ${part(paths)}`,
    `symptoms ${part(symptoms)}`,
    `pages ${pages}, false ${falsePages}`,
  ];
  const list = failures.map((failure) => `<li>${escapeHtml(failure)}</li>`).join('');
  return `<details${isMet ? '' : ' open'}>
<summary><span class="verdict ${isMet ? 'met' : 'missed'}">${isMet ? 'met' : 'NOT MET'}</span> <strong>${escapeHtml(scenario)}</strong>, seed ${seed}: ${escapeHtml(title.en)} <span lang="vi">· ${escapeHtml(title.vi)}</span></summary>
<p>${escapeHtml(facts.join(' · '))}</p>
${list === '' ? '' : `<ul>${list}</ul>`}
<div class="timeline">${timelineSvg(timeline, `${scenario}, seed ${seed}`)}</div>
</details>`;
}
