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
