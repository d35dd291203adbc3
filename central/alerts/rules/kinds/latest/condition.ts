import { z } from 'zod';
import type { MeasurementDefinition } from '../../../../../contract/catalogue.ts';
import type { FieldValue } from '../../../../../contract/sample.ts';
import type { Evaluation } from '../../../lifecycle/alert-state.ts';
import { checkNumberField, checkRange, checkValues, unknownField } from '../../catalogue-checks.ts';
import { nameSchema, oneOrMore, scalarSchema } from '../../rule-settings.ts';
import type { Reading } from './reading.ts';

/** What a value is compared with: exactly one of the three. */
const test = {
  above: z.number().optional(),
  below: z.number().optional(),
  equals: oneOrMore(scalarSchema).optional(),
};

/** One field of a row, or the quotient of two, or a tag. */
export const conditionSettings = {
  field: nameSchema.optional(),
  tag: nameSchema.optional(),
  divideBy: nameSchema.optional(),
  ...test,
};

export type Condition = z.infer<z.ZodObject<typeof conditionSettings>> & {
  /** Where `above` or `below` ends; at the same limit if not given. */
  readonly clear?: number | undefined;
};

/** What the schema cannot say: exactly one thing is compared with exactly one test. */
export function checkCondition(
  condition: Condition,
  path: (string | number)[],
  context: z.RefinementCtx,
): void {
  const { field, tag, divideBy, above, below, equals, clear } = condition;
  const report = (setting: string[], message: string, input: unknown): void => {
    context.addIssue({ code: 'custom', path: [...path, ...setting], message, input });
  };
  if ((field === undefined) === (tag === undefined)) {
    report([], 'expected either field or tag', { field, tag });
  }
  if ([above, below, equals].filter((one) => one !== undefined).length !== 1) {
    report([], 'expected exactly one of above, below and equals', { above, below, equals });
    return;
  }
  if (tag !== undefined && equals === undefined) report(['tag'], 'expected only with equals', tag);
  if (divideBy !== undefined && (field === undefined || equals !== undefined)) {
    report(['divideBy'], 'expected only with field, and above or below', divideBy);
  }
  if (clear === undefined) return;
  if (equals !== undefined) report(['clear'], 'expected only with above or below', clear);
  if (above !== undefined && clear > above) report(['clear'], `expected at most ${above}`, clear);
  if (below !== undefined && clear < below) report(['clear'], `expected at least ${below}`, clear);
}

/** What only the catalogue knows: one line a problem. */
export function checkConditionNames(
  path: string,
  condition: Condition,
  measurement: MeasurementDefinition,
): string[] {
  const { field, tag, divideBy, above, below, equals, clear } = condition;
  if (tag !== undefined) {
    return [
      ...(measurement.tags[tag] === undefined
        ? [`${path}.tag: not a tag of ${measurement.name}, got "${tag}"`]
        : []),
      ...(equals ?? [])
        .filter((value) => typeof value !== 'string')
        .map((value) => `${path}.equals: expected a text, ${tag} is a tag, got ${JSON.stringify(value)}`),
    ];
  }
  if (field === undefined) return [];
  if (equals !== undefined) {
    return measurement.fields[field] === undefined
      ? [unknownField(`${path}.field`, field, measurement)]
      : checkValues(`${path}.equals`, field, equals, measurement);
  }
  const problems = checkNumberField(`${path}.field`, field, measurement);
  if (divideBy !== undefined) {
    return [...problems, ...checkNumberField(`${path}.divideBy`, divideBy, measurement)];
  }
  const definition = measurement.fields[field];
  if (definition === undefined || problems.length > 0) return problems;
  return Object.entries({ above, below, clear }).flatMap(([name, limit]) =>
    limit === undefined ? [] : checkRange(`${path}.${name}`, limit, field, definition),
  );
}

export interface CompiledCondition {
  /** Undefined: the row does not have what is compared. */
  readonly read: (reading: Reading) => FieldValue | undefined;
  readonly evaluate: (value: FieldValue) => Evaluation;
}

export function compileCondition(condition: Condition): CompiledCondition {
  return { read: reader(condition), evaluate: comparer(condition) };
}

/** Of several conditions about one row, any of which is enough; undefined: it has nothing that is compared. */
export function worstCondition(
  conditions: readonly CompiledCondition[],
  reading: Reading,
): Evaluation | undefined {
  let worst: Evaluation | undefined;
  for (const { read, evaluate } of conditions) {
    const value = read(reading);
    if (value !== undefined) worst = worseOf(worst, evaluate(value));
  }
  return worst;
}

const RANK: Readonly<Record<Evaluation, number>> = { clear: 0, between: 1, breach: 2 };

export function worseOf(a: Evaluation | undefined, b: Evaluation): Evaluation {
  return a === undefined || RANK[b] > RANK[a] ? b : a;
}

function reader({ field, tag, divideBy }: Condition): (reading: Reading) => FieldValue | undefined {
  if (tag !== undefined) return (reading) => reading.tag(tag);
  const name = field ?? '';
  if (divideBy === undefined) return (reading) => reading.valueOf(name);
  return (reading) => {
    const value = reading.valueOf(name);
    const divisor = Number(reading.valueOf(divideBy) ?? 0);
    return value === undefined || divisor === 0 ? undefined : Number(value) / divisor;
  };
}

function comparer({ above, below, equals, clear }: Condition): (value: FieldValue) => Evaluation {
  if (equals !== undefined) {
    const values = new Set<FieldValue>(equals);
    const plain = (value: FieldValue): FieldValue => (typeof value === 'bigint' ? Number(value) : value);
    return (value) => (values.has(plain(value)) ? 'breach' : 'clear');
  }
  const sign = above === undefined ? -1 : 1;
  const raise = sign * (above ?? below ?? 0);
  const end = clear === undefined ? raise : sign * clear;
  return (value) => {
    const height = sign * Number(value);
    return height > raise ? 'breach' : height <= end ? 'clear' : 'between';
  };
}

/** What is compared: `rsrp_dbm`, `load1 ÷ n_cpus`. */
export function quantityText({ field, tag, divideBy }: Condition): string {
  return `${field ?? tag ?? ''}${divideBy === undefined ? '' : ` ÷ ${divideBy}`}`;
}

/** For operators: `rsrp_dbm below -110`, `registered false`, `rat lte or gsm`. */
export function conditionText(condition: Condition): string {
  const { above, below, equals } = condition;
  const what = quantityText(condition);
  if (equals !== undefined) return `${what} ${equals.join(' or ')}`;
  return above === undefined ? `${what} below ${below ?? ''}` : `${what} above ${above}`;
}
