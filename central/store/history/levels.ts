/** What is kept of numbers beyond their samples: count, sum, least and greatest of each series in each bucket. The finest first. */
export const LEVELS = [
  { name: 'minute', widthMs: 60_000 },
  { name: 'hour', widthMs: 3_600_000 },
] as const;

export type LevelName = (typeof LEVELS)[number]['name'];
export type Resolution = 'raw' | LevelName;

/** A part of the time asked for, and what it is answered from. */
export interface Segment {
  readonly resolution: Resolution;
  /** Inclusive. */
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
}

export const HOUR_MS = 3_600_000;
export const MINUTE_MS = 60_000;

/** Begin of the hour, Unix time in ms. */
export function hourOf(timeMs: number): number {
  return Math.floor(timeMs / HOUR_MS) * HOUR_MS;
}

export interface LevelStanding {
  /** Everything before it was deleted; undefined: nothing was. Unix time, ms. */
  readonly fromMs: number | undefined;
  /** Everything before it was rolled up; undefined: nothing was. A whole bucket. */
  readonly rolledToMs: number | undefined;
}

/** How far a measurement is rolled up that could not be with the others: before which time its minutes and hours are whole. */
export interface Progress {
  readonly minuteMs: number;
  readonly hourMs: number;
}

/** How far a store is. */
export interface HistoryStanding {
  /** No sample before it is held. */
  readonly rawFromMs: number | undefined;
  readonly minute: LevelStanding;
  readonly hour: LevelStanding;
  /** Measurements that could not be rolled up with the others. */
  readonly behind?: ReadonlyMap<string, Progress>;
}

/** Before when each level may be deleted, Unix time in ms. A store deletes less where the next level does not have it yet. */
export interface RetentionLimits {
  readonly rawMs: number;
  readonly minuteMs: number;
  readonly hourMs: number;
}
