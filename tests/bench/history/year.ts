/** What a level grows by, and how long it is kept. */
export interface LevelRate {
  readonly name: 'raw' | 'minute' | 'hour';
  readonly bytesADay: number;
  readonly keptDays: number;
}

const DAYS = 365;

/** Bytes on disk after a year: of each level as many days as it is kept, at most the year. Pure. */
export function yearOf(rates: readonly LevelRate[]): number {
  return rates.reduce((sum, { bytesADay, keptDays }) => sum + bytesADay * Math.min(keptDays, DAYS), 0);
}
