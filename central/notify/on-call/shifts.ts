import type { LocalClock } from '../../../runtime/time-zone.ts';
import { edgesBetween, onCallAt, type Layer, type OnCall } from './layer.ts';

/** Times are Unix ms; `toMs` is not in it. */
export interface Shift {
  readonly fromMs: number;
  readonly toMs: number;
  /** undefined: nobody is on call. */
  readonly onCall: OnCall | undefined;
}

/** Pure. Who is on call from one instant to the other: one after another, with nothing between them. */
export function shiftsBetween(
  layer: Layer,
  fromMs: number,
  toMs: number,
  clock: LocalClock,
): readonly Shift[] {
  const shifts: Shift[] = [];
  const edges = [fromMs, ...edgesBetween(layer, fromMs, toMs, clock), toMs];
  for (const [at, startMs] of edges.slice(0, -1).entries()) {
    const endMs = edges[at + 1] ?? toMs;
    const onCall = onCallAt(layer, startMs, clock);
    const last = shifts.at(-1);
    if (last !== undefined && isSame(last.onCall, onCall))
      shifts[shifts.length - 1] = { ...last, toMs: endMs };
    else shifts.push({ fromMs: startMs, toMs: endMs, onCall });
  }
  return shifts;
}

function isSame(a: OnCall | undefined, b: OnCall | undefined): boolean {
  return a?.person === b?.person && a?.isOverride === b?.isOverride;
}
