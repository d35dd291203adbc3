/** Integers keep all 64 bits. */
export type LineValue =
  | { readonly type: 'int' | 'uint'; readonly value: bigint }
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'string'; readonly value: string };

const TRUE = /^(?:t|T|true|True|TRUE)$/;
const FALSE = /^(?:f|F|false|False|FALSE)$/;
const FLOAT = /^-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** Parses a value that is not a text: `12i`, `12u`, `1.5`, `t`. Otherwise returns what was expected. Pure. */
export function parseFieldValue(word: string): LineValue | string {
  if (TRUE.test(word)) return { type: 'bool', value: true };
  if (FALSE.test(word)) return { type: 'bool', value: false };
  if (/^-?\d+i$/.test(word)) return inRange('int', word);
  if (/^\d+u$/.test(word)) return inRange('uint', word);
  if (!FLOAT.test(word)) return 'expected a number, an integer (12i, 12u), true, false or a text in quotes';
  const value = Number(word);
  return Number.isFinite(value) ? { type: 'float', value } : 'beyond what a float can hold';
}

/** 2^64 has 20 digits. */
const MAX_DIGITS = 21;

function inRange(type: 'int' | 'uint', word: string): LineValue | string {
  const digits = word.slice(0, -1).replace(/^(-?)0+(?=\d)/, '$1');
  if (digits.length > MAX_DIGITS) return 'beyond 64 bits';
  const value = BigInt(digits);
  const wrapped = type === 'int' ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value);
  return wrapped === value ? { type, value } : 'beyond 64 bits';
}
