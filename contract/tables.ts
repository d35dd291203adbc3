import { MAX_FIELDS, MAX_NAME_LENGTH, MAX_TABLES, MAX_TAGS, type Row, type Table } from './batch.ts';
import type { FieldValue, Sample } from './sample.ts';

export interface OpenTable extends Table {
  readonly tags: string[];
  readonly fields: string[];
  readonly rows: Row[];
}

/**
 * Samples as columns: a table for each measurement and set of tags, with times relative to `baseMs`.
 * undefined: they do not fit one batch, because of its limits on tables, tags, fields and names.
 */
export function toTables(samples: readonly Sample[], baseMs: number): OpenTable[] | undefined {
  const tables = new Map<string, OpenTable>();
  let table: OpenTable | undefined;
  for (const sample of samples) {
    const tags = Object.keys(sample.tags);
    // Mostly that of the sample before, such as for the ports of a switch.
    if (table === undefined || !belongsTo(table, sample.measurement, tags)) {
      const key = tableKey(sample);
      table = tables.get(key);
      if (table === undefined) {
        if (tables.size === MAX_TABLES || tags.length > MAX_TAGS) return undefined;
        if (!isName(sample.measurement) || !tags.every(isName)) return undefined;
        table = { measurement: sample.measurement, tags, fields: [], rows: [] };
        tables.set(key, table);
      }
    }
    const values = toValues(sample, table);
    if (values === undefined) return undefined;
    table.rows.push([Object.values(sample.tags), Math.round(sample.timeMs) - baseMs, values]);
  }
  return [...tables.values()];
}

function belongsTo(table: OpenTable, measurement: string, tags: readonly string[]): boolean {
  return (
    table.measurement === measurement &&
    table.tags.length === tags.length &&
    table.tags.every((name, at) => name === tags[at])
  );
}

/** Samples with the same key share a table, in their order; tables come in the order of their first samples. */
export function tableKey({ measurement, tags }: Sample): string {
  // A name with a line break can at worst put its row into a table with more tags: central refuses that row only.
  return `${measurement}\n${Object.keys(tags).join('\n')}`;
}

function toValues({ fields }: Sample, table: OpenTable): Row[2] | undefined {
  const values = new Array<Row[2][number]>(table.fields.length).fill(null);
  const names = Object.keys(fields);
  for (let at = 0; at < names.length; at++) {
    const name = names[at] ?? '';
    // Mostly in the same place as in the row before.
    let column = table.fields[at] === name ? at : table.fields.indexOf(name);
    if (column === -1) {
      if (table.fields.length === MAX_FIELDS || !isName(name)) return undefined;
      column = table.fields.push(name) - 1;
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
