import type { z } from 'zod';
import { nearestName } from '../../../runtime/nearest-name.ts';
import type { InventoryList } from '../check/problem.ts';
import type { Column, CsvKind } from './columns.ts';
import { expectedGot, type CsvProblem } from './csv-problem.ts';
import type { CsvRow } from './parse-csv.ts';
import type { Header } from './read-header.ts';

/** The id that somebody means who wrote a name, or an id with a mistake. */
export type IdOfName = (list: InventoryList, name: string) => string | undefined;

export interface RowReading {
  /** Without the fields that are wrong; undefined if nothing tells it from others. */
  readonly entry: object | undefined;
  readonly problems: readonly CsvProblem[];
  /** Cells that were in decomposed Unicode. */
  readonly decomposedCount: number;
}

/** One row as an entry of the inventory. Pure. */
export function readRow(
  source: string,
  { line, cells }: CsvRow,
  header: Header,
  kind: CsvKind,
  idOfName: IdOfName,
): RowReading {
  const problems: CsvProblem[] = [];
  const texts = new Map<Column, string>();
  const wrong = new Set<Column>();
  // Links have two ends whatever the cells say.
  const entry: Record<string, unknown> = kind.columns.some(({ path }) => path[0] === 'ends')
    ? { ends: [{}, {}] }
    : {};
  let decomposedCount = 0;
  const complain = (column: Column | undefined, message: string): void => {
    problems.push({ source, line, field: column?.name, message });
    if (column !== undefined) wrong.add(column);
  };
  cells.forEach((raw, at) => {
    if (raw.trim() === '') return;
    const column = header[at];
    if (column === undefined) {
      complain(undefined, expectedGot(`cell ${at + 1} has no column`, raw));
      return;
    }
    const cell = raw.normalize('NFC');
    if (cell !== raw) decomposedCount++;
    texts.set(column, cell);
    const reading = column.codec.read(cell);
    if ('value' in reading) put(entry, column.path, reading.value);
    else {
      const likely = (column.target && idOfName(column.target, cell)) ?? reading.likely;
      complain(column, expectedGot(`expected ${reading.expected}`, cell, likely));
    }
  });
  const result = kind.schema.safeParse(entry);
  for (const issue of result.error?.issues ?? []) {
    const column = columnOf(kind.columns, issue.path);
    if (column !== undefined && wrong.has(column)) continue;
    const text = column === undefined ? undefined : texts.get(column);
    const message = lowerFirst(issue.message);
    if (text !== undefined)
      complain(column, expectedGot(message, text, likelyValue(issue, text, column, idOfName)));
    else complain(column, column === undefined ? message : 'expected a value, got nothing');
  }
  if (problems.length === 0 && result.success)
    return { entry: result.data as object, problems, decomposedCount };
  const wrongFields = new Set(Array.from(wrong, ({ path }) => path[0] ?? ''));
  const isNamed = kind.keys.every((key) => entry[key] !== undefined && !wrongFields.has(key));
  return { entry: isNamed ? withoutFields(entry, wrongFields) : undefined, problems, decomposedCount };
}

function likelyValue(
  issue: z.core.$ZodIssue,
  text: string,
  column: Column | undefined,
  idOfName: IdOfName,
): string | undefined {
  if (issue.code === 'invalid_value') return nearestName(text, issue.values.map(String));
  return column?.target === undefined ? undefined : idOfName(column.target, text);
}

/** The column that has the value at a path of an entry, or the first that has a part of it. */
export function columnOf(columns: readonly Column[], path: readonly PropertyKey[]): Column | undefined {
  const issue = path.join('.');
  return columns.find((column) => {
    const own = column.path.join('.');
    return `${issue}.`.startsWith(`${own}.`) || own.startsWith(`${issue}.`);
  });
}

function put(entry: Record<string, unknown>, path: Column['path'], value: unknown): void {
  const [field = '', side, inner = ''] = path;
  if (side === undefined) entry[field] = value;
  else
    (entry[field] as Record<string, unknown>[])[Number(side)] = {
      ...endOf(entry, field, side),
      [inner]: value,
    };
}

function endOf(entry: Record<string, unknown>, field: string | number, side: string | number): object {
  return (entry[field] as object[])[Number(side)] ?? {};
}

/** What the checks of the whole inventory need is there, if empty. */
function withoutFields(
  entry: Readonly<Record<string, unknown>>,
  fields: ReadonlySet<string | number>,
): object {
  const right = Object.entries(entry).filter(([field]) => !fields.has(field));
  return { needs: [], ends: [], successors: [], ...Object.fromEntries(right) };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
