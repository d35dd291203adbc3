import { GENERATION, type Rat } from '../radio-state.ts';
import type { Dip, DipEvent, DipRow } from './dip.ts';
import type { DipRule, Verdict } from './rules.ts';

/** What is remembered of one rule. Plain data, so that it can outlast a restart. */
export interface DipTrack {
  /** Of the last row that said something. */
  readonly lastMs?: number | undefined;
  readonly dip?: Dip | undefined;
  /** The dip has lasted long enough and was told. */
  readonly isOpen: boolean;
  /** Since when an open dip has been good again. */
  readonly goodSinceMs?: number | undefined;
  readonly lastRat?: Rat | undefined;
  /** The last 5G technology. */
  readonly before?: Rat | undefined;
}

export const FRESH_TRACK: DipTrack = { isOpen: false };

/** A dip is told of at the time of its start, and central takes nothing that is a week old: a longer one goes on as the next. */
const MAX_DIP_MS = 24 * 3_600_000;

interface Step {
  readonly track: DipTrack;
  readonly events: readonly DipEvent[];
}

/**
 * Pure: the next row of one rule. A row that says nothing changes nothing: missing readings neither make a dip nor end one.
 * Rows of one time, and times a little back, are taken as of the latest time.
 */
export function nextRow(rule: DipRule, track: DipTrack, given: DipRow): Step {
  const verdict = rule.evaluate(given, track.before);
  if (verdict === undefined) return { track, events: [] };
  const { rest, events } = afterSilence(rule, track, given.timeMs);
  const row = { ...given, timeMs: Math.max(given.timeMs, rest.lastMs ?? given.timeMs) };
  const step = evaluated(rule, rest, row, verdict);
  const seen = {
    lastMs: row.timeMs,
    lastRat: row.rat ?? rest.lastRat,
    before: row.rat !== undefined && GENERATION[row.rat] >= 5 ? row.rat : rest.before,
  };
  return { track: { ...step.track, ...seen }, events: [...events, ...step.events] };
}

/** The readings end here: what is open is told, with an end that was not seen. */
export function endOfRows(rule: DipRule, track: DipTrack): readonly DipEvent[] {
  return track.isOpen && track.dip !== undefined ? [event(rule, track.dip, 'ceased')] : [];
}

/** What is left of a run after the time that has passed since its last row. */
function afterSilence(
  rule: DipRule,
  track: DipTrack,
  timeMs: number,
): { readonly rest: DipTrack; readonly events: readonly DipEvent[] } {
  const silenceMs = timeMs - (track.lastMs ?? timeMs);
  if (Math.abs(silenceMs) <= rule.maxGapMs) return { rest: track, events: [] };
  const { dip, isOpen } = track;
  const isHeld = isOpen && dip !== undefined && silenceMs >= 0 && silenceMs <= rule.holdMs;
  if (isHeld) return { rest: { ...track, goodSinceMs: undefined }, events: [] };
  const rest = { isOpen: false, lastRat: track.lastRat, before: track.before };
  return { rest, events: endOfRows(rule, track) };
}

function evaluated(rule: DipRule, track: DipTrack, row: DipRow, verdict: Verdict): Step {
  const { dip, isOpen } = track;
  if (isOpen && dip !== undefined) return whileOpen(rule, track, dip, row, verdict);
  if (verdict !== 'bad') return { track: { ...track, dip: undefined }, events: [] };
  const grown = dip === undefined ? begin(track, row) : extend(rule, track, dip, row);
  if (grown.endMs - grown.startMs < rule.openAfterMs) return { track: { ...track, dip: grown }, events: [] };
  return { track: { ...track, dip: grown, isOpen: true }, events: [event(rule, grown, 'open')] };
}

function whileOpen(rule: DipRule, track: DipTrack, dip: Dip, row: DipRow, verdict: Verdict): Step {
  if (verdict !== 'good') {
    if (row.timeMs - dip.startMs >= MAX_DIP_MS) {
      const next = { ...track, dip: begin(track, row), isOpen: false, goodSinceMs: undefined };
      return { track: next, events: [event(rule, dip, 'ceased')] };
    }
    return {
      track: { ...track, dip: extend(rule, track, dip, row), goodSinceMs: undefined },
      events: [],
    };
  }
  const goodSinceMs = track.goodSinceMs ?? row.timeMs;
  if (row.timeMs - goodSinceMs < rule.closeAfterMs) return { track: { ...track, goodSinceMs }, events: [] };
  return {
    track: { ...track, dip: undefined, isOpen: false, goodSinceMs: undefined },
    events: [event(rule, dip, 'ended')],
  };
}

function begin({ lastRat, before }: DipTrack, row: DipRow): Dip {
  return {
    startMs: row.timeMs,
    endMs: row.timeMs,
    unknownMs: 0,
    rsrpMinDbm: row.rsrpDbm,
    sinrMinDb: row.sinrDb,
    fromRat: lastRat ?? before,
    toRat: row.rat,
    labels: row.labels,
  };
}

function extend(rule: DipRule, track: DipTrack, dip: Dip, row: DipRow): Dip {
  const silenceMs = row.timeMs - (track.lastMs ?? row.timeMs);
  return {
    ...dip,
    endMs: row.timeMs,
    unknownMs: dip.unknownMs + (silenceMs > rule.maxGapMs ? silenceMs : 0),
    rsrpMinDbm: least(dip.rsrpMinDbm, row.rsrpDbm),
    sinrMinDb: least(dip.sinrMinDb, row.sinrDb),
    toRat: lower(dip.toRat, row.rat),
  };
}

function least(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

function lower(a: Rat | undefined, b: Rat | undefined): Rat | undefined {
  return a === undefined || b === undefined ? (a ?? b) : GENERATION[b] < GENERATION[a] ? b : a;
}

function event(rule: DipRule, dip: Dip, state: 'open' | 'ended' | 'ceased'): DipEvent {
  return {
    rule: rule.name,
    kind: rule.kind,
    isOpen: state === 'open',
    endKnown: state !== 'ceased',
    dip,
  };
}
