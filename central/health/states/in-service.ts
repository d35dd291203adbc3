import { utcOffsetMs } from '../../../runtime/time-zone.ts';

/** What the inventory says of anything: from the first day to the day before the last. */
export interface InService {
  readonly installedOn?: string | undefined;
  readonly retiredOn?: string | undefined;
}

const DAY_MS = 86_400_000;

/** The calendar day in a time zone, such as `2026-11-30`, and when the next one begins. Pure. */
export function dayOf(atMs: number, timeZone: string): { readonly day: string; readonly endsMs: number } {
  const offsetMs = utcOffsetMs(timeZone, atMs);
  const startMs = Math.floor((atMs + offsetMs) / DAY_MS) * DAY_MS;
  return { day: new Date(startMs).toISOString().slice(0, 10), endsMs: startMs + DAY_MS - offsetMs };
}

/** Whether it is expected on that day. Pure. */
export function isInService({ installedOn, retiredOn }: InService, day: string): boolean {
  return (installedOn ?? '') <= day && (retiredOn === undefined || day < retiredOn);
}
