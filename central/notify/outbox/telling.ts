import { severityRank, type Severity } from '../../alerts/rules/severity.ts';
import type { AlertFacts } from '../message/alert-facts.ts';

/** `whole`: began and ended before its beginning could be told. */
export const OWED = ['begin', 'change', 'end', 'whole'] as const;
export type Owed = (typeof OWED)[number];

/** Another channel, where this one has not delivered by then. */
export interface Second {
  readonly channel: string;
  /** Unix ms. */
  readonly atMs: number;
}

/**
 * What one channel was told of one alert, and what it is owed. This is how whoever was told of a beginning is told of
 * its end: the end goes by what was told, not by what the routes say then.
 */
export interface Telling {
  readonly channel: string;
  readonly facts: AlertFacts;
  /** By messages made, delivered or not: an attempt whose answer was lost may have been heard. */
  readonly told: 'nothing' | 'open' | 'over';
  readonly toldSeverity?: Severity;
  readonly owed?: Owed;
  /** Unix ms; of what is owed. */
  readonly owedSinceMs: number;
  /** Quiet hours hold it back until then. */
  readonly notBeforeMs: number;
  readonly second?: Second;
}

export interface Due {
  readonly nowMs: number;
  readonly notBeforeMs: number;
}

/** Pure. The channel is to hear of the beginning; a telling that it knows already stays what it is. */
export function oweBegin(
  known: Telling | undefined,
  begin: { readonly channel: string; readonly facts: AlertFacts; readonly second?: Second } & Due,
): Telling {
  const { channel, facts, second, nowMs, notBeforeMs } = begin;
  if (known === undefined) {
    const fresh = {
      channel,
      facts,
      told: 'nothing',
      owed: 'begin',
      owedSinceMs: nowMs,
      notBeforeMs,
    } as const;
    return { ...fresh, ...(second !== undefined && { second }) };
  }
  const current = withNews(known, facts);
  if (known.owed === 'begin') return noLaterThan(current, notBeforeMs);
  // Open again before its end was told.
  if (known.owed === 'whole') return noLaterThan({ ...current, owed: 'begin' }, notBeforeMs);
  if (known.told === 'open') return known.owed === 'end' ? { ...current, owed: 'change' } : current;
  return owing(current, 'begin', begin);
}

/** Pure. `everyChange`: also when it became milder. `second`: of a change that made it graver. */
export function oweChange(
  known: Telling,
  change: { readonly facts: AlertFacts; readonly everyChange: boolean; readonly second?: Second } & Due,
): Telling {
  const { facts, everyChange, second } = change;
  const current = withNews(known, facts);
  if (known.owed === 'begin') return noLaterThan(current, change.notBeforeMs, second);
  if (known.told !== 'open' || known.toldSeverity === undefined) return current;
  if (known.owed !== undefined && known.owed !== 'change') return current;
  const steps = severityRank(facts.severity) - severityRank(known.toldSeverity);
  const isWorthTelling = everyChange ? steps !== 0 : steps > 0;
  if (!isWorthTelling) return settled(current);
  // What quiet hours held back may have become critical.
  if (known.owed === 'change') return noLaterThan(current, change.notBeforeMs, second);
  return withSecond(owing(current, 'change', change), second);
}

/** Pure. Whoever was told of the beginning hears of the end, always. */
export function oweEnd(known: Telling, end: { readonly facts: AlertFacts } & Due): Telling {
  const current = withNews(known, end.facts);
  if (known.owed === 'begin' && known.told !== 'open') return { ...current, owed: 'whole' };
  if (known.told !== 'open' || known.owed === 'end') return current;
  return owing(current, 'end', end);
}

/** Pure. What is owed went into a message. */
export function taken(telling: Telling): Telling {
  const isOver = telling.owed === 'end' || telling.owed === 'whole';
  return {
    ...settled(telling),
    told: isOver ? 'over' : 'open',
    toldSeverity: telling.facts.severity,
  };
}

/**
 * Pure. Its message was given up: what is open, became graver or is over is owed again, not before `notBeforeMs`. What
 * began and ended meanwhile is not: nobody waits for its end.
 */
export function returned(
  telling: Telling,
  given: { readonly what: Owed; readonly toldSeverity?: Severity },
  notBeforeMs: number,
): Telling {
  const { owed } = telling;
  switch (given.what) {
    case 'begin':
      if (telling.told !== 'open' || (owed !== undefined && owed !== 'change')) return telling;
      return { ...telling, owed: 'begin', notBeforeMs };
    case 'change': {
      if (telling.told !== 'open' || given.toldSeverity === undefined) return telling;
      const before = { ...telling, toldSeverity: given.toldSeverity };
      if (owed !== undefined) return before;
      return telling.facts.severity === given.toldSeverity
        ? before
        : { ...before, owed: 'change', notBeforeMs };
    }
    case 'end':
      return owed === undefined ? { ...telling, told: 'open', owed: 'end', notBeforeMs } : telling;
    case 'whole':
      return telling;
  }
}

/** Pure. */
export function settled({ owed: _owed, ...rest }: Telling): Telling {
  return rest;
}

/** Pure. A message to the channel arrived: the other one is needed only where the alert became graver since. */
export function heard(telling: Telling): Telling {
  const { owed, facts, toldSeverity } = telling;
  const isGraver =
    owed === 'change' &&
    toldSeverity !== undefined &&
    severityRank(facts.severity) > severityRank(toldSeverity);
  return isGraver ? telling : withoutSecond(telling);
}

/** Pure. The other channel is not needed any more. */
export function withoutSecond({ second: _second, ...rest }: Telling): Telling {
  return rest;
}

/** An alert may move along with its device; whoever was told of it knows it by where it was then. */
function withNews(known: Telling, facts: AlertFacts): Telling {
  if (known.told === 'nothing') return { ...known, facts };
  const { severity, valueText, title, action, startedAtMs, endedAtMs } = facts;
  const { endedAtMs: _endedAtMs, ...before } = known.facts;
  const news = { severity, valueText, title, action, startedAtMs };
  return { ...known, facts: { ...before, ...news, ...(endedAtMs !== undefined && { endedAtMs }) } };
}

function noLaterThan(telling: Telling, notBeforeMs: number, second?: Second): Telling {
  const sooner = { ...telling, notBeforeMs: Math.min(telling.notBeforeMs, notBeforeMs) };
  return withSecond(sooner, second);
}

function withSecond(telling: Telling, second: Second | undefined): Telling {
  const isSooner = second !== undefined && second.atMs < (telling.second?.atMs ?? Infinity);
  return isSooner ? { ...telling, second } : telling;
}

function owing(telling: Telling, owed: Owed, { nowMs, notBeforeMs }: Due): Telling {
  return { ...telling, owed, owedSinceMs: nowMs, notBeforeMs };
}
