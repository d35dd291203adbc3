/** What InfluxDB has beyond samples, as central writes it and dashboards read it: minutes and hours of each series. */
export type HistoryLevel = 'minute' | 'hour';

/** What a level has of each number: `field#count` and so on. */
export const HISTORY_PARTS = ['count', 'sum', 'min', 'max'] as const;
export type HistoryPart = (typeof HISTORY_PARTS)[number];

/** The retention policy of a level. It ends never: central deletes, whose clock is checked. */
export function historyPolicy(level: HistoryLevel): string {
  return `wardwatch_${level}`;
}

/** InfluxDB deletes by measurement from all policies at once, so that each level has measurements of its own. */
export function historyMeasurement(measurement: string, level: HistoryLevel): string {
  return `${measurement}${historySuffix(level)}`;
}

export function historySuffix(level: HistoryLevel): string {
  return `:${level}`;
}

export function historyField(field: string, part: HistoryPart): string {
  return `${field}#${part}`;
}

/** Where central remembers how far it is, in the policy of hours: a row for samples (`raw`) and each level, by the tag `resolution`. */
export const HISTORY_STANDING = 'wardwatch_history';

/** Of a longer time, dashboards read hours: minutes of a whole city are too many. Grafana's "last 24 hours" can be some ms longer than a day. */
export const LONGEST_FINE_MS = 25 * 3_600_000;
