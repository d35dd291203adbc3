import { z } from 'zod';

/** A query parameter with one or several of these words, separated by commas. */
export function kindsParameter<Kind extends string>(kinds: readonly [Kind, ...Kind[]], description: string) {
  const expected = `expected one or more of ${kinds.join(', ')}, separated by commas`;
  const word = `(${kinds.join('|')})`;
  return z
    .string(expected)
    .regex(new RegExp(`^${word}(,${word})*$`), expected)
    .transform((text) => new Set(text.split(',') as Kind[]))
    .optional()
    .meta({ description: `${description}; all without it`, example: kinds.slice(0, 2).join(',') });
}

/** Whether it is one of those that are asked for; all are without them. */
export function isInOneOf<Word extends string>(
  wanted: ReadonlySet<Word> | undefined,
  word: Word | undefined,
): boolean {
  return wanted === undefined || (word !== undefined && wanted.has(word));
}
