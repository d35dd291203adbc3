import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkConfig } from './config.ts';
import { UserError } from './errors.ts';
import { secretSourceSchema } from './secret-source.ts';

const schema = z.strictObject({
  name: z.string(),
  lan: z.strictObject({ community: secretSourceSchema }).refine(({ community }) => !('value' in community)),
});

function problemsOf(value: unknown): readonly string[] {
  try {
    checkConfig('edge.yaml', value, schema);
  } catch (error) {
    if (error instanceof UserError) return error.problems;
    throw error;
  }
  return [];
}

describe('an invalid configuration', () => {
  it('is reported in full, with the given values', () => {
    expect(problemsOf({ name: 7, lan: { community: { file: '/x' } }, more: 1 })).toEqual([
      expect.stringMatching(/^edge\.yaml: name: .*string.*, got 7$/),
      'edge.yaml: more: unknown setting',
    ]);
  });

  it.each([
    ['plain text', 'hunter2'],
    ['a number', 4_711],
    ['a list', ['hunter2']],
    ['a value where a file is expected', { value: 'hunter2' }],
  ])('does not repeat a community given as %s', (_what, community) => {
    const problems = problemsOf({ name: 'a', lan: { community } });
    expect(problems).toHaveLength(1);
    expect(problems.join()).not.toMatch(/hunter2|4711/);
  });
});
