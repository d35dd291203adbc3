import { localTime } from '../../../runtime/time-zone.ts';
import type { Gap } from './calendars.ts';

const MAX_SHOWN = 5;

/** Pure. One line for each calendar or layer of which nobody is on call at times, in the time of its own zone. */
export function gapTexts(gaps: readonly Gap[]): readonly string[] {
  const targets = new Set(gaps.map(targetOf));
  return [...targets].map((target) => {
    const found = gaps.filter((gap) => targetOf(gap) === target);
    const shown = found
      .slice(0, MAX_SHOWN)
      .map(({ timeZone, fromMs, toMs }) => `${timeText(fromMs, timeZone)} to ${timeText(toMs, timeZone)}`);
    const more = found.length > MAX_SHOWN ? `, and ${found.length - MAX_SHOWN} more` : '';
    const zone = found[0]?.timeZone ?? 'UTC';
    return `onCall ${target}: within 90 days nobody is on call from ${shown.join(', ')}${more} (${zone}): all of its people are told then`;
  });
}

function targetOf({ calendar, layer }: Gap): string {
  return layer === undefined ? calendar : `${calendar}/${layer}`;
}

/** Pure. Such as `2026-11-30 08:00`. */
export function timeText(atMs: number, timeZone: string): string {
  const { year, month, day, clockMs } = localTime(timeZone, atMs);
  const minutes = Math.floor(clockMs / 60_000);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${year}-${two(month)}-${two(day)} ${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
