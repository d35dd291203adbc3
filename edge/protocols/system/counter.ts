const DIGITS = /^\d{1,20}$/;

/** An unsigned integer as the kernel prints it; undefined for anything else. */
export function parseCounter(text: string | undefined): bigint | undefined {
  return text !== undefined && DIGITS.test(text) ? BigInt(text) : undefined;
}

const MAX_INT64 = 2n ** 63n - 1n;

/** A number up to 2^53, a bigint beyond; capped at signed 64 bits, as stores and Telegraf do. */
export function toField(value: bigint): number | bigint {
  if (value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value);
  return value < MAX_INT64 ? value : MAX_INT64;
}

export function words(line: string): string[] {
  return line.trim().split(/\s+/);
}
