import { numberOf } from '../encodings.ts';

/** Output of `mmcli -J`: nested objects; all values are texts or lists of texts. */
export type Json = Readonly<Record<string, unknown>>;

export class MmcliOutputError extends Error {
  override readonly name = 'MmcliOutputError';
}

export function parseJson(output: string): Json {
  try {
    return asObject(JSON.parse(output));
  } catch {
    throw new MmcliOutputError('printed something that is not JSON');
  }
}

function asObject(value: unknown): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw new MmcliOutputError('printed JSON that is not an object');
}

/** The object at this path; empty if missing. */
export function objectAt(json: unknown, ...path: readonly string[]): Json {
  let at: unknown = json;
  for (const key of path) at = isObject(at) ? at[key] : undefined;
  return isObject(at) ? at : {};
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** undefined: `--`, empty or not a text. */
export function textAt(json: Json, key: string): string | undefined {
  const value = json[key];
  return typeof value === 'string' && value !== '--' && value !== '' ? value : undefined;
}

export function numberAt(json: Json, key: string): number | undefined {
  return numberOf(textAt(json, key));
}

export function textsAt(json: Json, key: string): readonly string[] {
  const value = json[key];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
