import { z } from 'zod';

const MAX_CHARS = 100;

/** `q` of a list; `where`: what is searched. */
export function searchParameter(where: string) {
  const expected = `expected 1 to ${MAX_CHARS} characters`;
  return z
    .string(expected)
    .min(1, expected)
    .max(MAX_CHARS, expected)
    .optional()
    .meta({
      description: `only entries in which this text is, without case and diacritics, in ${where}`,
      examples: ['tan dinh'],
    });
}
