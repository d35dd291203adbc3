import type { FieldDefinition, Range } from '../../../contract/catalogue.ts';
import type { FieldValue } from '../../../contract/sample.ts';
import type { Column } from './plan.ts';
import { show, type Problem } from './refusal.ts';

export const MAX_STRING_BYTES = 1_024;
/** UTF-8 takes at most three bytes for each UTF-16 unit. */
const SURELY_SHORT_CHARS = Math.floor(MAX_STRING_BYTES / 3);
const DECIMAL = /^-?(?:0|[1-9]\d{0,18})$/;
const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;

const EXPECTED: Readonly<Record<FieldDefinition['type'], string>> = {
  float: 'a finite number',
  int: 'a whole number of 64 bits (beyond 2^53 as a decimal text)',
  bool: 'true or false',
  string: 'a text',
};

/** The value converted to the catalogue's type, or why it is refused. */
export function checkValue(column: Column, value: unknown): FieldValue | Problem {
  switch (column.field.type) {
    case 'float':
      if (typeof value !== 'number' || !Number.isFinite(value)) return wrongType(column, value);
      return value >= column.min && value <= column.max ? value : outOfRange(column, value);
    case 'int': {
      const integer = typeof value === 'number' && Number.isSafeInteger(value) ? value : toInteger(value);
      if (integer === undefined) return wrongType(column, value);
      return integer >= column.min && integer <= column.max ? integer : outOfRange(column, value);
    }
    case 'bool':
      return typeof value === 'boolean' ? value : wrongType(column, value);
    case 'string':
      if (typeof value !== 'string') return wrongType(column, value);
      return isShort(value) ? value : tooLong(column, value);
  }
}

/** Returns a bigint only where a number would not be exact. */
function toInteger(value: unknown): number | bigint | undefined {
  const isText = typeof value === 'string' && DECIMAL.test(value);
  if (!isText && !(typeof value === 'number' && Number.isInteger(value))) return undefined;
  const exact = BigInt(value);
  if (exact < MIN_INT64 || exact > MAX_INT64) return undefined;
  const rounded = Number(exact);
  return Number.isSafeInteger(rounded) ? rounded : exact;
}

export function isShort(text: string): boolean {
  return text.length <= SURELY_SHORT_CHARS || Buffer.byteLength(text) <= MAX_STRING_BYTES;
}

/** For messages, with the unit: `-156 to -31 dBm`, `at least 0 By`. */
export function describeRange(unit: string, { min, max }: Range): string {
  const suffix = unit === '' || unit === '1' || unit.startsWith('{') ? '' : ` ${unit}`;
  if (max === undefined) return `at least ${min ?? '-∞'}${suffix}`;
  return min === undefined ? `at most ${max}${suffix}` : `${min} to ${max}${suffix}`;
}

function wrongType(column: Column, value: unknown): Problem {
  const expected = EXPECTED[column.field.type];
  return { code: 'wrong-type', reason: `${column.name} is ${show(value)}, expected ${expected}` };
}

function outOfRange(column: Column, value: unknown): Problem {
  const expected = describeRange(column.field.unit, column.field);
  return { code: 'out-of-range', reason: `${column.name} is ${show(value)}, expected ${expected}` };
}

function tooLong(column: Column, value: string): Problem {
  const reason = `${column.name} has ${Buffer.byteLength(value)} bytes, expected at most ${MAX_STRING_BYTES}`;
  return { code: 'out-of-range', reason };
}
