import type { AlarmRate } from './alarm-rate.ts';
import { quantile } from './quantile.ts';
import { isCut } from './messages.ts';
import type { RuleCoverage } from './rule-coverage.ts';
import type { Score } from './score.ts';

/** A figure beside what it has to be. */
export interface BarLine {
  readonly figure: string;
  readonly value: string;
  readonly bar: string;
  /** undefined: for information, or nothing came that could be judged. */
  readonly isMet: boolean | undefined;
}

/** Who shares the pages of a city. */
export const OPERATORS = 2;

/** Pure. */
export function barsOf(score: Score, rate: AlarmRate, coverage: RuleCoverage): readonly BarLine[] {
  const { detections, missed, roots, pages, falsePages, messagesPer, siteDownToldMs } = score;
  const told = detections.flatMap(({ trouble: { due }, toldAtMs }) =>
    due === undefined || toldAtMs === undefined ? [] : [Math.max(0, toldAtMs - due.visibleFromMs)],
  );
  const untold = detections.length - told.length;
  const late = detections.filter(({ trouble: { due }, toldAtMs = 0 }) => toldAtMs > (due?.byMs ?? Infinity));
  const fired = detections.length - missed.length;
  const cuts = messagesPer.filter(({ trouble }) => isCut(trouble));
  const perOperator = rate.mean / OPERATORS;
  const exact = roots.filter(({ isExact }) => isExact).length;
  const findings = score.falseFindings.length;
  return [
    ofSome(detections.length, none('due troubles that nobody was told of', untold)),
    ofSome(detections.length, none('told later than due', late.length)),
    ofSome(detections.length, atLeast('recall: due alerts that fired', share(fired, detections.length), 100)),
    ofSome(
      roots.length,
      atLeast('root named exactly, of incidents that were told', share(exact, roots.length), 95),
    ),
    ofSome(
      cuts.length,
      atMost('messages that begin one cut, most', Math.max(0, ...cuts.map(({ begins }) => begins)), 1),
    ),
    ofSome(pages.length, none('pages from the backlog', score.backlogPages.length)),
    ofSome(score.ended, none('false resolves', score.falseResolves.length)),
    ofSome(score.messages, none('orphans: told of a begin, never of its end', score.orphans.length)),
    ofSome(score.messages, none('told twice of the same step', score.toldTwice.length)),
    ofSome(pages.length, below('false pages', share(falsePages.length, pages.length), 2)),
    ofSome(
      siteDownToldMs.length,
      atMost('site down told after, most, s', Math.max(0, ...siteDownToldMs) / 1_000, 60),
    ),
    ofSome(
      rate.windows,
      atMost(`pages an operator (of ${OPERATORS}) and 10 min outside storms`, perOperator, 1),
    ),
    ofSome(fired, none('minutes wrongly suppressed', Math.round(score.suppressedMinutes))),
    info(
      'told after it can be seen, p50 / p95, s',
      `${seconds(quantile(told, 0.5))} / ${seconds(quantile(told, 0.95))}`,
    ),
    info('troubles that were due / alerts', `${detections.length} / ${score.alertCount}`),
    info('pages / most in 10 min outside storms', `${pages.length} / ${rate.most}`),
    info('false alerts / false findings', `${score.falseAlerts.length} / ${findings}`),
    info('duplicates: another alert of the same trouble', String(score.duplicates.length)),
    info('messages of a trouble that was told, mean', text(mean(messagesPer.map(({ all }) => all)))),
    info(
      'rules that fired / stayed quiet / had nothing to judge',
      `${coverage.fired.length} / ${coverage.quiet.length} / ${coverage.untried.length}`,
    ),
    info('kinds of rules of which none fired', coverage.kindsNeverFired.join(', ') || 'none'),
  ];
}

/** Of nothing nothing is shown: the bar is neither met nor missed. */
export function ofSome(count: number, line: BarLine): BarLine {
  return count === 0 ? { ...line, value: '–', isMet: undefined } : line;
}

export function none(figure: string, value: number): BarLine {
  return { figure, value: String(value), bar: '0', isMet: value === 0 };
}

function atLeast(figure: string, value: number, bar: number): BarLine {
  return {
    figure,
    value: `${text(value)} %`,
    bar: bar === 100 ? '100 %' : `≥ ${bar} %`,
    isMet: value >= bar,
  };
}

function below(figure: string, value: number, bar: number): BarLine {
  return { figure, value: `${text(value)} %`, bar: `< ${bar} %`, isMet: value < bar };
}

export function atMost(figure: string, value: number, bar: number): BarLine {
  return { figure, value: text(value), bar: `≤ ${bar}`, isMet: value <= bar };
}

function info(figure: string, value: string): BarLine {
  return { figure, value, bar: '', isMet: undefined };
}

/** In percent. */
function share(part: number, whole: number): number {
  return (100 * part) / whole;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? '–' : text(ms / 1_000);
}

function text(value: number): string {
  return String(Math.round(value * 100) / 100);
}
