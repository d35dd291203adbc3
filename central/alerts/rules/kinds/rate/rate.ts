import { z } from 'zod';
import type { Catalogue, MeasurementDefinition } from '../../../../../contract/catalogue.ts';
import { durationSchema } from '../../../../../runtime/duration.ts';
import { checkCoverage, checkMeasurement, checkNumberField, checkTags } from '../../catalogue-checks.ts';
import { amountText, limitMeanings, spanText, type LevelMeaning } from '../../level-meaning.ts';
import { checkLimits, compileLimits, limitLevelsSchema, limitTexts } from '../../limit-levels.ts';
import { commonSettings, nameSchema, rowSettings } from '../../rule-settings.ts';
import type { RuleKind } from '../rule-kind.ts';
import { planRate } from './rate-plan.ts';
import { stepMsOf } from './track.ts';

/** Fewer samples than this in a window say nothing about a slope. */
const LEAST_INTERVALS = 5;

const settingsSchema = z
  .strictObject({
    ...commonSettings,
    ...rowSettings,
    kind: z.literal('rate'),
    field: nameSchema,
    /** `gauge`: how fast the value changes. `counter`: how much it rises; it begins anew at a restart. */
    of: z.enum(['gauge', 'counter']),
    /** Over which it is measured. */
    window: durationSchema,
    /** The time that the limits are for; the window if not given. */
    per: durationSchema.refine((ms) => ms > 0, 'expected more than 0s').optional(),
    /** Of a counter: its rise is divided by the rise of this one, such as errors by packets. */
    divideBy: nameSchema.optional(),
    op: z.enum(['above', 'below']),
    /** Of a gauge: no alert ends while the value itself is on this side of it, however slowly it changes by then. What is full does not fill. */
    holdsAt: z.number().optional(),
    levels: limitLevelsSchema,
  })
  .superRefine((settings, context) => {
    const { op, levels, of, window, interval, per, divideBy, holdsAt } = settings;
    checkLimits(op, levels, context);
    const report = (path: string, message: string, input: unknown): void => {
      context.addIssue({ code: 'custom', path: [path], message, input });
    };
    if (window < LEAST_INTERVALS * interval) {
      report(
        'window',
        `expected at least ${LEAST_INTERVALS} times interval (${spanText(LEAST_INTERVALS * interval).en})`,
        spanText(window).en,
      );
    }
    if (of === 'counter' && holdsAt !== undefined) report('holdsAt', 'expected only with of: gauge', holdsAt);
    if (divideBy === undefined) return;
    if (of === 'gauge') report('divideBy', 'expected only with of: counter', divideBy);
    if (per !== undefined)
      report('per', 'expected nothing beside divideBy: a quotient has no time', spanText(per).en);
  });

export type RateSettings = z.infer<typeof settingsSchema>;

/** How fast a value changes, or how much a counter rises. */
export const rateKind: RuleKind<RateSettings> = {
  kind: 'rate',
  settingsSchema,
  checkSettings: (settings, catalogue) =>
    checkMeasurement(settings, catalogue, (measurement) => [
      ...checkTags(settings, measurement),
      ...checkCoverage(settings, measurement),
      ...checkFields(settings, measurement),
    ]),
  createEvaluator: (settings, catalogue) => {
    const { measurement, where, across = 'newest', entity, interval, window: windowMs } = settings;
    const shape = { windowMs, intervalMs: interval };
    const limits = compileLimits(settings.op, settings.levels);
    return {
      reads: 'rows',
      measurement,
      where,
      across,
      entityTags: entity,
      intervalMs: Math.max(interval, stepMsOf(shape)),
      isState: false,
      valueUnit: unitOf(settings, catalogue),
      subject: `${quantityText(settings)} ${settings.op}`,
      conditionText: conditionText(settings),
      levelTexts: limitTexts(settings.levels).map((text) => `${text}${holdText(settings)}`),
      levelMeanings: meaningsOf(settings, catalogue),
      planColumns: planRate(settings, shape, limits),
    };
  },
};

function checkFields({ field, divideBy }: RateSettings, measurement: MeasurementDefinition): string[] {
  const problems = checkNumberField('field', field, measurement);
  return divideBy === undefined
    ? problems
    : [...problems, ...checkNumberField('divideBy', divideBy, measurement)];
}

function unitOf(
  { measurement, field, of, divideBy, per, window }: RateSettings,
  catalogue: Catalogue,
): string {
  if (divideBy !== undefined) return '';
  const unit = catalogue.get(measurement)?.fields[field]?.unit ?? '';
  if (per !== undefined) return `${unit}/${spanText(per).en.replace(/^1 /, '')}`;
  return of === 'counter' ? unit : `${unit} in ${spanText(window).en}`;
}

function holdText({ op, holdsAt }: RateSettings): string {
  return holdsAt === undefined ? '' : `, and not ${op} ${holdsAt}`;
}

function meaningsOf(settings: RateSettings, catalogue: Catalogue): LevelMeaning[] {
  const { measurement, field, op, levels, holdsAt } = settings;
  const meanings = limitMeanings(op, levels, { unit: unitOf(settings, catalogue) });
  if (holdsAt === undefined) return meanings;
  const limit = amountText(holdsAt, catalogue.get(measurement)?.fields[field]?.unit ?? '');
  const side = op === 'above' ? { en: 'at most', vi: 'không quá' } : { en: 'at least', vi: 'không dưới' };
  return meanings.map(({ begins, ends }) => ({
    begins,
    ends: {
      en: `${ends?.en ?? ''}, with a value of ${side.en} ${limit.en},`,
      vi: `${ends?.vi ?? ''}, với giá trị ${side.vi} ${limit.vi},`,
    },
  }));
}

/** What is evaluated, without its limits. */
function quantityText({ measurement, field, of, divideBy, per, window }: RateSettings): string {
  const divisor = divideBy === undefined ? '' : ` ÷ ${divideBy}`;
  const perText = per === undefined ? '' : ` per ${spanText(per).en}`;
  const what = of === 'gauge' ? 'change' : 'increase';
  return `${measurement}.${field}${divisor}, ${what}${perText} over ${spanText(window).en}`;
}

function conditionText(settings: RateSettings): string {
  const filters = Object.entries(settings.where).map(([tag, values]) => `${tag} ${values.join(' or ')}`);
  return [`${quantityText(settings)} ${settings.op}`, ...filters].join(', ');
}
