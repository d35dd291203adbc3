import type { FieldValue } from '../../../contract/sample.ts';
import type { Cell, Conversation } from '../../protocols/snmp/conversation.ts';
import { isRow } from './health.ts';
import type { RowSource, ValueSource } from './profile.ts';
import { UniqueNames, type Reading, type TableResult } from './reading.ts';
import { readTable } from '../../protocols/snmp/table.ts';
import { roundOff, toNumber, toText } from '../../protocols/snmp/value.ts';

type Row = Partial<Record<string, Cell>>;

/** With a blank, so that they differ from every field name. */
const LABEL = 'the label';
const KIND = 'the kind';

/** The rows of all these sources, joined where measurement and tags are the same. */
export async function readRows(
  conversation: Pick<Conversation, 'column'>,
  sources: readonly RowSource[],
): Promise<TableResult> {
  const joined = new Map<string, { reading: Reading; fields: Record<string, FieldValue> }>();
  let firstError: Error | undefined;
  for (const source of sources) {
    const { rows, error } = await readTable(conversation, columnsOf(source), Object.keys(source.fields)[0]);
    firstError ??= error;
    const names = new UniqueNames();
    const count = rows.size > 1 ? await readCount(conversation, source) : undefined;
    for (const [index, row] of rows) {
      if (count !== undefined && Number(index.split('.')[0]) > count) continue;
      const reading = toReading(source, index, row, names);
      if (reading === undefined) continue;
      const key = JSON.stringify([reading.measurement, reading.tags]);
      const known = joined.get(key);
      if (known === undefined) joined.set(key, { reading, fields: { ...reading.fields } });
      else for (const [name, value] of Object.entries(reading.fields)) known.fields[name] ??= value;
    }
  }
  const readings = [...joined.values()].map(({ reading, fields }) => ({ ...reading, fields }));
  return { readings, error: firstError };
}

/** undefined: not told, or not more than 0. */
async function readCount(
  conversation: Pick<Conversation, 'column'>,
  { countOid }: RowSource,
): Promise<number | undefined> {
  if (countOid === undefined) return undefined;
  const { cells } = await conversation.column(countOid);
  const [cell] = cells.values();
  const count = toNumber(cell?.value) ?? 0;
  return count > 0 ? count : undefined;
}

function columnsOf({ fields, label, where }: RowSource): Record<string, string> {
  return {
    ...Object.fromEntries(Object.entries(fields).map(([name, { oid }]) => [name, oid])),
    ...(label?.oid !== undefined && { [LABEL]: label.oid }),
    ...(where !== undefined && { [KIND]: where.oid }),
  };
}

function toReading(source: RowSource, index: string, row: Row, names: UniqueNames): Reading | undefined {
  if (!isRow(index, source.row)) return undefined;
  if (source.where !== undefined && toNumber(row[KIND]?.value) !== source.where.is) return undefined;
  const label = labelOf(source, index, row);
  if (source.label !== undefined && label === undefined) return undefined;
  const fields: Record<string, FieldValue> = {};
  for (const [name, value] of Object.entries(source.fields)) {
    const read = readValue(row[name], value);
    if (read !== undefined) fields[name] = read;
  }
  if (Object.keys(fields).length === 0) return undefined;
  const labelTag = source.label === undefined ? {} : { [source.label.tag]: names.name(label ?? '', index) };
  return { measurement: source.measurement, tags: { ...source.tags, ...labelTag }, fields };
}

function labelOf({ label }: RowSource, index: string, row: Row): string | undefined {
  if (label === undefined) return undefined;
  const text = label.oid === undefined ? rowName(index) : toText(row[LABEL]?.value);
  if (text === undefined || label.absent?.includes(Number(text)) === true) return undefined;
  return `${label.prefix ?? ''}${text}`;
}

/** Some agents write the index of a line as `1.0`. */
function rowName(index: string): string {
  return index.replace(/\.0$/, '');
}

function readValue(cell: Cell | undefined, source: ValueSource): number | boolean | undefined {
  const value = toNumber(cell?.value);
  if (value === undefined || source.absent?.includes(value) === true) return undefined;
  if (source.codes !== undefined) return source.codes[value];
  return source.scale === undefined ? value : roundOff(value * source.scale);
}
