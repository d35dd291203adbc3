import type { AlertDetail } from '../../central/alerts/history/alert.ts';
import type { Candidate } from './candidates.ts';
import { entityKey, pagingSinceMs, type PageBegin, type Rehearsed } from './rehearsed.ts';

/** What a candidate would have done to the begins that pages told of: so many ms later, or `gone`. */
export interface Effect {
  readonly candidate: Candidate;
  readonly on: ReadonlyMap<PageBegin, number | 'gone'>;
}

/** When the alerts of each candidate would have been grave enough for a page, by rule and entity. */
export type CandidateBegins = ReadonlyMap<Candidate, ReadonlyMap<string, readonly number[]>>;

/** A rule that does the same is judged in the same second. */
const SLACK_MS = 2_000;

/** Of a run in which the candidates ran beside the rules, under ids of their own. Pure. */
export function candidateBegins(
  alerts: readonly AlertDetail[],
  candidates: ReadonlyMap<string, Candidate>,
): CandidateBegins {
  const found = new Map<Candidate, Map<string, number[]>>();
  for (const alert of alerts) {
    const candidate = candidates.get(alert.rule);
    const sinceMs = pagingSinceMs(alert);
    if (candidate === undefined || sinceMs === undefined) continue;
    const begins = found.get(candidate) ?? new Map<string, number[]>();
    found.set(candidate, begins);
    const key = entityKey(candidate.rule.id, alert);
    begins.set(key, [...(begins.get(key) ?? []), sinceMs]);
  }
  return found;
}

/** Pure. `begins`: of the same runs, in their order. */
export function effectsOf(
  runs: readonly Rehearsed[],
  begins: readonly CandidateBegins[],
  candidates: readonly Candidate[],
): readonly Effect[] {
  return candidates.map((candidate) => {
    const on = new Map<PageBegin, number | 'gone'>();
    runs.forEach(({ pages }, at) => {
      const times = begins[at]?.get(candidate);
      const own = pages.flatMap((page) => page.begins).filter(({ rule }) => rule === candidate.rule.id);
      for (const begin of own) on.set(begin, changeOf(begin, own, times?.get(begin.key) ?? []));
    });
    return { candidate, on };
  });
}

/** An alert of the candidate belongs to the last page about its entity before it. */
function changeOf(
  { key, sinceMs }: PageBegin,
  own: readonly PageBegin[],
  times: readonly number[],
): number | 'gone' {
  const nextMs = Math.min(
    Infinity,
    ...own.flatMap((other) => (other.key === key && other.sinceMs > sinceMs ? [other.sinceMs] : [])),
  );
  const atMs = times.find((timeMs) => timeMs >= sinceMs - SLACK_MS && timeMs < nextMs - SLACK_MS);
  return atMs === undefined ? 'gone' : Math.max(0, atMs - sinceMs);
}
