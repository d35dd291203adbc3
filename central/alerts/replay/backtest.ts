import type { Catalogue, MeasurementDefinition } from '../../../contract/catalogue.ts';
import type { SampleStore } from '../../store/sample-store.ts';
import type { RowEvaluator } from '../rules/kinds/rule-kind.ts';
import type { AlertRule } from '../rules/rule.ts';
import { summarize, type BacktestSummary } from './backtest-summary.ts';
import { Gaps, type Gap } from './gaps.ts';
import { LoopShare } from './loop-share.ts';
import { neededFields } from './needed-fields.ts';
import { Replay, type ReplayedAlert } from './replay.ts';
import { StoredRows, type StoredRow } from './stored-rows.ts';

export interface BacktestDeps {
  readonly store: Pick<SampleStore, 'query'>;
  readonly catalogue: Catalogue;
  /** Whether the inventory has the device: central raises no alert about others. */
  readonly isExpected: (device: string) => boolean;
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
const EPOCH = 'backtest';

/** Why a rule cannot be judged by what a store has; undefined: it can. Pure. */
export function whyNotBacktestable({ evaluator, settings }: AlertRule): string | undefined {
  if (evaluator.reads === 'rows') return undefined;
  return `kind: ${settings.kind} is not judged sample by sample, and cannot be judged again over stored samples`;
}

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
  const evaluator = rowEvaluatorOf(rule);
  const measurement = measurementOf(deps.catalogue, evaluator);
  const fields = neededFields(evaluator, measurement);
  const stored = new StoredRows(deps.store, { measurement, fields, tags, isExpected: deps.isExpected });
  const replay = new Replay({ rules: [rule], startMs: fromMs, tickMs: TICK_MS, maxAlerts: limits.maxAlerts });
  const feeder = new Feeder(replay, { measurement, fields, tagNames: stored.tagNames });
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
      const slice = await stored.read({ fromMs: atMs, toMs: endMs, maxPoints: MAX_SLICE_POINTS }, signal);
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
        `no sample of ${measurement.name} with ${fields.join(', ')} is stored for this time and selection`,
      );
    else if (gaps.count > 0)
      notJudged.push(
        `times without any sample of ${measurement.name}, ${gaps.count} in all: nothing begins or ends in them`,
      );
    if (replay.failed > 0)
      notJudged.push(`${replay.failed} times the evaluation failed, which is a bug in central`);
    return {
      fromMs,
      toMs: atMs,
      series: stored.seriesCount,
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

function rowEvaluatorOf(rule: AlertRule): RowEvaluator {
  if (rule.evaluator.reads === 'rows') return rule.evaluator;
  throw new Error(whyNotBacktestable(rule));
}

function measurementOf(catalogue: Catalogue, { measurement }: RowEvaluator): MeasurementDefinition {
  const found = catalogue.get(measurement);
  if (found === undefined)
    throw new Error(`a rule over ${measurement} passed the check, which the catalogue lacks`);
  return found;
}

/** So that the next slice has about the wanted number of points. */
function nextWidth(widthMs: number, points: number): number {
  const factor = points === 0 ? 4 : Math.min(4, Math.max(0.25, SLICE_POINTS / points));
  return Math.round(Math.min(MAX_SLICE_MS, Math.max(MIN_SLICE_MS, widthMs * factor)));
}

interface RowsOfTime {
  readonly timeMs: number;
  readonly rows: readonly StoredRow[];
}

function* byTime(rows: readonly StoredRow[]): Generator<RowsOfTime> {
  let begin = 0;
  for (let at = 1; at <= rows.length; at++) {
    const timeMs = rows[begin]?.row.timeMs ?? 0;
    if (at < rows.length && rows[at]?.row.timeMs === timeMs) continue;
    yield { timeMs, rows: rows.slice(begin, at) };
    begin = at;
  }
}

/** Rows of one time become a batch of each agent, and arrive now. */
class Feeder {
  readonly #replay: Replay;
  readonly #shape: {
    readonly measurement: string;
    readonly tags: readonly string[];
    readonly fields: readonly string[];
  };
  #seq = 0;

  constructor(
    replay: Replay,
    shape: {
      readonly measurement: MeasurementDefinition;
      readonly fields: readonly string[];
      readonly tagNames: readonly string[];
    },
  ) {
    this.#replay = replay;
    // One array for all tables, as SampleTable wants it.
    this.#shape = { measurement: shape.measurement.name, tags: shape.tagNames, fields: shape.fields };
  }

  feed(rows: readonly StoredRow[]): void {
    const byAgent = new Map<string, StoredRow['row'][]>();
    for (const { agent, row } of rows) {
      const known = byAgent.get(agent);
      if (known === undefined) byAgent.set(agent, [row]);
      else known.push(row);
    }
    for (const [agent, ofAgent] of byAgent) {
      const table = { ...this.#shape, rows: ofAgent };
      this.#replay.observe({ agent, epoch: EPOCH, seq: ++this.#seq, tables: [table] });
    }
  }
}

function timeText(ms: number): string {
  return new Date(ms).toISOString();
}
