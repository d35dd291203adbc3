import { MAX_FIELDS, MAX_NAME_LENGTH, MAX_TABLES, MAX_TAGS, type Row, type Table } from './batch.ts';
import type { FieldValue, Sample } from './sample.ts';

interface OpenTable extends Table {
  readonly fields: string[];
  readonly rows: Row[];
  readonly columns: Map<string, number>;
}

/**
 * Samples as columns: a table for each measurement and set of tags, with times relative to `baseMs`.
 * undefined: they do not fit one batch, because of its limits on tables, tags, fields and names.
 */
export function toTables(samples: readonly Sample[], baseMs: number): Table[] | undefined {
  const tables = new Map<string, OpenTable>();
  for (const sample of samples) {
    const tags = Object.keys(sample.tags);
    const key = tableKey(sample);
    let table = tables.get(key);
    if (table === undefined) {
      if (tables.size === MAX_TABLES || tags.length > MAX_TAGS) return undefined;
      if (!isName(sample.measurement) || !tags.every(isName)) return undefined;
      table = { measurement: sample.measurement, tags, fields: [], rows: [], columns: new Map() };
      tables.set(key, table);
    }
    const values = toValues(sample, table);
    if (values === undefined) return undefined;
    table.rows.push([Object.values(sample.tags), Math.round(sample.timeMs) - baseMs, values]);
  }
  return [...tables.values()].map(({ measurement, tags, fields, rows }) => ({
    measurement,
    tags,
    fields,
    rows,
  }));
}

/** Samples with the same key share a table, in their order; tables come in the order of their first samples. */
export function tableKey({ measurement, tags }: Sample): string {
  // A name with a line break can at worst put its row into a table with more tags: central refuses that row only.
  return `${measurement}\n${Object.keys(tags).join('\n')}`;
}

function toValues({ fields }: Sample, table: OpenTable): Row[2] | undefined {
  const values = new Array<Row[2][number]>(table.fields.length).fill(null);
  for (const name of Object.keys(fields)) {
    let column = table.columns.get(name);
    if (column === undefined) {
      if (table.fields.length === MAX_FIELDS || !isName(name)) return undefined;
      column = table.fields.push(name) - 1;
      table.columns.set(name, column);
    }
    values[column] = toWire(fields[name]);
  }
  return values;
}

function toWire(value: FieldValue | undefined): Row[2][number] {
  if (typeof value === 'bigint') return String(value);
  return value ?? null;
}

function isName(text: string): boolean {
  return text.length > 0 && text.length <= MAX_NAME_LENGTH;
}
