import type { InfluxAnswer } from './influx-http.ts';
import { StoreQueryError, StoreUnavailableError } from './sample-store.ts';

export type Cell = string | number | boolean | null;

/** One series of a /query answer; whole numbers of 16 digits or more are given as text, so that no digit is lost. */
export interface AnswerSeries {
  readonly tags: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
  readonly values: readonly (readonly Cell[])[];
  /** The server's own limit cut it. */
  readonly partial: boolean;
}

/** The series of a one-statement answer. Throws a StoreQueryError or a StoreUnavailableError when there are none to trust. */
export function readSeries(answer: InfluxAnswer): readonly AnswerSeries[] {
  const { status, body } = answer;
  const parsed = parseExact(body);
  const refusal = textAt(parsed, 'error');
  if (status === 400 && refusal !== undefined) throw new StoreQueryError(`InfluxDB: ${refusal}`);
  if (status !== 200) throw unexpectedAnswer(answer);
  const results = listAt(parsed, 'results');
  if (results?.length !== 1) throw unexpectedAnswer(answer);
  const failure = textAt(results[0], 'error');
  if (failure?.startsWith('max-select-') === true) throw new StoreQueryError(`InfluxDB: ${failure}`);
  if (failure !== undefined) throw new StoreUnavailableError(`InfluxDB: ${failure}`);
  return (listAt(results[0], 'series') ?? []).map((series) => {
    const columns = listAt(series, 'columns');
    if (columns === undefined) throw unexpectedAnswer(answer);
    return {
      tags: (at(series, 'tags') ?? {}) as Readonly<Record<string, string>>,
      columns: columns as readonly string[],
      values: (listAt(series, 'values') ?? []) as readonly (readonly Cell[])[],
      partial: at(series, 'partial') === true,
    };
  });
}

/** The server's own words about a refusal; undefined when the answer is not InfluxDB's (a proxy's page, say). */
export function errorOf({ body }: InfluxAnswer): string | undefined {
  return textAt(parseExact(body), 'error');
}

export function unexpectedAnswer({ status, body }: InfluxAnswer): StoreUnavailableError {
  const shown = JSON.stringify(body.slice(0, 200));
  return new StoreUnavailableError(`InfluxDB: unexpected answer, status ${status}: ${shown}`);
}

const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const INEXACT_INTEGER = /^-?\d{16,}$/;

function parseExact(text: string): unknown {
  try {
    if (!/\d{16}/.test(text)) return JSON.parse(text);
    return JSON.parse(
      text.replace(STRING_OR_NUMBER, (token) => (INEXACT_INTEGER.test(token) ? `"${token}"` : token)),
    );
  } catch {
    return undefined;
  }
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

function textAt(value: unknown, key: string): string | undefined {
  const found = at(value, key);
  return typeof found === 'string' ? found : undefined;
}

function listAt(value: unknown, key: string): readonly unknown[] | undefined {
  const found = at(value, key);
  return Array.isArray(found) ? (found as readonly unknown[]) : undefined;
}
