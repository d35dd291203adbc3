import type { FieldValue } from '../../../../contract/sample.ts';
import type { SampleRow, SampleTable } from '../../../samples/sample-table.ts';
import type { Evaluation } from '../../lifecycle/alert-state.ts';
import type { LevelLimits } from '../limit-levels.ts';
import type { RowPlan } from './rule-kind.ts';

export interface ThresholdLevels extends LevelLimits {
  /** For a row that does not meet the rule's `when`. */
  readonly allClear: readonly Evaluation[];
}

export interface FieldNames {
  readonly field: string;
  readonly divideBy: string | undefined;
  readonly when: Readonly<Record<string, readonly FieldValue[]>>;
}

interface Columns {
  readonly fieldAt: number;
  /** -1: not divided. */
  readonly divideAt: number;
  readonly when: readonly { readonly at: number; readonly values: ReadonlySet<FieldValue> }[];
}

/** Where one rule finds its columns in tables of one shape; undefined: a column is missing. */
export function planColumns(
  names: FieldNames,
  table: SampleTable,
  levels: ThresholdLevels,
): RowPlan | undefined {
  const fieldAt = (name: string): number => table.fields.indexOf(name);
  const columns: Columns = {
    fieldAt: fieldAt(names.field),
    divideAt: names.divideBy === undefined ? -1 : fieldAt(names.divideBy),
    when: Object.entries(names.when).map(([field, values]) => ({
      at: fieldAt(field),
      values: new Set(values),
    })),
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
    return this.#levels.isBreach(value) && this.#meetsWhen(row) === true;
  }

  evaluate(value: FieldValue, row: SampleRow): readonly Evaluation[] | undefined {
    const meetsWhen = this.#meetsWhen(row);
    if (meetsWhen === undefined) return undefined;
    return meetsWhen ? this.#levels.evaluate(value) : this.#levels.allClear;
  }

  /** Undefined: one of the fields is missing. */
  #meetsWhen(row: SampleRow): boolean | undefined {
    for (const { at, values } of this.#columns.when) {
      const value = row.values[at];
      if (value === undefined) return undefined;
      if (!values.has(typeof value === 'bigint' ? Number(value) : value)) return false;
    }
    return true;
  }
}
