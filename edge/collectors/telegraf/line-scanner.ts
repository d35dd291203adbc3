import { isUtf8 } from 'node:buffer';
import { parseFieldValue, type LineValue } from './line-value.ts';

/** Why a line cannot be parsed, and where. */
export class LineError extends Error {
  override readonly name = 'LineError';
  readonly at: number;
  constructor(at: number, reason: string) {
    super(reason);
    this.at = at;
  }
}

/** One character a byte: all syntax is ASCII, and invalid UTF-8 affects its own line only. */
export type ByteText = string;

const CONTROL = String.raw`\x00-\x1f\x7f`;
/** A backslash escapes separators; before anything else it is an ordinary character. */
const MEASUREMENT = new RegExp(String.raw`(?:\\[, ]|[^, ${CONTROL}])*`, 'y');
const KEY = new RegExp(String.raw`(?:\\[,= ]|[^,= ${CONTROL}])*`, 'y');
/** Unlike names, it may contain control characters. */
const TAG_VALUE = /(?:\\[,= ]|[^,= \r\n])*/y;
const COMMENT = new RegExp(`[^${CONTROL}]*`, 'y');
const VALUE = /[^, \r\n]*/y;
const TIME = /[-\d]*/y;
const SPACES = / */y;
const END_OF_LINE = /\r?\n|\r?$/y;

/** Reads the parts of one line, in order. Each throws a LineError on anything else. */
export class LineScanner {
  readonly #text: ByteText;
  at: number;

  constructor(text: ByteText, start: number) {
    this.#text = text;
    this.at = start;
  }

  get isAtEnd(): boolean {
    return this.at >= this.#text.length;
  }

  /** False: the line is no comment. */
  skipComment(): boolean {
    if (this.#text[this.at] !== '#') return false;
    this.#take(COMMENT);
    this.endLine('a comment without control characters');
    return true;
  }

  measurement(): string {
    const start = this.at;
    const name = this.#take(MEASUREMENT);
    if (name === '') throw this.#unexpected('a measurement');
    return toText(name.replace(/\\([, ])/g, '$1'), start);
  }

  tags(): Map<string, string> {
    const tags = new Map<string, string>();
    while (this.#text[this.at] === ',') {
      this.at++;
      const start = this.at;
      const key = this.#word(KEY, 'a tag key');
      if (tags.has(key)) throw new LineError(start, `the tag ${shown(key)} is repeated`);
      this.#need('=', `= after the tag key ${shown(key)}`);
      tags.set(key, this.#word(TAG_VALUE, `a value of the tag ${shown(key)}`));
    }
    this.#need(' ', 'a comma and a tag, or a space and fields');
    this.#take(SPACES);
    return tags;
  }

  fields(): (readonly [string, LineValue])[] {
    const fields: (readonly [string, LineValue])[] = [];
    do {
      if (fields.length > 0) this.at++; // the comma
      const key = this.#word(KEY, 'a field key');
      this.#need('=', `= after the field key ${shown(key)}`);
      fields.push([key, this.#value(key)]);
    } while (this.#text[this.at] === ',');
    return fields;
  }

  /** undefined: the line has none. Ends behind the line's end. */
  time(): bigint | undefined {
    const spaces = this.#take(SPACES);
    const start = this.at;
    const digits = spaces === '' ? '' : this.#take(TIME);
    this.#take(SPACES);
    this.endLine('a time in whole numbers, or the end of the line');
    if (digits === '') return undefined;
    const time = /^-?\d+$/.test(digits) ? BigInt(digits) : undefined;
    if (time === undefined) throw new LineError(start, `${shown(digits)} is not a time`);
    if (BigInt.asIntN(64, time) !== time) throw new LineError(start, `the time ${digits} is beyond 64 bits`);
    return time;
  }

  endLine(expected: string): void {
    END_OF_LINE.lastIndex = this.at;
    if (!END_OF_LINE.test(this.#text)) throw this.#unexpected(expected);
    this.at = END_OF_LINE.lastIndex;
  }

  #value(key: string): LineValue {
    const start = this.at;
    if (this.#text[start] === '"') {
      const quoted = this.#text.slice(start, this.#endOfText(start));
      if (quoted === '') throw new LineError(this.#text.length, `the text of ${shown(key)} does not end`);
      this.at += quoted.length;
      if (!this.isAtEnd && !/[, \r\n]/.test(this.#text[this.at] ?? ''))
        throw this.#unexpected('the next field');
      return { type: 'string', value: toText(quoted.slice(1, -1).replace(/\\(["\\])/g, '$1'), start) };
    }
    const word = this.#take(VALUE);
    const value = parseFieldValue(word);
    if (typeof value === 'object') return value;
    throw new LineError(start, `${shown(key)} is ${shown(word)}, ${value}`);
  }

  /** Behind the closing quote; `start` where there is none. Not by a pattern: it would need stack for each character. */
  #endOfText(start: number): number {
    for (let at = start + 1; at < this.#text.length; at++) {
      if (this.#text[at] === '\\') at++;
      else if (this.#text[at] === '"') return at + 1;
    }
    return start;
  }

  #word(pattern: RegExp, expected: string): string {
    const start = this.at;
    const word = this.#take(pattern);
    if (word === '') throw this.#unexpected(expected);
    return toText(word.replace(/\\([,= ])/g, '$1'), start);
  }

  #need(character: string, expected: string): void {
    if (this.#text[this.at] !== character) throw this.#unexpected(expected);
    this.at++;
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const taken = pattern.exec(this.#text)?.[0] ?? '';
    this.at += taken.length;
    return taken;
  }

  #unexpected(expected: string): LineError {
    const found = this.isAtEnd ? 'the end' : shown(this.#text[this.at] ?? '');
    return new LineError(this.at, `expected ${expected}, found ${found}`);
  }
}

function toText(bytes: ByteText, at: number): string {
  if (!/[\x80-\xff]/.test(bytes)) return bytes;
  const buffer = Buffer.from(bytes, 'latin1');
  if (!isUtf8(buffer)) throw new LineError(at, `${shown(bytes)} is not UTF-8`);
  return buffer.toString('utf8');
}

function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
