import type { InfluxAnswer } from './http.ts';
import { limitOf } from './refusals.ts';
import { StoreQueryError, StoreUnavailableError, type StoreLimit } from '../sample-store.ts';

export type Cell = string | number | boolean | null;

/** One series of a /query answer; whole numbers of 16 digits or more become texts, so that no digit is lost. */
export interface AnswerSeries {
  readonly name?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
  readonly values: readonly (readonly Cell[])[];
}

/**
 * The series of a chunked one-statement answer (one JSON document per line; a series longer than a chunk continues in
 * the next). Not for unchunked answers: they set `partial` on every series of more than 10,000 rows, complete or not.
 * Throws a StoreQueryError or a StoreUnavailableError when the answer is not complete.
 */
export function readSeries(answer: InfluxAnswer): readonly AnswerSeries[] {
  const { status, body } = answer;
  const chunks = body.split('\n').filter((line) => line !== '');
  if (status === 400) {
    const refusal = errorOf(answer);
    if (refusal !== undefined) throw new StoreQueryError(`InfluxDB: ${refusal}`);
  }
  if (status !== 200 || chunks.length === 0) throw unexpectedAnswer(answer);
  const all: AnswerSeries[] = [];
  let isPartial = false;
  for (const chunk of chunks) {
    const result = resultOf(chunk, answer);
    isPartial = at(result, 'partial') === true;
    for (const series of listAt(result, 'series') ?? []) all.push(seriesOf(series, answer));
  }
  if (isPartial) throw unexpectedAnswer(answer);
  return all;
}

function resultOf(chunk: string, answer: InfluxAnswer): unknown {
  const results = listAt(parseExact(chunk), 'results');
  const result = results?.[0];
  if (results?.length !== 1 || result === undefined) throw unexpectedAnswer(answer);
  const failure = textAt(result, 'error');
  if (failure?.startsWith('max-select-') === true) throw new StoreQueryError(`InfluxDB: ${failure}`);
  if (failure !== undefined) {
    throw new StoreUnavailableError(`InfluxDB: ${failure}`, { limit: limitOf(failure, answer.status) });
  }
  return result;
}

function seriesOf(series: unknown, answer: InfluxAnswer): AnswerSeries {
  const columns = listAt(series, 'columns');
  if (columns === undefined) throw unexpectedAnswer(answer);
  const name = textAt(series, 'name');
  return {
    ...(name !== undefined && { name }),
    tags: (at(series, 'tags') ?? {}) as Readonly<Record<string, string>>,
    columns: columns as readonly string[],
    values: (listAt(series, 'values') ?? []) as readonly (readonly Cell[])[],
  };
}

/** InfluxDB's error text; undefined when the answer is not InfluxDB's (a proxy's page, for example). */
export function errorOf({ body }: InfluxAnswer): string | undefined {
  return textAt(parseExact(body), 'error');
}

export function unexpectedAnswer(
  { status, body }: InfluxAnswer,
  otherwise?: StoreLimit,
): StoreUnavailableError {
  const shown = JSON.stringify(body.slice(0, 200));
  const limit = limitOf(body, status) ?? otherwise;
  return new StoreUnavailableError(`InfluxDB: unexpected answer, status ${status}: ${shown}`, { limit });
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
