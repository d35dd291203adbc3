/** Larger files are not an inventory, or are one of several cities. */
export const MAX_CSV_BYTES = 32 * 1024 * 1024;
export const MAX_CSV_ROWS = 200_000;
const MAX_CELLS = 64;
/** A file of something else has one in each row. */
const MAX_FAULTS = 1_000;
const SEPARATORS = [',', ';', '\t'] as const;

export interface CsvRow {
  /** Where it begins, from 1. A quoted cell may have several lines. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** A row that is not CSV. */
export interface CsvFault {
  readonly line: number;
  readonly message: string;
}

export interface CsvTable {
  readonly separator: string;
  /** Without empty lines. */
  readonly rows: readonly CsvRow[];
  readonly faults: readonly CsvFault[];
}

/**
 * Rows of a CSV file (RFC 4180), with commas, semicolons or tabs, whichever the first line has most of. Excel's first line
 * `sep=;` is understood. Quotes within a cell that does not begin with one are kept. Pure.
 */
export function parseCsv(text: string): CsvTable {
  const directive = /^sep=(.)\r?\n/.exec(text);
  const separator = directive?.[1] ?? detectSeparator(text);
  const reader = new Reader(text, separator, directive?.[0].length ?? 0, directive === null ? 1 : 2);
  const rows: CsvRow[] = [];
  for (let row = reader.next(); row !== undefined; row = reader.next()) {
    if (row.cells.every((cell) => cell.trim() === '')) continue;
    if (rows.length > MAX_CSV_ROWS)
      reader.stop(row.line, `expected at most ${MAX_CSV_ROWS} rows; the rest is not read`);
    else rows.push(row);
  }
  return { separator, rows, faults: reader.faults };
}

function detectSeparator(text: string): string {
  const end = text.search(/[\r\n]/);
  const first = (end === -1 ? text : text.slice(0, end)).replace(/"[^"]*"/g, '');
  const counts = SEPARATORS.map((separator) => first.split(separator).length);
  return SEPARATORS[counts.indexOf(Math.max(...counts))] ?? ',';
}

class Reader {
  readonly faults: CsvFault[] = [];
  readonly #text: string;
  readonly #separator: string;
  #at: number;
  #line: number;

  constructor(text: string, separator: string, start: number, line: number) {
    this.#text = text;
    this.#separator = separator;
    this.#at = start;
    this.#line = line;
  }

  stop(line: number, message: string): void {
    this.faults.push({ line, message });
    this.#at = this.#text.length;
  }

  /** The next row; undefined at the end. */
  next(): CsvRow | undefined {
    if (this.#at >= this.#text.length) return undefined;
    const line = this.#line;
    const cells: string[] = [];
    let isTooLong = false;
    for (;;) {
      const cell = this.#cell();
      if (cells.length < MAX_CELLS) cells.push(cell);
      else isTooLong = true;
      const end = this.#text[this.#at++];
      if (end === this.#separator) continue;
      if (end === '\r' && this.#text[this.#at] === '\n') this.#at++;
      this.#line++;
      if (isTooLong) this.#note(line, `expected at most ${MAX_CELLS} cells in a row`);
      return { line, cells };
    }
  }

  #cell(): string {
    return this.#text[this.#at] === '"' ? this.#quoted() : this.#plain();
  }

  /** Up to the separator or the end of the line. */
  #plain(): string {
    const start = this.#at;
    const text = this.#text;
    for (; this.#at < text.length; this.#at++) {
      const letter = text[this.#at];
      if (letter === this.#separator || letter === '\n' || letter === '\r') break;
    }
    return text.slice(start, this.#at);
  }

  #quoted(): string {
    const opened = this.#line;
    let cell = '';
    this.#at++;
    for (;;) {
      const quote = this.#text.indexOf('"', this.#at);
      if (quote === -1) {
        this.stop(opened, 'a quote is opened here and never closed; the rest is not read');
        return cell;
      }
      const part = this.#text.slice(this.#at, quote);
      this.#line += linesIn(part);
      cell += part;
      this.#at = quote + 1;
      if (this.#text[this.#at] !== '"') break;
      cell += '"';
      this.#at++;
    }
    const rest = this.#plain();
    if (rest.trim() === '') return cell;
    const got = rest.slice(0, 20);
    this.#note(
      this.#line,
      `expected the separator after a closing quote, got "${got}" (a quote within a quoted cell is written twice)`,
    );
    return cell;
  }

  #note(line: number, message: string): void {
    if (this.faults.length < MAX_FAULTS) this.faults.push({ line, message });
    else this.stop(line, `more than ${MAX_FAULTS} rows are not CSV; the rest is not read`);
  }
}

function linesIn(text: string): number {
  return text.split(/\r\n|\n|\r/).length - 1;
}
