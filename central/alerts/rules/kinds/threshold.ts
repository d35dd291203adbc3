import { z } from 'zod';
import type { Catalogue, MeasurementDefinition } from '../../../../contract/catalogue.ts';
import type { FieldValue } from '../../../../contract/sample.ts';
import { durationSchema } from '../../../../runtime/duration.ts';
import {
  checkCoverage,
  checkMeasurement,
  checkNumberField,
  checkRange,
  checkTags,
  checkValues,
  unknownField,
} from '../catalogue-checks.ts';
import { limitMeanings, type LevelMeaning } from '../level-meaning.ts';
import {
  checkLimits,
  compileLimits,
  limitLevelsSchema,
  limitTexts,
  type Direction,
  type LevelLimits,
} from '../limit-levels.ts';
import {
  checkSeverities,
  commonSettings,
  nameSchema,
  oneOrMore,
  rowSettings,
  scalarSchema,
  severitySchema,
} from '../rule-settings.ts';
import type { RuleKind } from './rule-kind.ts';
import { planColumns } from './threshold-plan.ts';

const fieldSettings = {
  ...commonSettings,
  ...rowSettings,
  kind: z.literal('threshold'),
  field: nameSchema,
  /** Rows whose other fields do not have one of these values count as clear: a port that is shut on purpose is no fault. */
  when: z.record(nameSchema, oneOrMore(scalarSchema)).default({}),
  /** Rows whose other fields have other values begin nothing and end nothing: a battery that is being charged is still low. */
  beginsWhen: z.record(nameSchema, oneOrMore(scalarSchema)).default({}),
};

function limitSettings<Op extends Direction>(op: Op) {
  return z
    .strictObject({
      ...fieldSettings,
      op: z.literal(op),
      /** The field is divided by this one of the same row, such as load1 by n_cpus. */
      divideBy: nameSchema.optional(),
      levels: limitLevelsSchema,
    })
    .superRefine((settings, context) => checkLimits(op, settings.levels, context));
}

const equalsLevelSchema = z.strictObject({
  severity: severitySchema,
  values: oneOrMore(scalarSchema),
  for: durationSchema.optional(),
});

const equalsSettings = z
  .strictObject({
    ...fieldSettings,
    op: z.literal('equals'),
    levels: z.array(equalsLevelSchema).min(1).max(4),
  })
  .superRefine((settings, context) => checkSeverities(settings.levels, context));

const settingsSchema = z.discriminatedUnion('op', [
  limitSettings('above'),
  limitSettings('below'),
  equalsSettings,
]);

export type ThresholdSettings = z.infer<typeof settingsSchema>;

/** One field of a row, or the quotient of two, compared with limits or values. */
export const thresholdKind: RuleKind<ThresholdSettings> = {
  kind: 'threshold',
  settingsSchema,
  checkSettings: (settings, catalogue) =>
    checkMeasurement(settings, catalogue, (measurement) => [
      ...checkTags(settings, measurement),
      ...checkCoverage(settings, measurement),
      ...checkField(settings, measurement),
      ...(['when', 'beginsWhen'] as const).flatMap((setting) =>
        Object.entries(settings[setting]).flatMap(([field, values]) =>
          checkValues(`${setting}.${field}`, field, values, measurement),
        ),
      ),
    ]),
  createEvaluator: (settings, catalogue) => {
    const limits =
      settings.op === 'equals' ? compileValues(settings.levels) : compileLimits(settings.op, settings.levels);
    const levels = { ...limits, allClear: settings.levels.map(() => 'clear' as const) };
    const divideBy = settings.op === 'equals' ? undefined : settings.divideBy;
    const { field, when, beginsWhen } = settings;
    const names = { field, divideBy, when, beginsWhen };
    return {
      reads: 'rows',
      measurement: settings.measurement,
      where: settings.where,
      across: settings.across ?? 'newest',
      entityTags: settings.entity,
      intervalMs: settings.interval,
      isState: settings.op === 'equals',
      valueUnit: unitOf(settings, catalogue),
      subject: `${quantityText(settings)} ${settings.op}`,
      conditionText: conditionText(settings),
      levelTexts:
        settings.op === 'equals'
          ? settings.levels.map(({ values }) => values.join(' or '))
          : limitTexts(settings.levels),
      levelMeanings:
        settings.op === 'equals'
          ? settings.levels.map(valuesMeaning)
          : limitMeanings(settings.op, settings.levels, { unit: unitOf(settings, catalogue) }),
      alsoReads: Object.keys(beginsWhen),
      planColumns: (table) => planColumns(names, table, levels),
    };
  },
};

function checkField(settings: ThresholdSettings, measurement: MeasurementDefinition): string[] {
  if (settings.op === 'equals') {
    if (measurement.fields[settings.field] === undefined) {
      return [unknownField('field', settings.field, measurement)];
    }
    return settings.levels.flatMap((level, at) =>
      checkValues(`levels[${at}].values`, settings.field, level.values, measurement),
    );
  }
  const problems = checkNumberField('field', settings.field, measurement);
  if (settings.divideBy !== undefined) {
    return [...problems, ...checkNumberField('divideBy', settings.divideBy, measurement)];
  }
  const field = measurement.fields[settings.field];
  if (field === undefined || problems.length > 0) return problems;
  return settings.levels.flatMap((level, at) => [
    ...checkRange(`levels[${at}].raise`, level.raise, settings.field, field),
    ...checkRange(`levels[${at}].clear`, level.clear, settings.field, field),
  ]);
}

function compileValues(levels: readonly { readonly values: readonly FieldValue[] }[]): LevelLimits {
  // A value of a graver level is a breach of the milder ones too: getting worse must not end an alert.
  const sets = levels.map((_, at) => new Set(levels.slice(at).flatMap(({ values }) => values)));
  const [ofAny] = sets;
  const plain = (value: FieldValue): FieldValue => (typeof value === 'bigint' ? Number(value) : value);
  return {
    isBreach: (value) => ofAny?.has(plain(value)) === true,
    evaluate: (value) => sets.map((set) => (set.has(plain(value)) ? 'breach' : 'clear')),
  };
}

function valuesMeaning({ values }: { readonly values: readonly FieldValue[] }): LevelMeaning {
  return { begins: { en: `equal to ${values.join(' or ')}`, vi: `bằng ${values.join(' hoặc ')}` } };
}

function unitOf(settings: ThresholdSettings, catalogue: Catalogue): string {
  if (settings.op === 'equals' || settings.divideBy !== undefined) return '';
  return catalogue.get(settings.measurement)?.fields[settings.field]?.unit ?? '';
}

function quantityText(settings: ThresholdSettings): string {
  const { measurement, field, op } = settings;
  const divisor = op !== 'equals' && settings.divideBy !== undefined ? ` ÷ ${settings.divideBy}` : '';
  return `${measurement}.${field}${divisor}`;
}

function conditionText(settings: ThresholdSettings): string {
  const { op, where, when } = settings;
  const filters = [...Object.entries(where), ...Object.entries(when)];
  return [
    `${quantityText(settings)} ${op}`,
    ...filters.map(([name, values]) => `${name} ${values.join(' or ')}`),
    ...Object.entries(settings.beginsWhen).map(
      ([name, values]) => `begins with ${name} ${values.join(' or ')}`,
    ),
  ].join(', ');
}
