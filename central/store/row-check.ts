import type { Catalogue, FieldType } from '../../contract/catalogue.ts';
import type { FieldValue } from '../../contract/sample.ts';
import type { SampleTable } from '../samples/sample-table.ts';
import { COMMON_TAGS } from '../samples/tag-names.ts';

/** Latest time that InfluxDB's 64-bit nanoseconds can hold (2262-04-11). */
const MAX_TIME_MS = 9_223_372_036_854;
const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;

/** The catalogue's types of the table's fields, or why none of its rows can be stored. */
export function fieldTypes(
  catalogue: Catalogue,
  table: Omit<SampleTable, 'rows'>,
): readonly FieldType[] | string {
  const definition = catalogue.get(table.measurement);
  if (definition === undefined) return `unknown measurement "${table.measurement}"`;
  for (const tag of table.tags) {
    if (!Object.hasOwn(definition.tags, tag) && !COMMON_TAGS.includes(tag)) {
      return `measurement "${table.measurement}" has no tag "${tag}"`;
    }
  }
  const types: FieldType[] = [];
  for (const name of table.fields) {
    const field = Object.hasOwn(definition.fields, name) ? definition.fields[name] : undefined;
    if (field === undefined) return `measurement "${table.measurement}" has no field "${name}"`;
    types.push(field.type);
  }
  return types;
}

export const NO_VALUE = 'no field has a value';

export function timeProblem(timeMs: number): string | undefined {
  if (Number.isSafeInteger(timeMs) && timeMs >= 0 && timeMs <= MAX_TIME_MS) return undefined;
  return `time ${timeMs} is not a whole number of ms between 0 and ${MAX_TIME_MS}`;
}

export function tagsProblem(
  names: readonly string[],
  tags: readonly (string | undefined)[],
): string | undefined {
  for (let index = 0; index < tags.length; index++) {
    const problem = tagProblem(tags[index]);
    if (problem !== undefined) return `tag ${names[index] ?? String(index)}: ${problem}`;
  }
  return undefined;
}

/** Line protocol has no way to write these in a tag value. */
const FORBIDDEN_IN_TAG = /[\n\r\0]|\\$/;

function tagProblem(value: string | undefined): string | undefined {
  if (value === undefined || !FORBIDDEN_IN_TAG.test(value)) return undefined;
  return `line breaks, NUL and a backslash at the end cannot be stored, got ${JSON.stringify(value.slice(0, 80))}`;
}

export function valueProblem(type: FieldType, value: FieldValue): string | undefined {
  switch (type) {
    case 'float':
      return typeof value === 'number' && Number.isFinite(value)
        ? undefined
        : wrong('a finite number', value);
    case 'int':
      return isInt64(value) ? undefined : wrong('a whole number of 64 bits', value);
    case 'bool':
      return typeof value === 'boolean' ? undefined : wrong('true or false', value);
    case 'string':
      if (typeof value !== 'string') return wrong('a text', value);
      return value.includes('\0') ? 'NUL cannot be stored' : undefined;
  }
}

function isInt64(value: FieldValue): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value);
  return typeof value === 'bigint' && value >= MIN_INT64 && value <= MAX_INT64;
}

function wrong(expected: string, value: FieldValue): string {
  return `expected ${expected}, got ${typeof value} ${String(value).slice(0, 80)}`;
}
