export interface DaysToFull {
  readonly early?: number | undefined;
  readonly middle: number;
  readonly late?: number | undefined;
}

/** Of a resource that would grow `factor` times as fast: the days shrink as much. Pure. */
export function whatIf(days: DaysToFull, factor: number): DaysToFull {
  const of = (value: number | undefined): number | undefined =>
    value === undefined ? undefined : Math.round(value / factor);
  return { early: of(days.early), middle: Math.round(days.middle / factor), late: of(days.late) };
}

export interface Fan {
  /** Corners of the band between the early and the late day, and the line of the middle; x in days, y in percent of what is usable. */
  readonly band: readonly (readonly [x: number, y: number])[];
  readonly middle: readonly (readonly [x: number, y: number])[];
  /** Days that the picture shows. */
  readonly days: number;
}

const ROOM = 1.1;

/** From today's use up to full. Pure. */
export function fanOf(usedPercent: number, { early, middle, late }: DaysToFull): Fan {
  const [first, last] = [early ?? middle, late ?? middle];
  const start = [0, usedPercent] as const;
  return {
    band: [start, [first, 100], [last, 100]],
    middle: [start, [middle, 100]],
    days: Math.max(1, last * ROOM),
  };
}
