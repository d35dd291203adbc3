import type { VarbindValue } from './session.ts';

const MAX_TEXT_CHARS = 128;
const utf8 = new TextDecoder('utf-8', { fatal: true });
/** Never fails, and different bytes stay different, so that names stay unique. */
const singleByte = new TextDecoder('windows-1252');

/** A device's text on one line of at most 128 characters; undefined: empty. */
export function toText(value: VarbindValue | undefined): string | undefined {
  if (value === undefined) return undefined;
  const raw = Buffer.isBuffer(value) ? decode(value) : String(value);
  const text = raw.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  if (text === '') return undefined;
  return text.length <= MAX_TEXT_CHARS ? text : Array.from(text).slice(0, MAX_TEXT_CHARS).join('').trim();
}

function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return singleByte.decode(bytes);
  }
}

/** undefined: not a number. Numbers as text count too, as some agents send them. */
export function toNumber(value: VarbindValue | undefined): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  const text = toText(value);
  return text !== undefined && /^[-+]?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

/** A counter and its width; undefined: not a counter. */
export function toCounter(value: VarbindValue | undefined): { value: bigint; bits: 32 | 64 } | undefined {
  if (typeof value === 'bigint') return { value, bits: 64 };
  if (typeof value === 'number' && value >= 0) return { value: BigInt(value), bits: 32 };
  return undefined;
}

/** Six bytes as `00:1c:73:…`, anything else as text. */
export function toMacOrText(value: VarbindValue | undefined): string | undefined {
  if (!Buffer.isBuffer(value) || value.length !== 6) return toText(value);
  return [...value].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}

/** Removes floating-point noise: 0.1 × 3 is 0.3. */
export function roundOff(value: number): number {
  return Number(value.toPrecision(12));
}
