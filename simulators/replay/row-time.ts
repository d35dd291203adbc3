import { localClock } from '../../runtime/time-zone.ts';
import type { Mapping } from './mapping.ts';

/** Unix ms of a cell; undefined: it has no such time. */
export type TimeReader = (cell: string) => number | undefined;

const PARTS = ['yyyy', 'MM', 'dd', 'HH', 'mm', 'ss'] as const;
const UNIT_MS: Readonly<Record<string, number>> = {
  'unix-s': 1_000,
  'unix-ms': 1,
  seconds: 1_000,
  minutes: 60_000,
};
/** RFC 3339, section 5.6: with an offset, without which nobody knows when it was. */
const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

/** By the clocks of the mapping's zone; where they are set back the first of two such times. */
export function timeReader({ format, zone, start }: Mapping['time']): TimeReader {
  const clock = localClock(zone);
  const byPattern = (pattern: string): TimeReader => {
    const order = PARTS.filter((part) => pattern.includes(part)).sort(
      (a, b) => pattern.indexOf(a) - pattern.indexOf(b),
    );
    const escaped = pattern.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
    const shape = new RegExp(
      `^${order.reduce((text, part) => text.replace(part, `(\\d{${part.length}})`), escaped)}$`,
    );
    return (cell) => {
      const found = shape.exec(cell.trim());
      if (found === null) return undefined;
      const part = (name: (typeof PARTS)[number]): number =>
        order.includes(name) ? Number(found[order.indexOf(name) + 1]) : 0;
      const [year, month, day] = [part('yyyy'), part('MM'), part('dd')];
      const [hour, minute, second] = [part('HH'), part('mm'), part('ss')];
      const isDay =
        new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day && month >= 1 && month <= 12;
      if (!isDay || hour > 23 || minute > 59 || second > 59) return undefined;
      return clock.msOf({ year, month, day, clockMs: ((hour * 60 + minute) * 60 + second) * 1_000 });
    };
  };
  if (format === 'iso') {
    return (cell) => {
      const timeMs = RFC_3339.test(cell.trim()) ? Date.parse(cell.trim()) : NaN;
      return Number.isNaN(timeMs) ? undefined : timeMs;
    };
  }
  const unitMs = UNIT_MS[format];
  if (unitMs === undefined) return byPattern(format);
  const startMs = start === undefined ? 0 : (byPattern('yyyy-MM-dd HH:mm')(start) ?? 0);
  return (cell) => {
    const count = cell.trim() === '' ? NaN : Number(cell);
    const timeMs = startMs + Math.round(count * unitMs);
    return Math.abs(timeMs) <= MAX_DATE_MS ? timeMs : undefined;
  };
}

/** ECMA-262, section 21.4.1.1. */
const MAX_DATE_MS = 8_640_000_000_000_000;
