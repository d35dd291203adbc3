/** What a cell says, or what was expected there and what was likely meant. */
export type CellReading =
  { readonly value: unknown } | { readonly expected: string; readonly likely?: string | undefined };

/** Between a cell, which is not empty, and a value of the inventory. */
export interface Codec {
  readonly read: (cell: string) => CellReading;
  readonly write: (value: unknown) => string;
}

const LISTED = /[\s,;|]+/;
/** A spreadsheet runs a cell that begins so as a formula; a quote before it stops that, and is taken off again. */
const FORMULA = /^'*[=+\-@\t\r]/;
const LOST_LETTERS = /\p{L}\?+\p{L}|\ufffd/u;

export const freeText: Codec = {
  read: (cell) => ({ value: cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell }),
  write: (value) => (FORMULA.test(String(value)) ? `'${String(value)}` : String(value)),
};

/** A name of people's; Excel's plain CSV has a question mark for each letter that its code page lacks. */
export const nameText: Codec = {
  ...freeText,
  read: (cell) =>
    LOST_LETTERS.test(cell)
      ? { expected: 'a name with all its letters (in Excel: save as "CSV UTF-8")' }
      : freeText.read(cell),
};

/** An id or a word of a list of choices. */
export const word: Codec = { read: (cell) => ({ value: cell.trim() }), write: String };

export const words: Codec = {
  read: (cell) => ({ value: cell.split(LISTED).filter((part) => part !== '') }),
  write: (value) => (value as readonly string[]).join(' '),
};

/** Degrees or km². A comma before the decimals is what a Vietnamese Excel writes. */
export const decimal: Codec = {
  read: (cell) => {
    const text = cell.trim().replace(/^([+-]?\d+),(\d+)$/, '$1.$2');
    return /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)
      ? { value: Number(text) }
      : { expected: 'a number such as 106.69' };
  },
  write: String,
};

export const whole: Codec = {
  read: (cell) => {
    const text = cell.trim();
    if (/^\d+(\.0+)?$|^\d+(\.\d+)?e\+?\d+$/i.test(text)) return { value: Number(text) };
    const likely = /^\d{1,3}([.,\s]\d{3})+$/.test(text) ? text.replace(/\D/g, '') : undefined;
    return { expected: 'a whole number such as 1000000000', likely };
  },
  write: String,
};

/** The official code of a unit: five digits, of which Excel drops zeros at the beginning. */
export const unitCode: Codec = {
  read: (cell) => {
    const text = cell.trim();
    if (/^\d{5}$/.test(text)) return { value: text };
    const isNumber = /^\d+(\.\d+)?(e\+?\d+)?$/i.test(text);
    const digits = isNumber ? String(Number(text)) : '';
    const likely = /^\d{1,5}$/.test(digits) ? digits.padStart(5, '0') : undefined;
    return { expected: 'the official 5-digit code (in Excel: a column of text)', likely };
  },
  write: String,
};

export const unitCodes: Codec = {
  read: (cell) => {
    const readings = cell
      .split(LISTED)
      .filter((part) => part !== '')
      .map((part) => unitCode.read(part));
    return readings.find((reading) => 'expected' in reading) ?? { value: readings.map(valueOf) };
  },
  write: words.write,
};

/** 2025-07-01. Excel shows a date as the country does, or as the number of days since 1899-12-30. */
export const day: Codec = {
  read: (cell) => {
    const text = cell.trim();
    if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return { value: text };
    return { expected: 'a day such as 2025-07-01', likely: likelyDay(text) };
  },
  write: String,
};

/** `ping=10000 device=60000`: measurements and their intervals, ms. */
export const intervals: Codec = {
  read: (cell) => {
    const pairs = cell
      .split(LISTED)
      .filter((part) => part !== '')
      .map((part) => /^(.+)=(\d{1,12})$/.exec(part));
    if (pairs.includes(null)) return { expected: 'measurements with intervals in ms, such as ping=10000' };
    return { value: pairs.map((pair) => ({ measurement: pair?.[1], intervalMs: Number(pair?.[2]) })) };
  },
  write: (value) =>
    (value as readonly { measurement: string; intervalMs: number }[])
      .map(({ measurement, intervalMs }) => `${measurement}=${intervalMs}`)
      .join(' '),
};

/** `26734/2025-07-01`: former units of a site and the day each ended. */
export const unitsUntil: Codec = {
  read: (cell) => {
    const pairs = cell
      .split(LISTED)
      .filter((part) => part !== '')
      .map((part) => /^(\d{5})\/(\d{4}-\d{2}-\d{2})$/.exec(part));
    if (pairs.includes(null)) return { expected: 'codes with days, such as 26734/2025-07-01' };
    return { value: pairs.map((pair) => ({ unit: pair?.[1], until: pair?.[2] })) };
  },
  write: (value) =>
    (value as readonly { unit: string; until: string }[])
      .map(({ unit, until }) => `${unit}/${until}`)
      .join(' '),
};

/** `device:sbc-1 device:a|device:b 2of(pool:x|pool:y|pool:z)`: all of these, where `|` is "one of" and `2of()` "two of". */
export const needs: Codec = {
  read: (cell) => {
    const parts = cell.split(/[\s,;]+/).filter((part) => part !== '');
    return { value: parts.map((part) => readNeed(part)) };
  },
  write: (value) =>
    (value as readonly (string | { anyOf: readonly string[]; atLeast?: number })[])
      .map((need) => {
        if (typeof need === 'string') return need;
        const { anyOf, atLeast } = need;
        return `${atLeast === undefined ? 'any' : String(atLeast)}of(${anyOf.join('|')})`;
      })
      .join(' '),
};

function readNeed(part: string): unknown {
  const [, atLeast, listed = ''] = /^(any|\d{1,4})of\((.*)\)$/.exec(part) ?? [];
  if (atLeast === undefined) return part.includes('|') ? { anyOf: part.split('|') } : part;
  return { anyOf: listed.split('|'), ...(atLeast !== 'any' && { atLeast: Number(atLeast) }) };
}

function likelyDay(text: string): string | undefined {
  const [, first = '', second = '', year] = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(text) ?? [];
  if (year !== undefined) {
    const [days, month] = Number(second) > 12 ? [second, first] : [first, second];
    return `${year}-${month.padStart(2, '0')}-${days.padStart(2, '0')}`;
  }
  const [, y, m = '', d = ''] = /^(\d{4})[/.](\d{1,2})[/.](\d{1,2})$/.exec(text) ?? [];
  if (y !== undefined) return `${y}-${m.padStart(2, '0')}-${d.padStart(2, '0')}`;
  if (/^[2-7]\d{4}$/.test(text))
    return new Date((Number(text) - 25_569) * 86_400_000).toISOString().slice(0, 10);
  return undefined;
}

function valueOf(reading: CellReading): unknown {
  return 'value' in reading ? reading.value : undefined;
}
