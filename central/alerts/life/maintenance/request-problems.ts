import { describeDuration } from '../../../../runtime/duration.ts';
import { nearestName } from '../../../../runtime/nearest-name.ts';
import type { LocalClock } from '../../../../runtime/time-zone.ts';
import { idsOf, isKnown, type CoverageDeps } from './coverage.ts';
import { nextOccurrence } from './occurrences.ts';
import type { Schedule } from './schedule.ts';
import { MAX_WITH_DEPENDENTS, splitCover, type WindowRequest } from './window.ts';

const DAY_MS = 86_400_000;
const LONGEST_MS = 31 * DAY_MS;
/** Beyond, nobody knows what the work is about. */
const FURTHEST_MS = 731 * DAY_MS;
/** Names compared for one answer: of a large inventory more would take long. */
const MOST_SUGGESTIONS = 5;

/** What is wrong with a request beyond its form, each with the place in the body; empty: nothing. Pure. */
export function requestProblems(
  request: WindowRequest,
  inventory: CoverageDeps['inventory'],
  zone: LocalClock,
  nowMs: number,
): string[] {
  return [
    ...coverProblems(request, inventory),
    ...scheduleProblems(request.schedule, zone, nowMs).map((problem) => `body.schedule${problem}`),
  ];
}

function coverProblems(
  { covers, withDependents }: WindowRequest,
  inventory: CoverageDeps['inventory'],
): string[] {
  const problems: string[] = [];
  let suggestions = 0;
  covers.forEach((ref, at) => {
    const [kind, id] = splitCover(ref);
    if (isKnown(ref, { inventory })) {
      if (withDependents && kind === 'agency') {
        problems.push(
          `body.covers.${at}: expected no agency with withDependents, got ${ref}: name its sites`,
        );
      }
      return;
    }
    const nearest =
      suggestions++ < MOST_SUGGESTIONS ? nearestName(id, [...idsOf(ref, inventory).keys()]) : undefined;
    const hint = nearest === undefined ? '' : `, did you mean ${kind}:${nearest}?`;
    problems.push(`body.covers.${at}: the inventory has no ${ref}${hint}`);
  });
  if (new Set(covers).size < covers.length) problems.push('body.covers: expected each only once');
  if (withDependents && covers.length > MAX_WITH_DEPENDENTS) {
    problems.push(
      `body.covers: expected at most ${MAX_WITH_DEPENDENTS} with withDependents, got ${covers.length}`,
    );
  }
  return problems;
}

function scheduleProblems(schedule: Schedule, zone: LocalClock, nowMs: number): string[] {
  if (schedule.repeats === 'once') {
    const { startsAtMs, endsAtMs } = schedule;
    const problems: string[] = [];
    if (endsAtMs <= startsAtMs) problems.push('.endsAtMs: expected a time after startsAtMs');
    else if (endsAtMs - startsAtMs > LONGEST_MS) {
      problems.push(`.endsAtMs: expected at most ${describeDuration(LONGEST_MS)} after startsAtMs`);
    }
    if (endsAtMs <= nowMs) problems.push(`.endsAtMs: expected a time after now (${nowMs}), got ${endsAtMs}`);
    if (startsAtMs > nowMs + FURTHEST_MS) {
      problems.push(`.startsAtMs: expected a time within two years, got ${startsAtMs}`);
    }
    return problems;
  }
  const { from, to, firstDay, lastDay } = schedule;
  const problems: string[] = [];
  if (from === to) problems.push(`.to: expected another time of day than from, got ${to}`);
  if (firstDay !== undefined && lastDay !== undefined && lastDay < firstDay) {
    problems.push(`.lastDay: expected a day not before firstDay ${firstDay}, got ${lastDay}`);
  }
  if (problems.length > 0) return problems;
  const next = nextOccurrence(schedule, zone, nowMs);
  if (next === undefined) problems.push(': expected a window that opens after now, this one never does');
  else if (next.fromMs > nowMs + FURTHEST_MS) {
    problems.push(`.firstDay: expected a day within two years, got ${firstDay ?? ''}`);
  }
  return problems;
}
