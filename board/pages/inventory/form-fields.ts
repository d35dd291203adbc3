/** JSON Schema, as far as forms look at it. */
export interface FieldSchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly format?: string;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: FieldSchema;
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly required?: readonly string[];
}

export type Input = 'text' | 'long-text' | 'day' | 'number' | 'choice' | 'list' | 'json';

export interface FormField {
  readonly name: string;
  readonly input: Input;
  readonly isRequired: boolean;
  readonly choices: readonly string[];
}

export type Entry = Readonly<Record<string, unknown>>;
/** What stands in each input. */
export type Written = Readonly<Record<string, string>>;

/** The inputs for an entry, in the order of its schema. Pure. */
export function fieldsOf({ properties = {}, required = [] }: FieldSchema): readonly FormField[] {
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    input: inputOf(schema),
    isRequired: required.includes(name),
    choices: schema.enum ?? [],
  }));
}

function inputOf({ type, enum: choices, format, maxLength = 0, items }: FieldSchema): Input {
  if (choices !== undefined) return 'choice';
  if (type === 'number' || type === 'integer') return 'number';
  if (type === 'array' && items?.type === 'string') return 'list';
  if (type !== 'string') return 'json';
  if (format === 'date') return 'day';
  return maxLength > 200 ? 'long-text' : 'text';
}

/** The words for a value, as an input or a table shows it. Pure. */
export function writtenOf(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  const isPlainList = Array.isArray(value) && value.every((each) => typeof each === 'string');
  return isPlainList ? value.join(', ') : JSON.stringify(value);
}

/**
 * The entry that the inputs say; an empty input is a field that is not there. What is no number, and what is no JSON, stays as it is written:
 * central says what it expected. Pure.
 */
export function entryFrom(fields: readonly FormField[], written: Written): Entry {
  return Object.fromEntries(
    fields.flatMap(({ name, input }): [string, unknown][] => {
      const text = (written[name] ?? '').trim();
      return text === '' ? [] : [[name, valueFrom(input, text)]];
    }),
  );
}

function valueFrom(input: Input, text: string): unknown {
  if (input === 'number') return Number.isNaN(Number(text)) ? text : Number(text);
  if (input === 'list')
    return text
      .split(/[\n,]/)
      .map((each) => each.trim())
      .filter((each) => each !== '');
  if (input !== 'json') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
