import type { FieldValue } from '../../contract/sample.ts';
import { isShort, MAX_STRING_BYTES } from '../ingest/validate/value.ts';
import type { ScalarType } from '../../contract/sparkplug/data-types.ts';
import type { RawMetric, WireInteger } from './payload.ts';

export type MetricValue =
  { readonly value: FieldValue } | { readonly value: undefined; readonly reason: string };

/**
 * A metric's value by its type. Signed integers travel in unsigned fields as two's complement (section 6.4.17): encoders
 * fill all bits of the field or only those of the type, and put 32 bits into either field; all of these are read.
 * Integers beyond 2^53 stay exact as bigint.
 */
export function readValue(metric: RawMetric, type: ScalarType): MetricValue {
  switch (type.kind) {
    case 'signed':
    case 'unsigned': {
      if (metric.integer === undefined) return missing(type, metric);
      const exact =
        type.kind === 'signed' ? signed(metric.integer, type.bits) : unsigned(metric.integer, type.bits);
      if (exact === undefined) {
        return { value: undefined, reason: `${metric.integer.value} does not fit ${type.name}` };
      }
      const rounded = Number(exact);
      return { value: Number.isSafeInteger(rounded) ? rounded : exact };
    }
    case 'float':
      if (metric.float !== undefined) return { value: shortestFloat32(metric.float) };
      return metric.double === undefined ? missing(type, metric) : { value: metric.double };
    case 'boolean':
      return metric.boolean === undefined ? missing(type, metric) : { value: metric.boolean };
    case 'text':
      if (metric.text === undefined) return missing(type, metric);
      return isShort(metric.text) ? { value: metric.text } : tooLong(metric.text);
  }
}

function signed({ value, bits: wireBits }: WireInteger, bits: 8 | 16 | 32 | 64): bigint | undefined {
  const whole = BigInt.asIntN(wireBits, value);
  if (whole === BigInt.asIntN(bits, whole)) return whole;
  return value < 2n ** BigInt(bits) ? BigInt.asIntN(bits, value) : undefined;
}

function unsigned({ value }: WireInteger, bits: 8 | 16 | 32 | 64): bigint | undefined {
  return value < 2n ** BigInt(bits) ? value : undefined;
}

/** 12.1 rather than 12.100000381469727: the shortest number that is the same 32-bit float. */
function shortestFloat32(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

function tooLong(text: string): MetricValue {
  const reason = `has ${Buffer.byteLength(text)} bytes, expected at most ${MAX_STRING_BYTES}`;
  return { value: undefined, reason };
}

function missing(type: ScalarType, metric: RawMetric): MetricValue {
  const reason = metric.present === '' ? 'has no value' : `has a value of the kind ${metric.present}`;
  return { value: undefined, reason: `${reason}, expected ${type.name}` };
}
