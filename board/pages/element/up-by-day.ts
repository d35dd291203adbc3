import type { Points } from '../../chart/curves.ts';

interface Day {
  readonly fromMs: number;
  readonly sharePercent?: Readonly<Record<string, number>> | undefined;
  /** Share of the time of which the state is known, 0 to 1. */
  readonly completeness?: number | undefined;
}

/** How much of the known time of each day it was up, %. A day of which less than half is known says nothing. Pure. */
export function upByDay(days: readonly Day[]): Points {
  return days.flatMap(({ fromMs, sharePercent, completeness = 0 }) =>
    sharePercent === undefined || completeness < 0.5
      ? []
      : [[fromMs, Math.min(100, (sharePercent['up'] ?? 0) / completeness)] as const],
  );
}
