/** A row or cell from which no sample came. */
export interface BadCell {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** Undefined: the row as a whole. */
  readonly column?: string;
  readonly value?: string;
  readonly expected: string;
}

/** A second sample of one series and time: of two a store keeps one, so it is not sent. */
export interface Duplicate {
  readonly file: string;
  readonly line: number;
  readonly firstFile: string;
  readonly firstLine: number;
  readonly timeMs: number;
  /** It says something else than the first one. */
  readonly differs: boolean;
}

/** Of each the first so many are named; all are counted. */
export const MAX_NAMED = 20;

/** What became of the rows. */
export class ReplayReport {
  rows = 0;
  samples = 0;
  values = 0;
  badCells = 0;
  duplicates = 0;
  differing = 0;
  /** Rows whose time is before that of the row above. */
  backward = 0;
  /** Samples that the mapping leaves out (`values` with null). */
  leftOut = 0;
  fromMs: number | undefined;
  toMs: number | undefined;
  readonly namedBadCells: BadCell[] = [];
  readonly namedDuplicates: Duplicate[] = [];

  addBad(cell: BadCell): void {
    this.badCells++;
    if (this.namedBadCells.length < MAX_NAMED) this.namedBadCells.push(cell);
  }

  addDuplicate(duplicate: Duplicate): void {
    this.duplicates++;
    if (duplicate.differs) this.differing++;
    if (this.namedDuplicates.length < MAX_NAMED) this.namedDuplicates.push(duplicate);
  }
}
