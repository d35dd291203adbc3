import type { LocalClock } from '../../../../runtime/time-zone.ts';
import type { Span } from '../in-force.ts';
import { overlap, type CoverageDeps, type CoveredKeys } from './coverage.ts';
import { occurrences } from './occurrences.ts';
import type { WindowCoverage } from './window-coverage.ts';
import { nextOpening } from './window-times.ts';
import type { MaintenanceWindow } from './window.ts';

/** Another window that covers part of the same, and when both are first open. */
export interface Overlap extends Span {
  readonly id: string;
  readonly reason: string;
}

export interface OverlapSources {
  readonly coverage: Pick<WindowCoverage, 'keysAtHand'>;
  readonly inventory: CoverageDeps['inventory'];
  readonly zone: LocalClock;
}

const HORIZON_MS = 35 * 86_400_000;
const MAX_OVERLAPS = 20;
const MAX_COMPARED = 200;

/** Others that cover part of `keys`, those of `window`, at the same time within five weeks, or for as long as it lasts; at most 20. */
export function overlapsAmong(
  others: Iterable<MaintenanceWindow>,
  window: MaintenanceWindow,
  keys: CoveredKeys,
  nowMs: number,
  { coverage, inventory, zone }: OverlapSources,
): readonly Overlap[] {
  const endMs = window.schedule.repeats === 'once' ? window.schedule.endsAtMs : 0;
  const times = (of: MaintenanceWindow): Span[] =>
    occurrences((after) => nextOpening(of, zone, after), {
      ...{ afterMs: nowMs, beforeMs: Math.max(nowMs + HORIZON_MS, endMs), most: MAX_COMPARED },
    });
  const own = times(window);
  const found: Overlap[] = [];
  for (const other of others) {
    if (other.id === window.id || found.length >= MAX_OVERLAPS) continue;
    const common = firstCommon(own, times(other));
    if (common === undefined) continue;
    if (!overlap(keys, coverage.keysAtHand(other), inventory)) continue;
    found.push({ id: other.id, reason: other.reason, ...common });
  }
  return found;
}

/** Both in the order of time. */
function firstCommon(ones: readonly Span[], others: readonly Span[]): Span | undefined {
  let at = 0;
  for (const one of ones) {
    for (let other = others[at]; other !== undefined && other.fromMs < one.toMs; other = others[++at]) {
      if (other.toMs <= one.fromMs) continue;
      return { fromMs: Math.max(one.fromMs, other.fromMs), toMs: Math.min(one.toMs, other.toMs) };
    }
  }
  return undefined;
}
