/** One sample line of an exporter. */
export interface Metric {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** Name and labels as written, which are stable between scrapes. */
  readonly key: string;
}

/** The text is not in an exporter's format. */
export class ExpositionError extends Error {
  override readonly name = 'ExpositionError';
}

const NAME = /[A-Za-z_:][\w:]*/y;
const LABEL = /\s*([A-Za-z_]\w*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(,|(?=}))/y;
/** After a value: a time, which we ignore, and an exemplar (OpenMetrics). */
const REST = /^(?:\s+-?\d+(?:\.\d+)?)?(?:\s+#\s*\{.*)?\s*$/;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * Name of the line's metric; undefined for comments and blank lines. Prometheus' text format 0.0.4 and OpenMetrics 1.0.
 * Throws an ExpositionError on anything else.
 */
export function metricNameOf(line: string): string | undefined {
  if (line === '' || line.startsWith('#') || line.trim() === '') return undefined;
  NAME.lastIndex = 0;
  const name = NAME.exec(line)?.[0];
  const next = name === undefined ? '' : (line[name.length] ?? '');
  if (name === undefined || !/[{\s]/.test(next)) throw new ExpositionError(`no metric: ${shown(line)}`);
  return name;
}

/** Parses a line whose name is known; undefined: no value (NaN, infinity). */
export function parseMetric(line: string, name: string): Metric | undefined {
  let at = name.length;
  while (line[at] === ' ' || line[at] === '\t') at++;
  const labels: Record<string, string> = {};
  if (line[at] === '{') at = readLabels(line, at + 1, labels);
  const [, text = '', rest = ''] = /^\s*(\S+)(.*)$/s.exec(line.slice(at)) ?? [];
  const value = parseValue(text);
  if (value === undefined || !REST.test(rest)) throw new ExpositionError(`no value: ${shown(line)}`);
  if (!Number.isFinite(value)) return undefined;
  return { name, labels, value, key: line.slice(0, at).trimEnd() };
}

/** Returns the position after the labels. */
function readLabels(line: string, start: number, labels: Record<string, string>): number {
  let at = start;
  for (;;) {
    if (/^\s*}/.test(line.slice(at, at + 8))) return line.indexOf('}', at) + 1;
    LABEL.lastIndex = at;
    const [whole, name, value] = LABEL.exec(line) ?? [];
    if (whole === undefined || name === undefined) throw new ExpositionError(`labels: ${shown(line)}`);
    labels[name] = unescape(value ?? '');
    at += whole.length;
  }
}

function unescape(text: string): string {
  return text.includes('\\') ? text.replace(/\\(.)/g, (_all, c: string) => (c === 'n' ? '\n' : c)) : text;
}

/** In Go's format. undefined: not a number. */
function parseValue(text: string): number | undefined {
  if (NUMBER.test(text)) return Number(text);
  if (/^nan$/i.test(text)) return Number.NaN;
  return /^[+-]?inf(?:inity)?$/i.test(text) ? Number.POSITIVE_INFINITY : undefined;
}

function shown(line: string): string {
  return JSON.stringify(line.slice(0, 80));
}
