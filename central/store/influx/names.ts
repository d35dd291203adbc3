import {
  historyField,
  historyMeasurement,
  historyPolicy,
  type HistoryPart,
} from '../../../contract/influx-history.ts';
import type { FieldValue } from '../../../contract/sample.ts';
import type { Resolution } from '../history/levels.ts';

/** Latest time that InfluxDB's 64-bit nanoseconds can hold. */
const MAX_TIME_MS = 9_223_372_036_854;

/** For FROM and INTO. */
export function sourceName(measurement: string, resolution: Resolution): string {
  if (resolution === 'raw') return identifier(measurement);
  return `${identifier(historyPolicy(resolution))}.${identifier(historyMeasurement(measurement, resolution))}`;
}

/** InfluxQL of the aggregates of a field over rows of one resolution. */
export function partsOf(resolution: Resolution, field: string): Readonly<Record<HistoryPart, string>> {
  if (resolution === 'raw') {
    const name = identifier(field);
    return { count: `count(${name})`, sum: `sum(${name})`, min: `min(${name})`, max: `max(${name})` };
  }
  const stored = (part: HistoryPart): string => identifier(historyField(field, part));
  return {
    count: `sum(${stored('count')})`,
    sum: `sum(${stored('sum')})`,
    min: `min(${stored('min')})`,
    max: `max(${stored('max')})`,
  };
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
