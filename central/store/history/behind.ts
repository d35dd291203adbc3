import { HOUR_MS, LEVELS, MINUTE_MS, type HistoryStanding, type LevelName, type Progress } from './levels.ts';

/** One measurement cannot be rolled up, and the store answers otherwise. Nothing was done. */
export class MeasurementError extends Error {
  readonly measurement: string;

  constructor(measurement: string, cause: unknown) {
    super(`${measurement} cannot be rolled up`, { cause });
    this.measurement = measurement;
  }
}

/** How far one measurement is, and what of it is kept: what is not rolled up is not deleted. Pure. */
export function standingOf(standing: HistoryStanding, measurement: string): HistoryStanding {
  const progress = standing.behind?.get(measurement);
  if (progress === undefined) return standing;
  const { rawFromMs, minute, hour } = standing;
  return {
    rawFromMs: earlier(rawFromMs, progress.minuteMs),
    minute: { fromMs: earlier(minute.fromMs, progress.hourMs), rolledToMs: progress.minuteMs },
    hour: { ...hour, rolledToMs: progress.hourMs },
  };
}

/** The measurement is whole before `sinceMs`, a whole hour, and no later than it was. Pure. */
export function stayBehind(
  now: HistoryStanding,
  measurement: string,
  sinceMs: number,
): NonNullable<HistoryStanding['behind']> {
  const { rawFromMs = 0, minute, hour } = standingOf(now, measurement);
  // Minutes whose samples are deleted stay as they are.
  const fromMs = Math.max(sinceMs, Math.ceil(rawFromMs / MINUTE_MS) * MINUTE_MS);
  return new Map(now.behind).set(measurement, {
    minuteMs: Math.min(minute.rolledToMs ?? 0, fromMs),
    hourMs: Math.min(hour.rolledToMs ?? 0, sinceMs),
  });
}

/** The next piece of a measurement that is behind. `progress` after it; undefined: it is where the others are. Pure. */
export function nextPiece({ minute, hour }: HistoryStanding, { minuteMs, hourMs }: Progress) {
  const hourEndMs = hourMs + HOUR_MS;
  const isHour = hourEndMs <= Math.min(minuteMs, hour.rolledToMs ?? 0);
  const toMs = Math.min((Math.floor(minuteMs / HOUR_MS) + 1) * HOUR_MS, minute.rolledToMs ?? 0);
  const progress = isHour ? { minuteMs, hourMs: hourEndMs } : { minuteMs: toMs, hourMs };
  const level: LevelName = isHour ? 'hour' : 'minute';
  const isThere = progress.minuteMs >= (minute.rolledToMs ?? 0) && progress.hourMs >= (hour.rolledToMs ?? 0);
  return {
    window: { level, fromMs: isHour ? hourMs : minuteMs, toMs: isHour ? hourEndMs : toMs },
    progress: isThere ? undefined : progress,
  };
}

/** As a store keeps them beside the levels: `minute:cpu`. */
export function behindRows({ behind }: HistoryStanding): readonly (readonly [string, number])[] {
  return [...(behind ?? [])].flatMap(([measurement, { minuteMs, hourMs }]) => [
    [`minute:${measurement}`, minuteMs] as const,
    [`hour:${measurement}`, hourMs] as const,
  ]);
}

/** The counterpart of `behindRows`; what is no such row is passed over. */
export function readBehind(
  rows: readonly (readonly [string, number | undefined])[],
): Pick<HistoryStanding, 'behind'> {
  const [minutes, hours] = LEVELS.map(
    ({ name }) =>
      new Map(
        rows.flatMap(([row, timeMs]) =>
          timeMs !== undefined && row.startsWith(`${name}:`) ? [[row.slice(name.length + 1), timeMs]] : [],
        ),
      ),
  );
  const behind = new Map<string, Progress>();
  for (const [measurement, minuteMs] of minutes ?? []) {
    const hourMs = hours?.get(measurement);
    if (hourMs !== undefined) behind.set(measurement, { minuteMs, hourMs });
  }
  return behind.size === 0 ? {} : { behind };
}

function earlier(oneMs: number | undefined, otherMs: number): number | undefined {
  return oneMs === undefined ? undefined : Math.min(oneMs, otherMs);
}
