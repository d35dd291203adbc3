import { SEVERITIES, type Severity } from '../rules/severity.ts';
import type { Replay, ReplayedAlert } from './replay.ts';

/** The alerts of a backtest, in numbers: counts, and no averages that the time asked for does not carry. */
export interface BacktestSummary {
  readonly total: number;
  /** By the gravest severity that each had. */
  readonly bySeverity: Readonly<Record<Severity, number>>;
  /** What they are about. */
  readonly entities: number;
  /** Not over at the end. */
  readonly open: number;
  /** That a route of notifications takes; undefined: nobody is told of anything. */
  readonly told?: number;
  /** Fired on each calendar day; days that were judged in part say so. */
  readonly byDay: readonly { readonly day: string; readonly fired: number; readonly isWhole: boolean }[];
  /** The first 1,000 of them, in the order in which they fired. */
  readonly listed: readonly ReplayedAlert[];
  /** Only the first were followed; `total` counts all. */
  readonly isCut: boolean;
}

export interface SummaryContext {
  readonly fromMs: number;
  readonly toMs: number;
  readonly dayOf: (timeMs: number) => string;
  readonly wouldTell: ((alert: ReplayedAlert) => boolean) | undefined;
}

const MAX_LISTED = 1_000;
const HOUR_MS = 3_600_000;

export function summarize(
  replay: Pick<Replay, 'alerts' | 'leftOut'>,
  context: SummaryContext,
): BacktestSummary {
  const { alerts, leftOut } = replay;
  const { wouldTell } = context;
  const keys = alerts.map(({ rule, entity }) => JSON.stringify([rule, entity]));
  const countOf = (wanted: Severity): number => alerts.filter(({ severity }) => severity === wanted).length;
  return {
    total: alerts.length + leftOut,
    bySeverity: Object.fromEntries(SEVERITIES.map((each) => [each, countOf(each)])) as Record<
      Severity,
      number
    >,
    entities: new Set(keys).size,
    open: alerts.filter(({ endedAtMs }) => endedAtMs === undefined).length,
    ...(wouldTell !== undefined && { told: alerts.filter((alert) => wouldTell(alert)).length }),
    byDay: byDay(alerts, context),
    listed: alerts.slice(0, MAX_LISTED),
    isCut: leftOut > 0,
  };
}

function byDay(
  alerts: readonly ReplayedAlert[],
  { fromMs, toMs, dayOf }: SummaryContext,
): BacktestSummary['byDay'] {
  const fired = new Map<string, number>();
  // Days may have 23 or 25 hours.
  for (let ms = fromMs; ms < toMs; ms += HOUR_MS) fired.set(dayOf(ms), 0);
  if (toMs > fromMs) fired.set(dayOf(toMs - 1), 0);
  for (const { firedAtMs } of alerts) {
    const day = dayOf(firedAtMs);
    fired.set(day, (fired.get(day) ?? 0) + 1);
  }
  const isCutOff = (day: string): boolean => day === dayOf(fromMs - 1) || day === dayOf(toMs);
  return [...fired].map(([day, count]) => ({ day, fired: count, isWhole: !isCutOff(day) }));
}
