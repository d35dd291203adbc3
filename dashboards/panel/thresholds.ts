import type { Colour } from './colour.ts';

export interface Step {
  /** From here upwards; null: below all others. */
  readonly from: number | null;
  readonly colour: Colour;
}

/**
 * `none`: the number is not judged. `rule`: the levels of a shipped rule; `times`: the panel shows percent where the rule has a
 * ratio, or another unit.
 */
export type Thresholds =
  'none' | { readonly rule: string; readonly times?: number } | { readonly steps: readonly Step[] };

/** Good at `goodBelow` and less, and what `colour` says above. */
export function badAbove(limit: number, colour: Colour, good: Colour): Thresholds {
  return {
    steps: [
      { from: null, colour: good },
      { from: limit, colour },
    ],
  };
}
