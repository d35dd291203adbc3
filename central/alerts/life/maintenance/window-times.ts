import type { LocalClock } from '../../../../runtime/time-zone.ts';
import type { Span } from '../in-force.ts';
import { lastEndMs, nextOccurrence } from './occurrences.ts';
import type { MaintenanceWindow } from './window.ts';

type Timed = Pick<MaintenanceWindow, 'schedule' | 'cutAtMs' | 'endedAtMs'>;

/** The first time at which the window is open that ends after `afterMs`, as people shortened it. Pure. */
export function nextOpening(
  { schedule, cutAtMs = -Infinity, endedAtMs = Infinity }: Timed,
  clock: LocalClock,
  afterMs: number,
): Span | undefined {
  let span = nextOccurrence(schedule, clock, afterMs);
  while (span !== undefined && span.fromMs < endedAtMs) {
    const cutMs = span.fromMs <= cutAtMs ? cutAtMs : Infinity;
    const toMs = Math.min(span.toMs, cutMs, endedAtMs);
    if (toMs > afterMs) return { fromMs: span.fromMs, toMs };
    span = nextOccurrence(schedule, clock, span.toMs);
  }
  return undefined;
}

/** When it closes for the last time; undefined: never by itself. Pure. */
export function overAtMs({ schedule, cutAtMs, endedAtMs }: Timed, clock: LocalClock): number | undefined {
  const lastMs = lastEndMs(schedule, clock);
  // What is cut short does not come again.
  const cutMs = schedule.repeats === 'once' ? cutAtMs : undefined;
  const ends = [lastMs, cutMs, endedAtMs].filter((ms) => ms !== undefined);
  return ends.length === 0 ? undefined : Math.max(0, Math.min(...ends));
}
