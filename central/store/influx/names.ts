import type { FieldValue } from '../../../contract/sample.ts';
import type { LevelName, Resolution } from '../history/levels.ts';

/** Latest time that InfluxDB's 64-bit nanoseconds can hold. */
const MAX_TIME_MS = 9_223_372_036_854;

/** What a level has of each field: `field#count` and so on. */
export const PARTS = ['count', 'sum', 'min', 'max'] as const;
export type Part = (typeof PARTS)[number];

/** Of a level. It ends never: central deletes, whose clock is checked. */
export function policyOf(level: LevelName): string {
  return `wardwatch_${level}`;
}

/** InfluxDB deletes by measurement from all policies at once, so that each level has measurements of its own. */
export function levelMeasurement(measurement: string, level: LevelName): string {
  return `${measurement}:${level}`;
}

/** For FROM and INTO. */
export function sourceName(measurement: string, resolution: Resolution): string {
  if (resolution === 'raw') return identifier(measurement);
  return `${identifier(policyOf(resolution))}.${identifier(levelMeasurement(measurement, resolution))}`;
}

/** InfluxQL of the aggregates of a field over rows of one resolution. */
export function partsOf(resolution: Resolution, field: string): Readonly<Record<Part, string>> {
  if (resolution === 'raw') {
    const name = identifier(field);
    return { count: `count(${name})`, sum: `sum(${name})`, min: `min(${name})`, max: `max(${name})` };
  }
  const stored = (part: Part): string => identifier(storedField(field, part));
  return {
    count: `sum(${stored('count')})`,
    sum: `sum(${stored('sum')})`,
    min: `min(${stored('min')})`,
    max: `max(${stored('max')})`,
  };
}

export function storedField(field: string, part: Part): string {
  return `${field}#${part}`;
}

/** How many samples had this value. No field has `=` in its name. */
export function stateField(field: string, state: FieldValue): string {
  return `${field}=${String(state)}`;
}

/** The value that `stateField` named; undefined: it is not one of this field. */
export function stateOf(field: string, stored: string): string | undefined {
  return stored.startsWith(`${field}=`) ? stored.slice(field.length + 1) : undefined;
}

/** There where a field had more different values than count as states. */
export function manyField(field: string): string {
  return `${field}#many`;
}

/** The condition that a sample has this value. */
export function isState(field: string, state: FieldValue): string {
  return `${identifier(field)} = ${typeof state === 'string' ? literal(state) : String(state)}`;
}

export function clampTime(timeMs: number): number {
  return Math.min(Math.max(timeMs, 0), MAX_TIME_MS);
}

export function identifier(name: string): string {
  return `"${escapeQuoted(name)}"`;
}

export function literal(text: string): string {
  return `'${escapeQuoted(text)}'`;
}

function escapeQuoted(text: string): string {
  return text.replace(/["'\\]/g, '\\$&').replaceAll('\n', '\\n');
}
