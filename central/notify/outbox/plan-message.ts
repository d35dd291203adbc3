import { severityRank } from '../../alerts/rules/severity.ts';
import { groupTellings, type IncidentOf } from './group.ts';
import type { Telling } from './telling.ts';

export interface SendingLimits {
  readonly perMinute: number;
  /** More messages than `digestAbove` within `digestWithinMs` become one digest. */
  readonly digestAbove: number;
  readonly digestWithinMs: number;
}

export interface PlanInput {
  /** What the channel is owed, oldest first. */
  readonly owed: readonly Telling[];
  /** When the channel's messages of the last `digestWithinMs`, and at least of the last minute, were made. Unix ms. */
  readonly madeAtMs: readonly number[];
  readonly limits: SendingLimits;
  /** How long a message waits for others that belong to it. */
  readonly groupWindowMs: number;
  /** Undefined: it takes groups. A channel that keeps states takes whatever is due, so many at once. */
  readonly batchSize: number | undefined;
  readonly incidentOf: IncidentOf;
  readonly nowMs: number;
}

export interface PlannedMessage {
  readonly kind: 'alerts' | 'digest';
  readonly tellings: readonly Telling[];
}

/** In a storm, digests are a quarter of `digestWithinMs` apart: at most four in it. */
export const DIGESTS_WITHIN = 4;
const MINUTE_MS = 60_000;
/** Of quiet hours. What has to wait for longer was written while central's time was ahead. */
export const LONGEST_WAIT_MS = 90_000_000;

/** Pure. Whether the channel is to get nothing now, whatever it is owed. */
export function mustWait({
  madeAtMs,
  limits,
  batchSize,
  nowMs,
}: Omit<PlanInput, 'owed' | 'groupWindowMs' | 'incidentOf'>): boolean {
  const { perMinute, digestAbove, digestWithinMs } = limits;
  const madeWithin = (ms: number): number => countWithin(madeAtMs, ms, nowMs);
  if (madeWithin(MINUTE_MS) >= perMinute) return true;
  if (batchSize !== undefined) return false;
  return madeWithin(digestWithinMs) >= digestAbove && madeWithin(digestWithinMs / DIGESTS_WITHIN) > 0;
}

/** Pure. The message that the channel is to get next; undefined: none now. */
export function planMessage(input: PlanInput): PlannedMessage | undefined {
  const { owed, madeAtMs, limits, groupWindowMs, batchSize, nowMs } = input;
  const due = owed.filter(({ notBeforeMs }) => notBeforeMs <= nowMs || notBeforeMs > nowMs + LONGEST_WAIT_MS);
  if (due.length === 0 || mustWait(input)) return undefined;
  const madeWithin = (ms: number): number => countWithin(madeAtMs, ms, nowMs);
  if (batchSize !== undefined) return { kind: 'alerts', tellings: due.slice(0, batchSize) };
  const ready = groupTellings(due, input.incidentOf).filter((group) =>
    group.some(({ owedSinceMs }) => owedSinceMs + groupWindowMs <= nowMs || owedSinceMs > nowMs),
  );
  const isStorm = madeWithin(limits.digestWithinMs) + ready.length > limits.digestAbove;
  if (!isStorm) {
    const gravest = ready.reduce<readonly Telling[] | undefined>(
      (best, group) => (best === undefined || weightOf(group) > weightOf(best) ? group : best),
      undefined,
    );
    return gravest && { kind: 'alerts', tellings: gravest };
  }
  if (ready.length === 0 || madeWithin(limits.digestWithinMs / DIGESTS_WITHIN) > 0) return undefined;
  return { kind: 'digest', tellings: due };
}

function weightOf(group: readonly Telling[]): number {
  return Math.max(...group.map(({ facts }) => severityRank(facts.severity)));
}

function countWithin(madeAtMs: readonly number[], ms: number, nowMs: number): number {
  return madeAtMs.filter((atMs) => atMs > nowMs - ms && atMs <= nowMs).length;
}
