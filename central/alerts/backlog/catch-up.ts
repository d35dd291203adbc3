import type { LiveEntity } from '../engine/rule-runtime.ts';
import type { Cut } from './cut-watch.ts';
import type { EntityTrack } from './entity-track.ts';
import type { LiveSample } from './live-log.ts';

/** When an agent was heard live. */
export interface Heard {
  /** Oldest first; after each it was heard, until the next. */
  readonly cuts: readonly Cut[];
  readonly lastLiveMs: number;
}

type Apply = (live: LiveEntity | undefined, sample: LiveSample) => void;

/** A longer time is told in as many steps. */
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
  for (const [at, { toMs }] of cuts.entries()) {
    const endMs = Math.min(cuts[at + 1]?.fromMs ?? Infinity, lastLiveMs, untilMs);
    let cursorMs = Math.max(toMs, track.caughtUpMs, track.live?.lastSampleMs ?? 0);
    for (const sample of track.log.take(endMs)) {
      fillClear(track, cursorMs, sample.timeMs, toMs, apply);
      apply(track.live, sample);
      track.isHealthyLive = sample.evaluations.every((one) => one === 'clear');
      cursorMs = Math.max(cursorMs, sample.timeMs);
    }
    if (endMs > cursorMs) cursorMs = fillClear(track, cursorMs, endMs, toMs, apply);
    if (cursorMs <= track.caughtUpMs) continue;
    track.caughtUpMs = cursorMs;
    track.isDirty = true;
  }
}

/** Up to where: what is left is too short to be a sample that is missing. `spanMs`: since when it is heard. */
function fillClear(track: EntityTrack, fromMs: number, toMs: number, spanMs: number, apply: Apply): number {
  const { runtime } = track;
  const evaluations = runtime.severities.map(() => 'clear' as const);
  let atMs = fromMs;
  for (let live = track.live; live?.state !== undefined; live = track.live) {
    const stepMs = Math.max(1, track.paceMs, Math.ceil((toMs - fromMs) / MAX_FILLED));
    if (!track.isHealthyLive || toMs - atMs <= 2 * stepMs) return atMs;
    const timeMs = atMs === spanMs ? Math.max(atMs, live.lastSampleMs + 1) : atMs + stepMs;
    for (const part of [...live.parts.keys()])
      apply(track.live, { part, timeMs, evaluations, value: live.value });
    // Without a step time would stand still.
    atMs = timeMs === atMs ? atMs + 1 : timeMs;
  }
  return toMs;
}
