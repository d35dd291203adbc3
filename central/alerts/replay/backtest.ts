import type { Catalogue } from '../../../contract/catalogue.ts';
import type { SampleStore } from '../../store/sample-store.ts';
import type { ListedDevice } from '../rules/kinds/rule-kind.ts';
import type { AlertRule } from '../rules/rule.ts';
import { summarize, type BacktestSummary } from './backtest-summary.ts';
import { byTime, Feeder, readSources, sourceOf } from './feeding.ts';
import { Gaps, type Gap } from './gaps.ts';
import { LoopShare } from './loop-share.ts';
import { readsOf, readText } from './needed-reads.ts';
import { Replay, type ReplayedAlert } from './replay.ts';

export interface BacktestDeps {
  readonly store: Pick<SampleStore, 'query'>;
  readonly catalogue: Catalogue;
  /** Whether the inventory has the device: central raises no alert about others. */
  readonly isExpected: (device: string) => boolean;
  /** Those of the inventory now: where each stands, and whose word about it counts. */
  readonly devices: () => ReadonlyMap<string, ListedDevice>;
  /** The calendar day of the city. */
  readonly dayOf: (timeMs: number) => string;
  /** Whether a route takes the alert; undefined: nobody is told of any. */
  readonly wouldTell: ((alert: ReplayedAlert) => boolean) | undefined;
}

export interface BacktestQuery {
  /** Made for this backtest: a rule that runs may remember what it saw. */
  readonly rule: AlertRule;
  readonly fromMs: number;
  readonly toMs: number;
  /** Only series with one of these values in each of these tags. */
  readonly tags: Readonly<Record<string, readonly string[]>>;
}

export interface BacktestLimits {
  /** Values read from the store. */
  readonly maxPoints: number;
  /** Real time. */
  readonly maxTimeMs: number;
  readonly maxAlerts: number;
  /** Alerts beyond, which are counted only: the engine keeps the open ones, and its database all of them. */
  readonly maxLeftOut: number;
}

export const BACKTEST_LIMITS: BacktestLimits = {
  maxPoints: 20_000_000,
  maxTimeMs: 600_000,
  maxAlerts: 10_000,
  maxLeftOut: 10_000,
};

export interface BacktestProgress {
  /** All before it is judged. */
  readonly atMs: number;
  /** Share of the time asked for, 0 to 1. */
  readonly done: number;
  readonly values: number;
  readonly alerts: number;
}

export interface BacktestResult {
  /** What was judged. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly series: number;
  readonly rows: number;
  readonly values: number;
  readonly alerts: BacktestSummary;
  readonly gaps: { readonly count: number; readonly totalMs: number; readonly listed: readonly Gap[] };
  /** What the answer does not know, one sentence each. */
  readonly notJudged: readonly string[];
}

/** Wanted of one reading: what comes is made into objects at once, in which nothing else happens. */
const SLICE_POINTS = 5_000;
const MAX_SLICE_POINTS = 20_000;
const FIRST_SLICE_MS = 60_000;
const MIN_SLICE_MS = 1_000;
const MAX_SLICE_MS = 21_600_000;
/** Of the replay's own ticks: what they find is a matter of minutes. */
const TICK_MS = 10_000;

/**
 * What a rule would have done, by the same engine, over what is stored. Yields its progress after each slice and returns the result. Reads
 * slice by slice and rests in between: ingest and API go on. Throws what the store throws, and the reason of `signal`.
 */
export async function* backtest(
  { rule, fromMs, toMs, tags }: BacktestQuery,
  deps: BacktestDeps,
  signal: AbortSignal,
  limits = BACKTEST_LIMITS,
): AsyncGenerator<BacktestProgress, BacktestResult> {
  const { evaluator } = rule;
  const reads = readsOf(rule, deps.catalogue);
  const names = reads.map(({ measurement }) => measurement.name).join(', ');
  const { maxAlerts } = limits;
  const replay = new Replay({
    rules: [rule],
    startMs: fromMs,
    tickMs: TICK_MS,
    maxAlerts,
    devices: deps.devices,
  });
  const sources = reads.map((read) => sourceOf(deps.store, { ...read, tags, isExpected: deps.isExpected }));
  const feeder = new Feeder(replay);
  const gaps = new Gaps(evaluator.intervalMs, fromMs);
  const share = new LoopShare();
  const untilMs = performance.now() + limits.maxTimeMs;
  const limitReached = (): string | undefined => {
    if (replay.leftOut >= limits.maxLeftOut) return `${limits.maxAlerts + replay.leftOut} alerts fired`;
    return performance.now() >= untilMs ? 'it took too long' : undefined;
  };
  /** A time without samples has as many ticks as any other. False: a limit is reached, and what comes then is not to be judged. */
  const advanceTo = async (timeMs: number): Promise<boolean> => {
    for (;;) {
      const isThere = replay.stepTowards(timeMs);
      if (limitReached() !== undefined) return false;
      if (share.isDue) await share.rest(signal);
      if (isThere) return true;
    }
  };
  const notJudged: string[] = [];
  let [atMs, widthMs, values, rows] = [fromMs, FIRST_SLICE_MS, 0, 0];
  try {
    while (atMs < toMs) {
      signal.throwIfAborted();
      const stop = values >= limits.maxPoints ? `${values} values were read` : limitReached();
      if (stop !== undefined) {
        notJudged.push(
          `nothing from ${timeText(atMs)} on: ${stop}; ask for less time, or for one unit or device`,
        );
        break;
      }
      const endMs = Math.min(atMs + widthMs, toMs);
      const slice = await readSources(
        sources,
        { fromMs: atMs, toMs: endMs, maxPoints: MAX_SLICE_POINTS },
        signal,
      );
      values += slice.points;
      if (slice.isTooLarge && widthMs > MIN_SLICE_MS) {
        widthMs = Math.max(MIN_SLICE_MS, Math.floor(widthMs / 4));
        continue;
      }
      if (slice.isTooLarge) {
        notJudged.push(
          `nothing from ${timeText(atMs)} on: more than ${MAX_SLICE_POINTS} values within a second`,
        );
        break;
      }
      if (slice.availableFromMs !== undefined && notJudged.length === 0)
        notJudged.push(
          `what was measured before ${timeText(slice.availableFromMs)}: its samples are deleted`,
        );
      let isWhole = true;
      for (const { timeMs, rows: rowsOfTime } of byTime(slice.rows)) {
        isWhole = await advanceTo(timeMs);
        if (!isWhole) break;
        feeder.feed(rowsOfTime);
        gaps.record(timeMs);
        rows += rowsOfTime.length;
      }
      if (isWhole) await advanceTo(endMs);
      atMs = replay.nowMs;
      widthMs = nextWidth(widthMs, slice.points);
      await share.rest(signal);
      yield { atMs, done: (atMs - fromMs) / (toMs - fromMs), values, alerts: replay.alerts.length };
    }
    gaps.record(atMs);
    if (rows === 0)
      notJudged.push(
        `no sample of ${reads.map(readText).join(', or of ')} is stored for this time and selection`,
      );
    else if (gaps.count > 0)
      notJudged.push(
        `times without any sample of ${names}, ${gaps.count} in all: nothing begins or ends in them`,
      );
    if (evaluator.reads === 'evidence') notJudged.push(...OF_GROUPS_NOT_JUDGED);
    if (replay.failed > 0)
      notJudged.push(`${replay.failed} times the evaluation failed, which is a bug in central`);
    return {
      fromMs,
      toMs: atMs,
      series: sources.reduce((sum, { stored }) => sum + stored.seriesCount, 0),
      rows,
      values,
      alerts: summarize(replay, { fromMs, toMs: atMs, ...deps }),
      gaps: { count: gaps.count, totalMs: gaps.totalMs, listed: gaps.listed },
      notJudged: [...notJudged, ...ALWAYS_NOT_JUDGED],
    };
  } finally {
    replay.close();
  }
}

const ALWAYS_NOT_JUDGED = [
  'breaches that had begun before the time asked for begin with it',
  'suppression, maintenance windows and grouping: `told` goes by routes only',
];

/** Such rules look at many series together, and wait after a start until each had its turn. */
const OF_GROUPS_NOT_JUDGED = [
  'the first three intervals of the rule, up to ten minutes: as after a start of central',
  'what the inventory was then: devices stand where they stand now',
];

/** So that the next slice has about the wanted number of points. */
function nextWidth(widthMs: number, points: number): number {
  const factor = points === 0 ? 4 : Math.min(4, Math.max(0.25, SLICE_POINTS / points));
  return Math.round(Math.min(MAX_SLICE_MS, Math.max(MIN_SLICE_MS, widthMs * factor)));
}

function timeText(ms: number): string {
  return new Date(ms).toISOString();
}
