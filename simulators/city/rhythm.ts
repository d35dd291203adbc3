const UTC_PLUS_7_MS = 7 * 3_600_000;
const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;
const WEEK_MINUTES = 7 * DAY_MINUTES;
const WEEK_MS = WEEK_MINUTES * MINUTE_MS;

/** The wall clock of Ho Chi Minh City (UTC+7, no summer time), as ms since 1970-01-01 00:00 there. */
export function localMs(timeMs: number): number {
  return timeMs + UTC_PLUS_7_MS;
}

/** Load of offices, 0…1: 07:30–11:30 and 13:00–17:00, a fifth of it at weekends. */
export function officeLoad(timeMs: number): number {
  return OFFICE.at(timeMs);
}

/** The integral of `officeLoad`, in seconds of full load since 1970. */
export function officeWorkS(timeMs: number): number {
  return OFFICE.sumS(timeMs);
}

/** Load of homes and mobiles, 0…1: peak 19–23 h. */
export function homeLoad(timeMs: number): number {
  return HOME.at(timeMs);
}

/** A peak from `from` to `to` o'clock with smooth edges. */
function peak(hour: number, from: number, to: number, softH: number): number {
  const rise = 1 / (1 + Math.exp(-(hour - from) / softH));
  const fall = 1 / (1 + Math.exp((hour - to) / softH));
  return rise * fall;
}

function office(minute: number): number {
  const hour = (minute % DAY_MINUTES) / 60;
  // 1970-01-01 was a Thursday; 0 is Sunday.
  const day = (Math.floor(minute / DAY_MINUTES) + 4) % 7;
  const busy = peak(hour, 7.5, 11.5, 0.25) + peak(hour, 13, 17, 0.25);
  return 0.08 + 0.82 * Math.min(1, busy) * (day === 0 || day === 6 ? 0.2 : 1);
}

function home(minute: number): number {
  const hour = (minute % DAY_MINUTES) / 60;
  return 0.12 + 0.25 * peak(hour, 7, 19, 1) + 0.6 * peak(hour, 19, 23, 0.5);
}

/** A load that repeats each week, from a table by the minute: fast, with an exact integral. */
class WeeklyLoad {
  readonly #load = new Float64Array(WEEK_MINUTES + 1);
  readonly #sumS = new Float64Array(WEEK_MINUTES + 1);

  constructor(loadOf: (minute: number) => number) {
    for (let minute = 0; minute <= WEEK_MINUTES; minute++) {
      this.#load[minute] = loadOf(minute % WEEK_MINUTES);
      if (minute === 0) continue;
      const [before, now] = [this.#load[minute - 1] ?? 0, this.#load[minute] ?? 0];
      this.#sumS[minute] = (this.#sumS[minute - 1] ?? 0) + 30 * (before + now);
    }
  }

  at(timeMs: number): number {
    const minutes = (localMs(timeMs) % WEEK_MS) / MINUTE_MS;
    const minute = Math.floor(minutes);
    const from = this.#load[minute] ?? 0;
    return from + ((this.#load[minute + 1] ?? 0) - from) * (minutes - minute);
  }

  sumS(timeMs: number): number {
    const local = localMs(timeMs);
    const weeks = Math.floor(local / WEEK_MS);
    const minutes = (local - weeks * WEEK_MS) / MINUTE_MS;
    const minute = Math.floor(minutes);
    const part = minutes - minute;
    const from = this.#load[minute] ?? 0;
    const rise = (this.#load[minute + 1] ?? 0) - from;
    const within = 60 * part * (from + (rise * part) / 2);
    return weeks * (this.#sumS[WEEK_MINUTES] ?? 0) + (this.#sumS[minute] ?? 0) + within;
  }
}

const OFFICE = new WeeklyLoad(office);
const HOME = new WeeklyLoad(home);
