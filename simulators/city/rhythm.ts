const UTC_PLUS_7_MS = 7 * 3_600_000;
const DAY_MS = 86_400_000;

/** Local hour of the day in Ho Chi Minh City (UTC+7, no summer time), 0…24. */
export function localHour(timeMs: number): number {
  return ((timeMs + UTC_PLUS_7_MS) % DAY_MS) / 3_600_000;
}

function isWeekend(timeMs: number): boolean {
  const day = Math.floor((timeMs + UTC_PLUS_7_MS) / DAY_MS + 4) % 7;
  return day === 0 || day === 6;
}

/** A hill from `from` to `to` o'clock with soft sides. */
function hill(hour: number, from: number, to: number, softH: number): number {
  const rise = 1 / (1 + Math.exp(-(hour - from) / softH));
  const fall = 1 / (1 + Math.exp((hour - to) / softH));
  return rise * fall;
}

/** How busy offices are, 0…1: 07:30–11:30 and 13:00–17:00, a fifth of it at weekends. */
export function officeLoad(timeMs: number): number {
  const hour = localHour(timeMs);
  const busy = hill(hour, 7.5, 11.5, 0.25) + hill(hour, 13, 17, 0.25);
  return 0.08 + 0.82 * Math.min(1, busy) * (isWeekend(timeMs) ? 0.2 : 1);
}

/** How busy homes and mobiles are, 0…1: peak 19–23 h. */
export function homeLoad(timeMs: number): number {
  const hour = localHour(timeMs);
  return 0.12 + 0.25 * hill(hour, 7, 19, 1) + 0.6 * hill(hour, 19, 23, 0.5);
}
