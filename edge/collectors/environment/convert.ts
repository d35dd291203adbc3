import type { FieldDefinition } from '../../../contract/catalogue.ts';
import type { FieldValue } from '../../../contract/sample.ts';

export interface Conversion {
  /** Values of texts; default: the usual ones, such as `on` and `open`. */
  readonly values?: Readonly<Record<string, boolean | number>> | undefined;
  /** `contact: true` is a closed door. */
  readonly invert?: boolean | undefined;
  /** value × scale + offset. */
  readonly scale?: number | undefined;
  readonly offset?: number | undefined;
}

const TRUE = new Set(['on', 'open', 'opened', 'true', 'yes', '1', 'wet', 'alarm', 'detected']);
const FALSE = new Set(['off', 'closed', 'close', 'false', 'no', '0', 'dry', 'normal', 'clear']);
const NUMBER = /^[-+]?(\d{1,20}(\.\d{0,20})?|\.\d{1,20})(e[-+]?\d{1,3})?$/i;
const MAX_WORD_CHARS = 40;
/** 0.1 × 3 is 0.3. */
const DIGITS = 12;

/** A sensor's value as the field's type; undefined: it does not fit. The caller handles `null`. Pure. */
export function convert(value: unknown, { type }: FieldDefinition, how: Conversion): FieldValue | undefined {
  const word = wordOf(value);
  if (word === undefined) return undefined;
  const mapped = how.values === undefined ? undefined : lookUp(how.values, word);
  if (how.values !== undefined && mapped === undefined) return undefined;
  if (type === 'bool') {
    const state = mapped ?? stateOf(word);
    return typeof state === 'boolean' ? state !== (how.invert ?? false) : undefined;
  }
  const number = mapped ?? (NUMBER.test(word) ? Number(word) : undefined);
  if (typeof number !== 'number' || !Number.isFinite(number)) return undefined;
  return Number((number * (how.scale ?? 1) + (how.offset ?? 0)).toPrecision(DIGITS));
}

function wordOf(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string' || value.length > MAX_WORD_CHARS) return undefined;
  return value.trim();
}

function lookUp(
  values: Readonly<Record<string, boolean | number>>,
  word: string,
): boolean | number | undefined {
  const key = Object.keys(values).find((candidate) => candidate.toLowerCase() === word.toLowerCase());
  return key === undefined ? undefined : values[key];
}

function stateOf(word: string): boolean | undefined {
  const lower = word.toLowerCase();
  if (TRUE.has(lower)) return true;
  return FALSE.has(lower) ? false : undefined;
}
