import type { Readable } from 'node:stream';

export interface CsvRow {
  /** Where it begins, from 1. A quoted cell may have several lines. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** Of one row, in UTF-16 units: what is longer is no row of a table. */
const MAX_ROW_CHARS = 1024 * 1024;
export const MAX_COLUMNS = 4_096;

/** A file that is not CSV from here on. */
export class CsvError extends Error {
  override readonly name = 'CsvError';
  readonly line: number;
  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/**
 * Rows of a CSV text (RFC 4180) while it is read, so that files may be of any length. Empty lines are left out. Throws a CsvError for what is no
 * table: a quote without an end, a row longer than 1 MiB or with more than 4,096 cells.
 */
export async function* csvRows(text: Readable, separator: string): AsyncGenerator<CsvRow> {
  text.setEncoding('utf8');
  let rest = '';
  let line = 1;
  for await (const chunk of text) {
    rest += String(chunk);
    let start = 0;
    for (;;) {
      const end = endOfRow(rest, start);
      // The next chunk may begin with the second half of \r\n, or of a doubled quote.
      if (end === undefined || end.next >= rest.length) break;
      const row = { line, cells: cellsOf(rest.slice(start, end.at), separator, line) };
      if (end.at > start) yield row;
      line += end.lines;
      start = end.next;
    }
    rest = rest.slice(start);
    if (rest.length > MAX_ROW_CHARS)
      throw new CsvError(line, `expected rows of at most ${MAX_ROW_CHARS} letters`);
  }
  yield* lastRows(rest, separator, line);
}

function* lastRows(text: string, separator: string, firstLine: number): Generator<CsvRow> {
  let line = firstLine;
  let start = 0;
  while (start < text.length) {
    const end = endOfRow(text, start) ?? { at: text.length, next: text.length, lines: 1 };
    if (end.at > start) yield { line, cells: cellsOf(text.slice(start, end.at), separator, line) };
    line += end.lines;
    start = end.next;
  }
}

interface RowEnd {
  readonly at: number;
  /** Where the next row begins. */
  readonly next: number;
  readonly lines: number;
}

/** Undefined: it is not in this part of the text. */
function endOfRow(text: string, start: number): RowEnd | undefined {
  let isQuoted = false;
  let lines = 1;
  for (let at = start; at < text.length; at++) {
    const letter = text.charCodeAt(at);
    if (letter === QUOTE) isQuoted = !isQuoted;
    else if (letter === LF && isQuoted) lines++;
    else if (letter === LF) return { at, next: at + 1, lines };
    else if (letter === CR && !isQuoted) {
      const hasLf = text.charCodeAt(at + 1) === LF;
      return { at, next: hasLf ? at + 2 : at + 1, lines };
    }
  }
  return undefined;
}

const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;

function cellsOf(row: string, separator: string, line: number): readonly string[] {
  const cells = row.includes('"') ? quotedCells(row, separator, line) : row.split(separator);
  if (cells.length > MAX_COLUMNS)
    throw new CsvError(line, `expected at most ${MAX_COLUMNS} cells in a row, got ${cells.length}`);
  return cells;
}

function quotedCells(row: string, separator: string, line: number): readonly string[] {
  const cells: string[] = [];
  for (let at = 0; ; at++) {
    let cell = '';
    while (row[at] === '"') {
      const end = row.indexOf('"', at + 1);
      if (end === -1) throw new CsvError(line, 'a quote is opened here and never closed');
      cell += row.slice(at + 1, end);
      at = end + 1;
      if (row[at] === '"') cell += '"';
    }
    const next = row.indexOf(separator, at);
    cells.push(cell + row.slice(at, next === -1 ? row.length : next));
    if (next === -1) return cells;
    at = next;
  }
}
