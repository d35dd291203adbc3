import { quantile } from '../score/quantile.ts';
import type { Part, ScenarioScore } from './score-scenario.ts';

/** Over all runs of some scenarios. Shares in per cent; undefined: there was nothing to judge. */
export interface ScoreCard {
  readonly scenarios: number;
  readonly runs: number;
  readonly passed: number;
  readonly recallPct: number | undefined;
  readonly rootExactPct: number | undefined;
  readonly pathGroundedPct: number | undefined;
  readonly symptomsAttributedPct: number | undefined;
  readonly falsePagesPct: number | undefined;
  /** Since the begin of the fault. */
  readonly toldP50S: number | undefined;
  readonly toldP95S: number | undefined;
  readonly falseAlerts: number;
  readonly duplicates: number;
  readonly falseResolves: number;
  readonly orphans: number;
  readonly messagesPerIncident: number;
  readonly suppressedMinutes: number;
  /** The most of any run, outside storms. */
  readonly pagesPerOperatorMost: number;
}

/** Pure. */
export function scoreCard(scores: readonly ScenarioScore[]): ScoreCard {
  const sum = (of: (score: ScenarioScore) => number): number =>
    scores.reduce((total, score) => total + of(score), 0);
  const share = (of: (score: ScenarioScore) => Part): number | undefined =>
    percent(
      sum((score) => of(score).good),
      sum((score) => of(score).of),
    );
  const toldS = scores.flatMap((score) => score.toldS);
  const incidents = sum((score) => score.incidents);
  const seconds = (part: number): number | undefined => {
    const found = quantile(toldS, part);
    return found === undefined ? undefined : tenth(found);
  };
  return {
    scenarios: new Set(scores.map(({ scenario }) => scenario)).size,
    runs: scores.length,
    passed: scores.filter(({ failures }) => failures.length === 0).length,
    recallPct: share(({ due }) => due),
    rootExactPct: share(({ roots }) => roots),
    pathGroundedPct: share(({ paths }) => paths),
    symptomsAttributedPct: share(({ symptoms }) => symptoms),
    falsePagesPct: percent(
      sum(({ falsePages }) => falsePages),
      sum(({ pages }) => pages),
    ),
    ...{ toldP50S: seconds(0.5), toldP95S: seconds(0.95) },
    falseAlerts: sum(({ falseAlerts }) => falseAlerts),
    duplicates: sum(({ duplicates }) => duplicates),
    falseResolves: sum(({ falseResolves }) => falseResolves),
    orphans: sum(({ orphans }) => orphans),
    messagesPerIncident:
      incidents === 0 ? 0 : tenth(sum((score) => score.messagesPerIncident * score.incidents) / incidents),
    suppressedMinutes: tenth(sum(({ suppressedMinutes }) => suppressedMinutes)),
    pagesPerOperatorMost: hundredth(Math.max(0, ...scores.map(({ pagesPerOperator }) => pagesPerOperator))),
  };
}

/** Name, value and bar of each figure, as a table shows them. Pure. */
export function cardLines(
  card: ScoreCard,
): readonly (readonly [figure: string, value: string, bar: string])[] {
  const pct = (value: number | undefined): string => (value === undefined ? '–' : `${value} %`);
  const seconds = (value: number | undefined): string => (value === undefined ? '–' : `${value} s`);
  return [
    ['runs that met their expectations', `${card.passed} of ${card.runs}`, 'all'],
    ['told in time, of what was due', pct(card.recallPct), '≥ 99 %'],
    ['root exact', pct(card.rootExactPct), '≥ 98 %'],
    ['path grounded', pct(card.pathGroundedPct), '≥ 95 %'],
    ['symptoms attributed', pct(card.symptomsAttributedPct), ''],
    ['false pages', pct(card.falsePagesPct), '< 2 %'],
    ['told after the begin, p50 / p95', `${seconds(card.toldP50S)} / ${seconds(card.toldP95S)}`, ''],
    ['false resolves', String(card.falseResolves), '0'],
    ['orphans', String(card.orphans), '0'],
    ['minutes wrongly suppressed', String(card.suppressedMinutes), '0'],
    ['false alerts / duplicates', `${card.falseAlerts} / ${card.duplicates}`, ''],
    ['messages an incident, to all channels', String(card.messagesPerIncident), ''],
    ['pages an operator and 10 min, most', String(card.pagesPerOperatorMost), '≤ 1'],
  ];
}

function percent(good: number, of: number): number | undefined {
  return of === 0 ? undefined : hundredth((100 * good) / of);
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}

function hundredth(value: number): number {
  return Math.round(value * 100) / 100;
}
