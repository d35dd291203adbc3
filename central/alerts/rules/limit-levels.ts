import { z } from 'zod';
import type { FieldValue } from '../../../contract/sample.ts';
import { durationSchema } from '../../../runtime/duration.ts';
import type { Evaluation } from '../lifecycle/alert-state.ts';
import { checkSeverities, severitySchema } from './rule-settings.ts';

/** Levels with a limit to begin and one to end: shared by the kinds that compare a number with limits. */
export const limitLevelsSchema = z
  .array(
    z.strictObject({
      severity: severitySchema,
      /** Has to be passed to begin. */
      raise: z.number(),
      /** Has to be reached to end. */
      clear: z.number(),
      for: durationSchema.optional(),
    }),
  )
  .min(1)
  .max(4);

export type LimitLevel = z.infer<typeof limitLevelsSchema>[number];
export type Direction = 'above' | 'below';

/** Each level is worse than the one before, and ends no later than it begins. */
export function checkLimits(
  direction: Direction,
  levels: readonly LimitLevel[],
  context: z.RefinementCtx,
): void {
  const isWorse = (a: number, b: number): boolean => (direction === 'above' ? a > b : a < b);
  const report = (at: number, setting: 'raise' | 'clear', message: string, input: number): void => {
    context.addIssue({ code: 'custom', path: ['levels', at, setting], message, input });
  };
  levels.forEach((level, at) => {
    if (isWorse(level.clear, level.raise)) {
      const side = direction === 'above' ? 'most' : 'least';
      report(at, 'clear', `expected at ${side} the raise level ${level.raise}`, level.clear);
    }
    const milder = levels[at - 1];
    if (milder !== undefined && !isWorse(level.raise, milder.raise)) {
      report(at, 'raise', `expected a worse level than the one before (${milder.raise})`, level.raise);
    }
  });
  checkSeverities(levels, context);
}

/** Levels made ready for the hot path. */
export interface LevelLimits {
  /** Whether any level is in breach: all that is asked of a healthy entity. */
  isBreach(value: FieldValue): boolean;
  /** Of each level, mildest first. */
  evaluate(value: FieldValue): readonly Evaluation[];
}

/** `sign` −1 turns "below" into "above" of the negated value. The first level is the mildest: it is breached first. */
export function compileLimits(direction: Direction, levels: readonly LimitLevel[]): LevelLimits {
  const sign = direction === 'above' ? 1 : -1;
  const mildest = sign * (levels[0]?.raise ?? Infinity);
  const signed = levels.map((level) => ({ raise: sign * level.raise, clear: sign * level.clear }));
  return {
    isBreach: (value) => sign * Number(value) > mildest,
    evaluate: (value) => {
      const height = sign * Number(value);
      return signed.map(({ raise, clear }) =>
        height > raise ? 'breach' : height <= clear ? 'clear' : 'between',
      );
    },
  };
}

export function limitTexts(levels: readonly LimitLevel[]): string[] {
  return levels.map(({ raise, clear }) => `${raise} → ${clear}`);
}
