import { GENERATION, type Rat } from '../radio-state.ts';
import type { Dip, DipEvent, DipRow } from './dip.ts';
import type { DipRule, Verdict } from './rules.ts';

/** State of one rule. Plain data, so that it can be kept through a restart. */
export interface DipTrack {
  /** Time of the last row with a value. */
  readonly lastMs?: number | undefined;
  readonly dip?: Dip | undefined;
  /** The dip has lasted long enough and was reported. */
  readonly isOpen: boolean;
  /** Since when an open dip has been good again. */
  readonly goodSinceMs?: number | undefined;
  readonly lastRat?: Rat | undefined;
  /** The last technology of the rule's generation. */
  readonly before?: Rat | undefined;
}

export const FRESH_TRACK: DipTrack = { isOpen: false };

/** A dip is stored at the time of its start, and central refuses samples older than a week: a longer dip is split. */
const MAX_DIP_MS = 24 * 3_600_000;

interface Step {
  readonly track: DipTrack;
  readonly events: readonly DipEvent[];
}

/**
 * Pure: the next row of one rule. A row without a value changes nothing: missing readings neither start a dip nor end one.
 * A row whose time is equal or a little earlier counts at the latest time.
 */
export function nextRow(rule: DipRule, track: DipTrack, given: DipRow): Step {
  const verdict = rule.evaluate(given, track.before);
  if (verdict === undefined) return { track, events: [] };
  const { rest, events } = afterGap(rule, track, given.timeMs);
  const row = { ...given, timeMs: Math.max(given.timeMs, rest.lastMs ?? given.timeMs) };
  const step = applyVerdict(rule, rest, row, verdict);
  const seen = {
    lastMs: row.timeMs,
    lastRat: row.rat ?? rest.lastRat,
    before: row.rat !== undefined && GENERATION[row.rat] >= rule.generation ? row.rat : rest.before,
  };
  return { track: { ...step.track, ...seen }, events: [...events, ...step.events] };
}

/** The readings end here: open dips are reported with an unknown end. */
export function endOfRows(rule: DipRule, track: DipTrack): readonly DipEvent[] {
  return track.isOpen && track.dip !== undefined ? [event(rule, track.dip, 'lost')] : [];
}

/** The track after the gap since its last row. */
function afterGap(
  rule: DipRule,
  track: DipTrack,
  timeMs: number,
): { readonly rest: DipTrack; readonly events: readonly DipEvent[] } {
  const gapMs = timeMs - (track.lastMs ?? timeMs);
  if (Math.abs(gapMs) <= rule.maxGapMs) return { rest: track, events: [] };
  const { dip, isOpen } = track;
  const isHeld = isOpen && dip !== undefined && gapMs >= 0 && gapMs <= rule.holdMs;
  if (isHeld) return { rest: { ...track, goodSinceMs: undefined }, events: [] };
  const rest = { isOpen: false, lastRat: track.lastRat, before: track.before };
  return { rest, events: endOfRows(rule, track) };
}

function applyVerdict(rule: DipRule, track: DipTrack, row: DipRow, verdict: Verdict): Step {
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
      return { track: next, events: [event(rule, dip, 'lost')] };
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
  const gapMs = row.timeMs - (track.lastMs ?? row.timeMs);
  return {
    ...dip,
    endMs: row.timeMs,
    unknownMs: dip.unknownMs + (gapMs > rule.maxGapMs ? gapMs : 0),
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

function event(rule: DipRule, dip: Dip, state: 'open' | 'ended' | 'lost'): DipEvent {
  return {
    rule: rule.name,
    kind: rule.kind,
    isOpen: state === 'open',
    endKnown: state !== 'lost',
    dip,
  };
}
