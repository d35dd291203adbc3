import type { Cut } from './cut-watch.ts';
import type { EntityTrack } from './entity-track.ts';
import type { LiveSample } from './live-log.ts';

/** When an agent was heard live. */
export interface Heard {
  /** Oldest first; after each it was heard, until the next. */
  readonly cuts: readonly Cut[];
  readonly lastLiveMs: number;
}

type Apply = (sample: LiveSample) => void;

/** A longer time is told in as many steps, where they are no longer than the interval of the rule. */
const MAX_FILLED = 2_000;

/**
 * Judges what came live after a cut on the track of the backlog, too, up to `untilMs`: the samples that live judging told of, and in
 * between clear ones in the pace of the entity, since of what is healthy it tells nothing.
 */
export function catchUp(
  track: EntityTrack,
  { cuts, lastLiveMs }: Heard,
  untilMs: number,
  apply: Apply,
): void {
  for (const [at, { toMs: heardFromMs }] of cuts.entries()) {
    const cutAgainMs = cuts[at + 1]?.fromMs;
    const isOver = cutAgainMs !== undefined && cutAgainMs <= untilMs;
    const endMs = Math.min(cutAgainMs ?? Infinity, lastLiveMs, untilMs);
    if (endMs < heardFromMs) continue;
    if (track.takeSilent(heardFromMs)) track.isHealthyLive = true;
    let knownMs = Math.max(track.caughtUpMs, track.live?.lastSampleMs ?? -Infinity);
    for (const sample of track.log.take(endMs)) {
      fillClear(track, { knownMs, heardFromMs, endMs: sample.timeMs, isOver: false }, apply);
      apply(sample);
      track.isHealthyLive = sample.evaluations.every((one) => one === 'clear');
      knownMs = Math.max(knownMs, sample.timeMs);
    }
    knownMs = fillClear(track, { knownMs, heardFromMs, endMs, isOver }, apply);
    if (knownMs <= track.caughtUpMs) continue;
    track.caughtUpMs = knownMs;
    track.isDirty = true;
  }
}

interface Span {
  /** What came up to then is judged; before `heardFromMs`: nothing of this span is. */
  readonly knownMs: number;
  readonly heardFromMs: number;
  readonly endMs: number;
  /** Nothing more comes of it: else what is missing at its end may be on its way. */
  readonly isOver: boolean;
}

/** Up to where all is known. */
function fillClear(track: EntityTrack, { knownMs, heardFromMs, endMs, isOver }: Span, apply: Apply): number {
  const { runtime, paceMs } = track;
  const isFirst = knownMs < heardFromMs;
  const fromMs = isFirst ? heardFromMs : knownMs;
  const longestStepMs = Math.min(runtime.evaluator.intervalMs, Math.ceil((endMs - fromMs) / MAX_FILLED));
  const stepMs = Math.max(1, paceMs, longestStepMs);
  const isDue = (timeMs: number): boolean => {
    if (isOver) return timeMs <= endMs;
    return endMs - timeMs > (isFirst && timeMs === fromMs ? 2 * stepMs : stepMs);
  };
  const evaluations = runtime.severities.map(() => 'clear' as const);
  let doneMs = knownMs;
  for (let timeMs = isFirst ? fromMs : fromMs + stepMs; ; timeMs += stepMs) {
    const { live } = track;
    if (live?.state === undefined) return Math.max(knownMs, endMs);
    if (!track.isHealthyLive || !isDue(timeMs)) return isOver ? Math.max(doneMs, endMs) : doneMs;
    for (const part of [...live.parts.keys()]) apply({ part, timeMs, evaluations, value: live.value });
    doneMs = timeMs;
  }
}
