import type { Catalogue, FieldType } from '../../contract/catalogue.ts';
import type { FieldValue } from '../../contract/sample.ts';
import type { StoreRejection } from './sample-store.ts';
import type { SampleBatch, SampleRow, SampleTable } from '../samples/sample-table.ts';

/** Allowed on every measurement besides the catalogue's own tags: which agent measured. */
export const COMMON_TAGS: readonly string[] = ['agent'];

/** Latest time that InfluxDB's 64-bit nanoseconds can hold (2262-04-11). */
const MAX_TIME_MS = 9_223_372_036_854;
const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;

/** A table whose rows every store can hold. */
export interface CheckedTable {
  readonly measurement: string;
  readonly tags: readonly string[];
  readonly fields: readonly string[];
  readonly types: readonly FieldType[];
  readonly rows: readonly SampleRow[];
  /** The number of each row through all tables of its batch. */
  readonly numbers: readonly number[];
}

export interface CheckedBatch {
  readonly batch: SampleBatch;
  readonly tables: readonly CheckedTable[];
}

/**
 * The last check before a store: refuses row by row what no store can hold, with the same reasons for all stores, so
 * that a bad value never affects other rows.
 */
export function checkBatch(
  catalogue: Catalogue,
  batch: SampleBatch,
  rejections: StoreRejection[],
): CheckedBatch {
  const { agent, epoch, seq } = batch;
  const tables: CheckedTable[] = [];
  let next = 0;
  for (const table of batch.tables) {
    const types = fieldTypes(catalogue, table);
    const rows: SampleRow[] = [];
    const numbers: number[] = [];
    for (const row of table.rows) {
      const reason = typeof types === 'string' ? types : refusalOf(table, types, row);
      if (reason === undefined) {
        rows.push(row);
        numbers.push(next);
      } else {
        rejections.push({ agent, epoch, seq, row: next, reason });
      }
      next++;
    }
    if (typeof types === 'string' || rows.length === 0) continue;
    tables.push({
      measurement: table.measurement,
      tags: table.tags,
      fields: table.fields,
      types,
      rows,
      numbers,
    });
  }
  return { batch, tables };
}

/** The catalogue's types of the table's fields, or why none of its rows can be stored. */
function fieldTypes(catalogue: Catalogue, table: SampleTable): FieldType[] | string {
  const definition = catalogue.get(table.measurement);
  if (definition === undefined) return `unknown measurement "${table.measurement}"`;
  for (const tag of table.tags) {
    if (!Object.hasOwn(definition.tags, tag) && !COMMON_TAGS.includes(tag)) {
      return `measurement "${table.measurement}" has no tag "${tag}"`;
    }
  }
  const types: FieldType[] = [];
  for (const name of table.fields) {
    const field = Object.hasOwn(definition.fields, name) ? definition.fields[name] : undefined;
    if (field === undefined) return `measurement "${table.measurement}" has no field "${name}"`;
    types.push(field.type);
  }
  return types;
}

function refusalOf(table: SampleTable, types: readonly FieldType[], row: SampleRow): string | undefined {
  const { timeMs, tags, values } = row;
  if (!Number.isSafeInteger(timeMs) || timeMs < 0 || timeMs > MAX_TIME_MS) {
    return `time ${timeMs} is not a whole number of ms between 0 and ${MAX_TIME_MS}`;
  }
  for (let index = 0; index < tags.length; index++) {
    const problem = tagProblem(tags[index]);
    if (problem !== undefined) return `tag ${table.tags[index] ?? String(index)}: ${problem}`;
  }
  let present = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    const type = types[index];
    if (value === undefined || type === undefined) continue;
    const problem = valueProblem(type, value);
    if (problem !== undefined) return `field ${table.fields[index] ?? String(index)}: ${problem}`;
    present++;
  }
  return present === 0 ? 'no field has a value' : undefined;
}

/** Line protocol has no way to write these in a tag value. */
const FORBIDDEN_IN_TAG = /[\n\r\0]|\\$/;

function tagProblem(value: string | undefined): string | undefined {
  if (value === undefined || !FORBIDDEN_IN_TAG.test(value)) return undefined;
  return `line breaks, NUL and a backslash at the end cannot be stored, got ${JSON.stringify(value.slice(0, 80))}`;
}

function valueProblem(type: FieldType, value: FieldValue): string | undefined {
  switch (type) {
    case 'float':
      return typeof value === 'number' && Number.isFinite(value)
        ? undefined
        : wrong('a finite number', value);
    case 'int':
      return isInt64(value) ? undefined : wrong('a whole number of 64 bits', value);
    case 'bool':
      return typeof value === 'boolean' ? undefined : wrong('true or false', value);
    case 'string':
      if (typeof value !== 'string') return wrong('a text', value);
      return value.includes('\0') ? 'NUL cannot be stored' : undefined;
  }
}

function isInt64(value: FieldValue): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value);
  return typeof value === 'bigint' && value >= MIN_INT64 && value <= MAX_INT64;
}

function wrong(expected: string, value: FieldValue): string {
  return `expected ${expected}, got ${typeof value} ${String(value).slice(0, 80)}`;
}
