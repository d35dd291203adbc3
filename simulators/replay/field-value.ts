import type { FieldDefinition } from '../../contract/catalogue.ts';
import type { FieldValue } from '../../contract/sample.ts';
import type { FieldSource } from './mapping.ts';

/** What central would refuse, in words. */
export interface NotExpected {
  readonly expected: string;
}

const WHOLE = /^-?\d{1,18}$/;
const MAX_TEXT_BYTES = 1_024;
/** Of the value itself. */
const MAX_ROUNDING = 1e-9;

/**
 * The value of a cell by the catalogue's type and range; undefined: it was not measured; null: the row has no such sample. `rat`: the radio
 * technology of the sample, where a range depends on a tag. Pure.
 */
export function fieldValue(
  cell: string,
  source: FieldSource,
  definition: FieldDefinition,
  tags: Readonly<Record<string, string>>,
): FieldValue | NotExpected | undefined | null {
  const trimmed = cell.trim();
  if (trimmed === '' || source.missing.includes(trimmed)) return undefined;
  const text = source.values === undefined ? trimmed : source.values[trimmed];
  if (text === null) return null;
  if (text === undefined) return { expected: oneOf(Object.keys(source.values ?? {})) };
  switch (definition.type) {
    case 'string':
      return Buffer.byteLength(text) <= MAX_TEXT_BYTES
        ? text
        : { expected: `a text of at most ${MAX_TEXT_BYTES} bytes` };
    case 'bool':
      return text === 'true' || text === 'false' ? text === 'true' : { expected: 'true or false' };
    case 'int':
    case 'float':
      return numberOf(text, source, definition, tags);
  }
}

function numberOf(
  text: string,
  { factor = 1, offset = 0 }: FieldSource,
  { type, min, max, rangeByTag }: FieldDefinition,
  tags: Readonly<Record<string, string>>,
): number | NotExpected {
  const exact = Number(text) * factor + offset;
  const value = type === 'int' && factor !== 1 ? nearlyWhole(exact) : exact;
  const range = { min, max, ...(rangeByTag && rangeByTag.ranges[tags[rangeByTag.tag] ?? '']) };
  const expected = `${type === 'int' ? 'a whole number' : 'a number'}${rangeText(range)}`;
  const isRight =
    Number.isFinite(value) &&
    (type === 'float' || (Number.isSafeInteger(value) && (factor !== 1 || WHOLE.test(text)))) &&
    value >= (range.min ?? -Infinity) &&
    value <= (range.max ?? Infinity);
  return isRight ? value : { expected };
}

/** 4.35 × 100 is 434.99999999999994 of a processor, and 435 of whoever wrote the cell. */
function nearlyWhole(value: number): number {
  const whole = Math.round(value);
  return Math.abs(value - whole) <= Math.abs(value) * MAX_ROUNDING ? whole : value;
}

function rangeText({
  min,
  max,
}: {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  if (min !== undefined) return ` from ${min}`;
  return max === undefined ? '' : ` to ${max}`;
}

export function oneOf(known: readonly string[]): string {
  return `one of ${known.map((each) => JSON.stringify(each)).join(', ')}`;
}
