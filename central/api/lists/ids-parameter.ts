import { z } from 'zod';
import { INVENTORY_ID_PATTERN } from '../../../contract/inventory.ts';

const MAX_IDS = 100;
const EXPECTED = `expected 1 to ${MAX_IDS} ids, separated by commas`;

/** `id` of a list: one id or several, separated by commas. An id is no part of another one here, as it is with `q`. */
export function idsParameter(example: string) {
  return z
    .string(EXPECTED)
    .transform((text) => new Set(text.split(',')))
    .refine((ids) => ids.size <= MAX_IDS && [...ids].every((id) => INVENTORY_ID_PATTERN.test(id)), EXPECTED)
    .optional()
    .meta({
      description: `only those with exactly these ids, at most ${MAX_IDS}, separated by commas`,
      examples: [example],
    });
}
