import type { Correction, HistoryChanges, Interruption } from '../engine/correct-alerts.ts';
import type { AlertRecord, AlertWrite } from '../history/alert-record.ts';
import type { Cut } from './cut-watch.ts';

/** An alert as it would have been, had all samples come in time. Sample times, Unix ms. */
export interface TrackedAlert {
  readonly id: string;
  /** It was open when the cut began. */
  readonly isKnown: boolean;
  readonly startedAtMs: number;
  /** Undefined: it goes on. */
  readonly endedAtMs: number | undefined;
  /** As history; of one that ended. */
  readonly write?: AlertWrite;
}

export interface ReconcileInput {
  /** Of one entity, oldest first. */
  readonly tracked: readonly TrackedAlert[];
  /** What was recorded of the same entity, oldest first. */
  readonly recorded: readonly AlertRecord[];
  readonly cuts: readonly Pick<Cut, 'toMs'>[];
  /** Times that differ by less are the same: the pace of its samples. */
  readonly slackMs: number;
}

/** `wait`: where it leads is not seen yet. */
export type Reconciled = HistoryChanges | 'wait';

/**
 * Pure. What has to change in history, so that it says what it would say had all samples come in time. What is open now stays as
 * it is but for its begin; an alert that went on, to those who watched, over a time in which it was over keeps that as an interruption.
 */
export function reconcile(input: ReconcileInput): Reconciled {
  const { tracked, recorded } = input;
  const starts = new Set(recorded.map(({ startedAtMs }) => startedAtMs));
  const late: AlertWrite[] = [];
  const parts = new Map<AlertRecord, TrackedAlert[]>();
  for (const alert of tracked) {
    const match = matchOf(alert, (record) => parts.has(record), input);
    if (match === 'unknown') continue;
    if (match !== undefined) parts.set(match, [...(parts.get(match) ?? []), alert]);
    else if (alert.endedAtMs === undefined) return 'wait';
    else if (alert.write !== undefined && !starts.has(alert.startedAtMs)) late.push(alert.write);
  }
  const corrections: Correction[] = [];
  for (const [record, alerts] of parts) {
    if (mayStillChange(record, alerts.at(-1))) return 'wait';
    const correction = correctionOf(record, alerts, starts, input);
    if (correction !== undefined) corrections.push(correction);
  }
  return { late, corrections };
}

/** The recorded alert that it is, wholly or in part; `unknown`: one that the backlog began in the middle of. */
function matchOf(
  alert: TrackedAlert,
  isFollowed: (record: AlertRecord) => boolean,
  { recorded, cuts, slackMs }: ReconcileInput,
): AlertRecord | 'unknown' | undefined {
  if (alert.isKnown) return recorded.find(({ id }) => id === alert.id) ?? 'unknown';
  const { startedAtMs, endedAtMs = Infinity } = alert;
  for (const record of recorded) {
    if (record.learnedLateAtMs !== undefined) continue;
    if (record.startedAtMs > endedAtMs || (record.resolvedAtMs ?? Infinity) < startedAtMs) continue;
    if (record.startedAtMs >= startedAtMs - slackMs) return record;
    // It stood already: the same goes on, unless all of this was over before anybody could see it again.
    if (!isFollowed(record)) return 'unknown';
    const seenAgainMs = cuts.find(({ toMs }) => toMs > startedAtMs)?.toMs ?? startedAtMs;
    if (endedAtMs >= seenAgainMs) return record;
  }
  return undefined;
}

function correctionOf(
  record: AlertRecord,
  alerts: readonly TrackedAlert[],
  starts: ReadonlySet<number>,
  { recorded, slackMs }: ReconcileInput,
): Correction | undefined {
  const [first] = alerts;
  const last = alerts.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const isEarlier = !first.isKnown && record.startedAtMs - first.startedAtMs > slackMs;
  const beganAtMs = isEarlier && !starts.has(first.startedAtMs) ? first.startedAtMs : undefined;
  const interruptions = alerts.slice(1).flatMap(({ startedAtMs: toMs }, at): Interruption[] => {
    const fromMs = alerts[at]?.endedAtMs;
    return fromMs === undefined ? [] : [{ fromMs, toMs }];
  });
  const endedAtMs = trueEndOf(record, last, recorded, slackMs);
  if (beganAtMs === undefined && endedAtMs === undefined && interruptions.length === 0) return undefined;
  return { id: record.id, beganAtMs, endedAtMs, interruptions };
}

/** Undefined: as it was recorded. What a person closed, and what was withdrawn, ended then. */
function trueEndOf(
  { phase, startedAtMs, resolvedAtMs }: AlertRecord,
  { endedAtMs }: TrackedAlert,
  recorded: readonly AlertRecord[],
  slackMs: number,
): number | undefined {
  if (phase !== 'resolved' || resolvedAtMs === undefined || endedAtMs === undefined) return undefined;
  if (Math.abs(endedAtMs - resolvedAtMs) <= slackMs) return undefined;
  const next = recorded.find((record) => record.startedAtMs > startedAtMs);
  return next !== undefined && next.startedAtMs < endedAtMs && endedAtMs > resolvedAtMs
    ? undefined
    : endedAtMs;
}

/** One of the two is over, and the other is about to be. */
function mayStillChange({ phase }: AlertRecord, last: TrackedAlert | undefined): boolean {
  if (phase === 'closed' || phase === 'withdrawn') return false;
  return (phase === 'resolved') !== (last?.endedAtMs !== undefined);
}
