import type { Clock } from '../../../runtime/clock.ts';

/** A moment by both clocks: the wall clock dates rows, the other one never jumps. */
export interface Moment {
  readonly nowMs: number;
  readonly monotonicMs: number;
}

export function momentOf(clock: Pick<Clock, 'now' | 'monotonicMs'>): Moment {
  return { nowMs: clock.now(), monotonicMs: clock.monotonicMs() };
}
