import type { NewestRow } from '../live/latest-cache.ts';
import type { Series } from '../samples/series.ts';

interface Dip {
  readonly startMs: number;
  /** It is in a count. */
  readonly isCounted: boolean;
  readonly isOpen: boolean;
}

/** What a look at a dip tells that the one before did not. */
export interface DipNews {
  readonly isNew: boolean;
  /** Its whole length, when it has ended, s. */
  readonly endedS: number;
}

/** A dip is sent when it begins and when it ends, with one time: each is counted once, however often it is looked at. */
export class CountedDips {
  /** The last one of each series. */
  readonly #last = new WeakMap<Series, Dip>();

  hasSeen(series: Series, row: NewestRow): boolean {
    const last = this.#last.get(series);
    return last?.startMs === row.timeMs && last.isOpen === isOpen(row);
  }

  /** `isRecent`: it began just now. One that did not was counted when it began, or by nobody. */
  see(series: Series, row: NewestRow, isRecent: boolean): DipNews {
    const last = this.#last.get(series);
    const isSame = last?.startMs === row.timeMs;
    const isCounted = isSame ? last.isCounted : isRecent;
    const durationS = row.valueOf('duration_s');
    const isOver = !isOpen(row);
    this.#last.set(series, { startMs: row.timeMs, isCounted, isOpen: !isOver });
    return {
      isNew: isCounted && !isSame,
      endedS: isCounted && isOver && typeof durationS === 'number' ? durationS : 0,
    };
  }
}

function isOpen(row: NewestRow): boolean {
  return row.valueOf('open') === true;
}
