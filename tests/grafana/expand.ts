import type { GrafanaData } from './grafana-data.ts';

/** Grafana's own value for all. */
export const ALL = '$__all';
/** What is chosen for each variable: one value, several, or `ALL`. */
export type Choice = string | readonly string[];
export type Chosen = Readonly<Record<string, Choice>>;

export interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What the hidden variables are where nothing else is chosen: samples, and the least step of hours. */
const HIDDEN: Chosen = { level: '', step: '1h' };

/**
 * A query as Grafana sends it. In the browser: variables (`:regex` escapes, several become `(a|b)`, all is the variable's own expression)
 * and `__to`. In its data source: `$timeFilter`, then the intervals, as texts.
 */
export function expand(
  data: Pick<GrafanaData, 'escapeRegex'>,
  query: string,
  chosen: Chosen,
  { fromMs, toMs }: Range,
  step: { readonly interval: string; readonly intervalMs: number } = { interval: '1m', intervalMs: 60_000 },
): string {
  const inBrowser = query.replace(/\$\{(\w+)(?::(\w+))?\}/g, (whole, name: string, format?: string) => {
    if (name === '__to') return String(toMs);
    if (name === '__from') return String(fromMs);
    if (format === 'raw') return String(chosen[name] ?? HIDDEN[name]);
    const value = chosen[name];
    if (value === undefined) throw new Error(`no value for ${whole} in: ${query}`);
    if (value === ALL) return '.*';
    if (format !== 'regex') throw new Error(`${whole} is not escaped in: ${query}`);
    const values = typeof value === 'string' ? [value] : value;
    const escaped = values.map((each) => data.escapeRegex(each));
    return escaped.length === 1 ? (escaped[0] ?? '') : `(${escaped.join('|')})`;
  });
  return inBrowser
    .replaceAll('$timeFilter', `time >= ${fromMs}ms and time <= ${toMs}ms`)
    .replaceAll('$interval', step.interval)
    .replaceAll('$__interval_ms', String(step.intervalMs))
    .replaceAll('$__interval', step.interval);
}
