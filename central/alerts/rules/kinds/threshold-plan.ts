import type { FieldValue } from '../../../../contract/sample.ts';
import type { SampleRow, SampleTable } from '../../../samples/sample-table.ts';
import type { Evaluation } from '../../lifecycle/alert-state.ts';
import type { LevelLimits } from '../limit-levels.ts';
import type { RowPlan } from './rule-kind.ts';

export interface ThresholdLevels extends LevelLimits {
  /** For a row that does not meet the rule's `when`. */
  readonly allClear: readonly Evaluation[];
}

type Conditions = Readonly<Record<string, readonly FieldValue[]>>;

export interface FieldNames {
  readonly field: string;
  readonly divideBy: string | undefined;
  readonly when: Conditions;
  readonly beginsWhen: Conditions;
}

interface Condition {
  readonly at: number;
  readonly values: ReadonlySet<FieldValue>;
}

interface Columns {
  readonly fieldAt: number;
  /** -1: not divided. */
  readonly divideAt: number;
  readonly when: readonly Condition[];
  /** Of fields that the table has. */
  readonly beginsWhen: readonly Condition[];
}

/** Where one rule finds its columns in tables of one shape; undefined: a column is missing. */
export function planColumns(
  names: FieldNames,
  table: SampleTable,
  levels: ThresholdLevels,
): RowPlan | undefined {
  const fieldAt = (name: string): number => table.fields.indexOf(name);
  const found = (conditions: Conditions): Condition[] =>
    Object.entries(conditions).map(([field, values]) => ({ at: fieldAt(field), values: new Set(values) }));
  const columns: Columns = {
    fieldAt: fieldAt(names.field),
    divideAt: names.divideBy === undefined ? -1 : fieldAt(names.divideBy),
    when: found(names.when),
    beginsWhen: found(names.beginsWhen).filter(({ at }) => at >= 0),
  };
  const isMissing =
    columns.fieldAt < 0 ||
    (names.divideBy !== undefined && columns.divideAt < 0) ||
    columns.when.some(({ at }) => at < 0);
  return isMissing ? undefined : new ThresholdPlan(columns, levels);
}

class ThresholdPlan implements RowPlan {
  readonly #columns: Columns;
  readonly #levels: ThresholdLevels;

  constructor(columns: Columns, levels: ThresholdLevels) {
    this.#columns = columns;
    this.#levels = levels;
  }

  readValue(row: SampleRow): FieldValue | undefined {
    const { fieldAt, divideAt } = this.#columns;
    const value = row.values[fieldAt];
    if (value === undefined || divideAt < 0) return value;
    const divisor = Number(row.values[divideAt] ?? 0);
    return divisor === 0 ? undefined : Number(value) / divisor;
  }

  isBreach(value: FieldValue, row: SampleRow): boolean {
    return this.#levels.isBreach(value) && this.#meetsWhen(row) === true && this.#mayBegin(row);
  }

  evaluate(value: FieldValue, row: SampleRow): readonly Evaluation[] | undefined {
    const meetsWhen = this.#meetsWhen(row);
    if (meetsWhen === undefined) return undefined;
    if (!meetsWhen) return this.#levels.allClear;
    const evaluations = this.#levels.evaluate(value);
    return this.#mayBegin(row)
      ? evaluations
      : evaluations.map((each) => (each === 'breach' ? 'between' : each));
  }

  /** Undefined: one of the fields is missing. */
  #meetsWhen(row: SampleRow): boolean | undefined {
    for (const { at, values } of this.#columns.when) {
      const value = row.values[at];
      if (value === undefined) return undefined;
      if (!values.has(plain(value))) return false;
    }
    return true;
  }

  /** Also where a field is missing: a UPS that ran empty says nothing of the mains. */
  #mayBegin(row: SampleRow): boolean {
    for (const { at, values } of this.#columns.beginsWhen) {
      const value = row.values[at];
      if (value !== undefined && !values.has(plain(value))) return false;
    }
    return true;
  }
}

function plain(value: FieldValue): FieldValue {
  return typeof value === 'bigint' ? Number(value) : value;
}
