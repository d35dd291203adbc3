import { z } from 'zod';
import type { FieldValue } from '../../contract/sample.ts';

/** A value in an answer. */
export const jsonValue = z
  .union([z.number(), z.string(), z.boolean()])
  .describe('a whole number beyond 2^53 is a decimal string');

export function toJsonValue(value: FieldValue): number | string | boolean {
  return typeof value === 'bigint' ? String(value) : value;
}
