import type { FieldDefinition } from '../../../contract/catalogue.ts';

/** One value of a field as a test file has it: `90`, `90 x5` (five times), `50..90 x5` (evenly spaced), `none`, `true x3`. */
export type WrittenValue = number | boolean | string;

/** A value, or undefined where the row has none. */
export type TestValue = number | boolean | string | undefined;

export const MAX_VALUES = 100_000;

const TIMES = /^(.*\S) x(\d{1,6})$/;
const RAMP = /^(-?\d+(?:\.\d+)?)\.\.(-?\d+(?:\.\d+)?)$/;

/** Pure. A text: why it cannot be read. */
export function readValues(
  written: readonly WrittenValue[],
  { type }: Pick<FieldDefinition, 'type'>,
): TestValue[] | string {
  const values: TestValue[] = [];
  for (const one of written) {
    const read = readOne(one, type);
    if (typeof read === 'string') return read;
    for (const value of read) values.push(value);
    if (values.length > MAX_VALUES) return `at most ${MAX_VALUES} values`;
  }
  return values;
}

function readOne(written: WrittenValue, type: FieldDefinition['type']): readonly TestValue[] | string {
  const [, before, times] = TIMES.exec(String(written)) ?? [];
  const count = times === undefined ? 1 : Number(times);
  if (count > MAX_VALUES) return `at most ${MAX_VALUES} values, got ${JSON.stringify(written)}`;
  const text = before ?? String(written);
  if (text === 'none') return new Array<undefined>(count).fill(undefined);
  if (type === 'string') return new Array<string>(count).fill(text);
  if (type === 'bool') {
    return text === 'true' || text === 'false'
      ? new Array<boolean>(count).fill(text === 'true')
      : expected('true, false or none, such as true or true x5', written);
  }
  return (
    readNumbers(text, count) ?? expected('a number, A..B or none, such as 90, 90 x5 or 50..90 x5', written)
  );
}

function readNumbers(text: string, count: number): readonly number[] | undefined {
  const [, from, to] = RAMP.exec(text) ?? [];
  if (from !== undefined && to !== undefined) {
    const first = Number(from);
    const step = count < 2 ? 0 : (Number(to) - first) / (count - 1);
    return Array.from({ length: count }, (_, at) => rounded(first + at * step));
  }
  const value = Number(text);
  return text.trim() === '' || !Number.isFinite(value) ? undefined : new Array<number>(count).fill(value);
}

/** So that 0.1 steps do not end in 0.30000000000000004. */
function rounded(value: number): number {
  return Number(value.toPrecision(12));
}

function expected(what: string, got: WrittenValue): string {
  return `expected ${what}, got ${JSON.stringify(got)}`;
}
