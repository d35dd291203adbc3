import type { InventoryFile } from '../../../contract/inventory.ts';
import { nearestName } from '../../../runtime/nearest-name.ts';
import { checkInventory, MAX_MISTAKES } from '../check/check-inventory.ts';
import { NearestNames, NearestNamesBudget } from '../check/nearest-names.ts';
import { explainProblem, type InventoryList, type Place } from '../check/problem.ts';
import { fold } from '../search/fold.ts';
import { CSV_KINDS, CSV_LISTS } from './columns.ts';
import { expectedGot, type CsvProblem } from './csv-problem.ts';
import { decodeText } from './decode-text.ts';
import { MAX_CSV_BYTES, parseCsv } from './parse-csv.ts';
import { readHeader } from './read-header.ts';
import { columnOf, readRow, type IdOfName } from './read-row.ts';

/** More does not help anybody to mend a file, and would take memory without limit. */
const MAX_PROBLEMS = 10_000;

export interface CsvFile {
  /** `devices.csv`, with or without folders before it. */
  readonly name: string;
  readonly content: Uint8Array;
}

export interface CsvInventory {
  /** The lists that have a file, whole. To be used only when there is no problem. */
  readonly lists: Partial<InventoryFile>;
  /** All mistakes at once, in the files and in what they make of the inventory. */
  readonly problems: readonly CsvProblem[];
  /** What was understood otherwise than it is written. */
  readonly notes: readonly string[];
}

/** What one file gives. */
export interface ListReading {
  readonly source: string;
  readonly entries: object[];
  /** Of each entry. */
  readonly lines: number[];
}

/**
 * Reads files of an inventory, each of which replaces its list of the `current` one, and checks what results. Pure.
 * Problems name file, line, field and value; a file with more than 5,000 is not read to its end.
 */
export function readInventoryCsv(files: readonly CsvFile[], current: InventoryFile): CsvInventory {
  const { readings, merged, problems, notes } = readCsvLists(files, current);
  for (const problem of checkInventory(merged)) {
    problems.push({
      ...placeOf(problem, readings, merged),
      field: fieldOf(problem, readings),
      message: explainProblem(problem, (entry) => nameOf(placeOf(entry, readings, merged))),
    });
  }
  const lists = Object.fromEntries([...readings].map(([list, { entries }]) => [list, entries]));
  return { lists, problems: limited(problems, readings), notes };
}

/** The files as far as they can be read by themselves; names of others are looked up in `current` and in the files before. Pure. */
export function readCsvLists(files: readonly CsvFile[], current: InventoryFile) {
  const problems: CsvProblem[] = [];
  const notes: string[] = [];
  const readings = new Map<InventoryList, ListReading>();
  const merged: InventoryFile = { ...current };
  const budget = new NearestNamesBudget();
  for (const { list, file } of byList(files, problems)) {
    const reading = readFile(list, file, idFinder(merged, budget), problems, notes);
    if (reading === undefined) continue;
    readings.set(list, reading);
    Object.assign(merged, { [list]: reading.entries });
  }
  return { readings, merged, problems, notes };
}

/** The files in the order of lists: what others refer to is known when they are read. */
function byList(files: readonly CsvFile[], problems: CsvProblem[]) {
  const named = files.flatMap((file) => {
    const name = /([^/\\]+)\.csv$/i.exec(file.name)?.[1] ?? file.name.replace(/^.*[/\\]/, '');
    const list = CSV_LISTS.find((known) => known.toLowerCase() === name.toLowerCase());
    if (list !== undefined) return [{ list, file }];
    const expected = `expected a file named ${CSV_LISTS.join('.csv, ')}.csv`;
    const nearest = nearestName(name, CSV_LISTS);
    problems.push({
      source: file.name,
      message: expectedGot(expected, file.name, nearest && `${nearest}.csv`),
    });
    return [];
  });
  return CSV_LISTS.flatMap((list) => {
    const [first, ...others] = named.filter((entry) => entry.list === list);
    for (const { file } of others)
      problems.push({
        source: file.name,
        message: `expected one file for ${list}, got ${first?.file.name ?? ''} too`,
      });
    return first === undefined ? [] : [first];
  });
}

function readFile(
  list: InventoryList,
  { name: source, content }: CsvFile,
  idOfName: IdOfName,
  problems: CsvProblem[],
  notes: string[],
): ListReading | undefined {
  if (content.length > MAX_CSV_BYTES) {
    problems.push({ source, message: `expected at most ${MAX_CSV_BYTES} bytes, got ${content.length}` });
    return undefined;
  }
  const decoded = decodeText(content);
  if ('message' in decoded) {
    problems.push({ source, message: decoded.message });
    return undefined;
  }
  const table = parseCsv(decoded.text);
  for (const { line, message } of table.faults) problems.push({ source, line, message });
  const [first, ...rows] = table.rows;
  if (first === undefined) {
    problems.push({ source, message: 'expected a first line with the names of columns, got nothing' });
    return undefined;
  }
  const kind = CSV_KINDS[list];
  const { header, problems: headerProblems } = readHeader(source, first, kind);
  problems.push(...headerProblems);
  // Without the right columns every row is wrong for the same reason.
  if (headerProblems.length > 0) return undefined;
  const reading: ListReading = { source, entries: [], lines: [] };
  let decomposedCount = 0;
  const alreadyThere = problems.length;
  for (const row of rows) {
    if (problems.length - alreadyThere > MAX_MISTAKES) {
      const message = `more than ${MAX_MISTAKES} problems before this; the rest is not read`;
      problems.push({ source, line: row.line, message });
      break;
    }
    const read = readRow(source, row, header, kind, idOfName);
    for (const problem of read.problems) problems.push(problem);
    decomposedCount += read.decomposedCount;
    if (read.entry === undefined) continue;
    reading.entries.push(read.entry);
    reading.lines.push(row.line);
  }
  if (decomposedCount > 0)
    notes.push(`${source}: ${decomposedCount} values in decomposed Unicode (NFD) were composed (NFC)`);
  return reading;
}

/** By name, else by the nearest id. */
function idFinder(inventory: InventoryFile, budget: NearestNamesBudget): IdOfName {
  const made = new Map<InventoryList, { ids: NearestNames; byName: ReadonlyMap<string, string> }>();
  return (list, name) => {
    const known = made.get(list) ?? indexNames(inventory[list], budget);
    made.set(list, known);
    return known.byName.get(fold(name)) ?? known.ids.nearestTo(name.trim());
  };
}

function indexNames(entries: readonly object[], budget: NearestNamesBudget) {
  const byName = new Map<string, string>();
  const ids: string[] = [];
  for (const entry of entries as readonly { id?: string; code?: string; name?: string }[]) {
    const id = entry.id ?? entry.code;
    if (id === undefined) continue;
    ids.push(id);
    if (entry.name !== undefined) byName.set(fold(entry.name), id);
  }
  return { ids: new NearestNames(ids, budget), byName };
}

function placeOf(
  { list, at }: Omit<Place, 'field'>,
  readings: ReadonlyMap<InventoryList, ListReading>,
  inventory: InventoryFile,
): { readonly source: string; readonly line?: number | undefined } {
  const reading = readings.get(list);
  if (reading !== undefined) return { source: reading.source, line: reading.lines[at] };
  const entry = inventory[list][at] as { readonly id?: string; readonly code?: string } | undefined;
  return { source: `${list} "${entry?.id ?? entry?.code ?? String(at)}"` };
}

/** The column where a file has it: `fromSite` for `ends[0].site`. */
export function fieldOf({ list, field }: Place, readings: ReadonlyMap<InventoryList, ListReading>): string {
  if (!readings.has(list)) return field;
  const path = field.split(/[[\].]+/).filter((part) => part !== '');
  return columnOf(CSV_KINDS[list].columns, path)?.name ?? field;
}

function nameOf({ source, line }: ReturnType<typeof placeOf>): string {
  return line === undefined ? source : `${source} line ${line}`;
}

/** In the order of files and lines. */
function limited(
  problems: readonly CsvProblem[],
  readings: ReadonlyMap<InventoryList, ListReading>,
): readonly CsvProblem[] {
  const sources = new Set(Array.from(readings.values(), ({ source }) => source));
  for (const { source } of problems) sources.add(source);
  const order = new Map(Array.from(sources, (source, at) => [source, at]));
  const sorted = [...problems].sort(
    (a, b) => (order.get(a.source) ?? 0) - (order.get(b.source) ?? 0) || (a.line ?? 0) - (b.line ?? 0),
  );
  if (sorted.length <= MAX_PROBLEMS) return sorted;
  const source = sorted[MAX_PROBLEMS]?.source ?? '';
  const message = `${sorted.length - MAX_PROBLEMS} more problems are not shown`;
  return [...sorted.slice(0, MAX_PROBLEMS), { source, message }];
}
