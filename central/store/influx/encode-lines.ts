import type { FieldType } from '../../../contract/catalogue.ts';
import { escapeKey, escapeMeasurement, FIELD_WRITERS } from '../../../contract/encode-line-protocol.ts';
import type { FieldValue } from '../../../contract/sample.ts';
import type { CheckedTable } from '../row-check.ts';
import type { SampleRow } from '../../samples/sample-table.ts';

interface FieldWriter {
  readonly key: string;
  readonly write: (value: FieldValue) => string;
}

/** InfluxDB line protocol (v1) with times in ms, one line per row, for rows that passed checkBatch. */
export function* tableLines(table: CheckedTable): Generator<string> {
  const measurement = escapeMeasurement(table.measurement);
  const tagKeys = table.tags.map((name) => `,${escapeKey(name)}=`);
  const fields = table.fields.map((name, index) => fieldWriter(name, table.types[index] ?? 'string'));
  for (const row of table.rows) {
    yield `${measurement}${tagSet(tagKeys, row)} ${fieldSet(fields, row)} ${row.timeMs}`;
  }
}

function tagSet(keys: readonly string[], row: SampleRow): string {
  let text = '';
  for (let index = 0; index < keys.length; index++) {
    const value = row.tags[index];
    if (value !== undefined && value !== '') text += (keys[index] ?? '') + escapeKey(value);
  }
  return text;
}

function fieldSet(fields: readonly FieldWriter[], row: SampleRow): string {
  let text = '';
  for (let index = 0; index < fields.length; index++) {
    const value = row.values[index];
    const field = fields[index];
    if (value === undefined || field === undefined) continue;
    text += (text === '' ? '' : ',') + field.key + field.write(value);
  }
  return text;
}

function fieldWriter(name: string, type: FieldType): FieldWriter {
  return { key: `${escapeKey(name)}=`, write: FIELD_WRITERS[type] };
}
