import type { Catalogue, FieldType } from './catalogue.ts';
import type { FieldValue, Sample } from './sample.ts';

/**
 * InfluxDB line protocol (v1), the writing side. The catalogue's type decides how a value is written, so that a whole
 * float never makes the field an integer.
 */
export const FIELD_WRITERS: Readonly<Record<FieldType, (value: FieldValue) => string>> = {
  float: String,
  int: (value) => `${value}i`,
  bool: (value) => (value === true ? 'true' : 'false'),
  string: (value) => `"${String(value).replace(/["\\]/g, '\\$&')}"`,
};

const SPECIAL_IN_KEY = /[ ,=]/;

/**
 * Tag keys, tag values and field keys. A backslash is left as it is: it escapes nothing before another character, and
 * doubled it would be stored doubled.
 */
export function escapeKey(text: string): string {
  return SPECIAL_IN_KEY.test(text) ? text.replace(/[ ,=]/g, '\\$&') : text;
}

export function escapeMeasurement(text: string): string {
  return text.replace(/[ ,]/g, '\\$&');
}

/** One sample as a line with its time in ns. A field that the catalogue does not know is written by its own type. */
export function sampleLine(sample: Sample, catalogue: Catalogue): string {
  const definition = catalogue.get(sample.measurement);
  const tags = Object.entries(sample.tags)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `,${escapeKey(name)}=${escapeKey(value)}`);
  const fields = Object.entries(sample.fields).map(([name, value]) => {
    const type = definition?.fields[name]?.type ?? ownType(value);
    return `${escapeKey(name)}=${FIELD_WRITERS[type](value)}`;
  });
  return `${escapeMeasurement(sample.measurement)}${tags.join('')} ${fields.join(',')} ${sample.timeMs}000000`;
}

function ownType(value: FieldValue): FieldType {
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'float';
  return typeof value === 'boolean' ? 'bool' : 'string';
}
