import { z } from 'zod';
import type { Catalogue } from '../../../../../contract/catalogue.ts';
import { durationSchema } from '../../../../../runtime/duration.ts';
import { checkCoverage, checkTags } from '../../catalogue-checks.ts';
import { checkSeverities, commonSettings, rowSettings, severitySchema } from '../../rule-settings.ts';
import { checkCondition, checkConditionNames, conditionSettings } from '../latest/condition.ts';

const conditionSchema = z.strictObject({
  ...conditionSettings,
  measurement: rowSettings.measurement,
  where: rowSettings.where,
  across: rowSettings.across,
  /** Where `above` or `below` ends. */
  clear: z.number().optional(),
  /** Usual time between its samples, the rule's if not given; it counts for three of them. */
  interval: durationSchema.refine((ms) => ms > 0, 'expected more than 0s').optional(),
});

const levelSchema = z.strictObject({
  severity: severitySchema,
  /** How many of the conditions have to hold. */
  need: z.union(
    [z.literal('all'), z.literal('any'), z.int().min(1)],
    'expected all, any or a whole number from 1',
  ),
  for: durationSchema.optional(),
});

/** Conditions name measurements and never rules, so that no rule can depend on itself. */
export const compositeSettings = z
  .strictObject({
    ...commonSettings,
    kind: z.literal('composite'),
    entity: rowSettings.entity,
    interval: rowSettings.interval,
    conditions: z.array(conditionSchema).min(2, 'expected at least 2 conditions').max(8),
    levels: z.array(levelSchema).min(1).max(4),
  })
  .superRefine(({ conditions, levels }, context) => {
    conditions.forEach((condition, at) => checkCondition(condition, ['conditions', at], context));
    checkSeverities(levels, context);
    const needs = levels.map(({ need }) => needed(need, conditions.length));
    levels.forEach(({ need }, at) => {
      const report = (message: string): void => {
        context.addIssue({ code: 'custom', path: ['levels', at, 'need'], message, input: need });
      };
      const milder = needs[at - 1] ?? 1;
      if ((needs[at] ?? 1) > conditions.length)
        report(`expected at most the number of conditions, ${conditions.length}`);
      else if ((needs[at] ?? 1) < milder) report(`expected at least as many as the level before (${milder})`);
    });
  });

export type CompositeSettings = z.infer<typeof compositeSettings>;

export function needed(need: 'all' | 'any' | number, conditions: number): number {
  if (need === 'all') return conditions;
  return need === 'any' ? 1 : need;
}

/** One line a problem. */
export function checkComposite({ conditions, entity }: CompositeSettings, catalogue: Catalogue): string[] {
  return conditions.flatMap((condition, at) => {
    const path = `conditions[${at}]`;
    const measurement = catalogue.get(condition.measurement);
    if (measurement === undefined) {
      return [`${path}.measurement: not in the catalogue, got "${condition.measurement}"`];
    }
    const { where, across } = condition;
    return [
      ...checkTags({ entity, where: {} }, measurement),
      ...[
        ...checkTags({ entity: [], where }, measurement),
        ...checkCoverage({ entity, where, across }, measurement),
      ].map((problem) => `${path}.${problem}`),
      ...checkConditionNames(path, condition, measurement),
    ];
  });
}
