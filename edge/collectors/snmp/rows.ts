import type { FieldValue } from '../../../contract/sample.ts';
import type { Cell, Conversation } from '../../protocols/snmp/conversation.ts';
import { namePattern } from '../name-pattern.ts';
import { isRow } from './health.ts';
import type { RowTable, RowValue } from './profile/compiled-profile.ts';
import type { RowTag } from './profile/profile-schema.ts';
import { increase, rate, type Count } from './rates.ts';
import { UniqueNames, type Reading, type TableResult } from './reading.ts';
import { readTable } from '../../protocols/snmp/table.ts';
import { toCounter, toNumber, toText } from '../../protocols/snmp/value.ts';

type Row = Partial<Record<string, Cell>>;

/** Counters of the previous poll, by column and index. */
export type CounterMemory = Map<string, Count>;
/** Rows that come and go leave theirs behind. */
const MAX_COUNTERS = 16_384;

/** The rows of all these tables, joined where measurement and tags are the same; earlier values take precedence. */
export async function readRows(
  conversation: Pick<Conversation, 'column'>,
  tables: readonly RowTable[],
  counters: CounterMemory = new Map(),
): Promise<TableResult> {
  const joined = new Map<string, { reading: Reading; fields: Record<string, FieldValue> }>();
  let firstError: Error | undefined;
  // Together, so that they share requests.
  for (const { table, rows, error, count, names } of await Promise.all(
    tables.map((table) => readOne(conversation, table)),
  )) {
    firstError ??= error;
    const unique = new UniqueNames();
    for (const [index, row] of rows) {
      if (count !== undefined && Number(index.split('.')[0]) > count) continue;
      const reading = toReading(table, { index, row, names, unique, counters });
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

async function readOne(conversation: Pick<Conversation, 'column'>, table: RowTable) {
  const { rows, error } = await readTable(conversation, columnsOf(table), table.values[0]?.column);
  const [count, names] = await Promise.all([
    rows.size > 1 ? readCount(conversation, table) : undefined,
    rows.size > 0 ? readNames(conversation, table) : (new Map() as Names),
  ]);
  return { table, rows, error, count, names };
}

/** undefined: not told, or not more than 0. */
async function readCount(
  conversation: Pick<Conversation, 'column'>,
  { count: oid }: RowTable,
): Promise<number | undefined> {
  if (oid === undefined) return undefined;
  const { cells } = await conversation.column(oid);
  const [cell] = cells.values();
  const count = toNumber(cell?.value) ?? 0;
  return count > 0 ? count : undefined;
}

/** By column. */
type Names = ReadonlyMap<string, ReadonlyMap<string, Cell>>;

/** Columns of other tables, whose index is a part of that of the rows. */
async function readNames(conversation: Pick<Conversation, 'column'>, { rowTags }: RowTable): Promise<Names> {
  const names = new Map<string, ReadonlyMap<string, Cell>>();
  for (const [, { oid, arcs }] of rowTags) {
    if (oid !== undefined && arcs !== undefined && !names.has(oid))
      names.set(oid, (await conversation.column(oid)).cells);
  }
  return names;
}

function columnsOf({ values, rowTags, only }: RowTable): Record<string, string> {
  const oids = [
    ...values.map(({ column }) => column),
    ...rowTags.flatMap(([, { oid, arcs }]) => (oid === undefined || arcs !== undefined ? [] : [oid])),
    ...(only === undefined ? [] : [only.oid]),
  ];
  return Object.fromEntries(oids.map((oid) => [oid, oid]));
}

interface RowContext {
  readonly index: string;
  readonly row: Row;
  readonly names: Names;
  readonly unique: UniqueNames;
  readonly counters: CounterMemory;
}

function toReading(table: RowTable, context: RowContext): Reading | undefined {
  const { measurement, only, fixedTags } = table;
  const { index, row } = context;
  if (!isRow(index, table.row)) return undefined;
  if (only !== undefined && !only.is.includes(toNumber(row[only.oid]?.value) ?? NaN)) return undefined;
  const rowTags = tagsOf(table, context);
  if (rowTags === undefined) return undefined;
  const fields: Record<string, FieldValue> = {};
  for (const value of table.values) {
    const read = valueOf(value, context);
    if (read !== undefined) fields[value.field] ??= read;
  }
  return Object.keys(fields).length === 0
    ? undefined
    : { measurement, tags: { ...fixedTags, ...rowTags }, fields };
}

/** undefined: the row lacks one. A row with the same tags as an earlier one gets its index. */
function tagsOf(
  { rowTags }: RowTable,
  { index, row, names, unique }: RowContext,
): Record<string, string> | undefined {
  const found: (readonly [tag: string, text: string])[] = [];
  for (const [tag, source] of rowTags) {
    const text = tagOf(source, index, row, names);
    if (text === undefined) return undefined;
    found.push([tag, text]);
  }
  const [first, ...others] = found;
  if (first === undefined) return {};
  const name = unique.name(first[1], index, JSON.stringify(others));
  return Object.fromEntries([[first[0], name], ...others]);
}

function tagOf({ oid, arcs, prefix, absent, values }: RowTag, index: string, row: Row, names: Names) {
  const key = arcs === undefined ? rowName(index) : partOf(index, arcs);
  const text = oid === undefined ? key : toText((names.get(oid)?.get(key) ?? row[oid])?.value);
  if (text === undefined || absent.some((none) => String(none) === text)) return undefined;
  const told = values === undefined ? text : meaningOf(text, values);
  return told === undefined ? undefined : `${prefix}${told}`;
}

function meaningOf(text: string, values: Readonly<Record<string, string>>): string | undefined {
  if (Object.hasOwn(values, text)) return values[text];
  return Object.entries(values).find(([pattern]) => namePattern(pattern)(text))?.[1];
}

/** Some agents write the index of a line as `1.0`. */
function rowName(index: string): string {
  return index.replace(/\.0$/, '');
}

function partOf(index: string, arcs: number): string {
  const all = index.split('.');
  return (arcs > 0 ? all.slice(0, arcs) : all.slice(arcs)).join('.');
}

function valueOf({ column, isRate, read }: RowValue, { index, row, counters }: RowContext) {
  const cell = row[column];
  return read(isRate ? rateOf(`${column}.${index}`, cell, counters) : cell?.value);
}

/** undefined: the first reading, a restart, a reset, a counter that ran over. */
function rateOf(key: string, cell: Cell | undefined, counters: CounterMemory): number | undefined {
  const counter = toCounter(cell?.value);
  if (counter === undefined || cell?.ticks === undefined) return undefined;
  const before = counters.get(key);
  const now = { ...counter, ticks: cell.ticks };
  if (before === undefined && counters.size >= MAX_COUNTERS) counters.clear();
  counters.set(key, now);
  const grown = before && increase(before, now, { perSecond: undefined, kind: 'faults' });
  return grown && rate(grown);
}
