import type { TimeFormat } from './mapping.ts';

/** Central's limits. */
const MAX_AHEAD_MS = 5 * 60_000;
const MAX_AGE_MS = 7 * 86_400_000;
/** A date and a time with its zone, without which it would be ambiguous. */
const ISO = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)$/;

/** A message's time, ms, or the text why it cannot be used. Pure. */
export function toTimeMs(sent: unknown, format: TimeFormat, nowMs: number): number | string {
  const timeMs = Math.round(parse(sent, format));
  if (!Number.isSafeInteger(timeMs)) return `its time is no ${NAMES[format]}`;
  if (timeMs > nowMs + MAX_AHEAD_MS) return 'its time is more than 5 min in the future';
  return timeMs < nowMs - MAX_AGE_MS ? 'its time is more than 7 days ago' : timeMs;
}

const NAMES = {
  iso: 'ISO 8601 time with a zone',
  s: 'number of seconds',
  ms: 'number of milliseconds',
  'iso-or-ms': 'ISO 8601 time with a zone, or number of milliseconds',
} as const;

function parse(sent: unknown, format: TimeFormat): number {
  if (format === 'iso-or-ms') return parse(sent, typeof sent === 'string' ? 'iso' : 'ms');
  if (format === 'iso') return typeof sent === 'string' && ISO.test(sent) ? Date.parse(sent) : Number.NaN;
  const text = typeof sent === 'number' ? String(sent) : sent;
  const number = typeof text === 'string' && /^\d{1,16}(\.\d{1,9})?$/.test(text) ? Number(text) : Number.NaN;
  return format === 's' ? number * 1_000 : number;
}
