import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkConfig, loadConfig, parseConfigText } from './config.ts';
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

  it('says how a secret may be given', () => {
    expect(problemsOf({ name: 'a', lan: { community: 'hunter2' } })).toEqual([
      'edge.yaml: lan.community: expected { file: … }, { env: … } or { value: … }',
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

describe('a file that is no usable YAML', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'wardwatch-config-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const problemsOfFile = (text: string): readonly string[] => {
    const file = join(directory, 'a.yaml');
    writeFileSync(file, text);
    try {
      loadConfig(file, schema);
    } catch (error) {
      if (error instanceof UserError) return error.problems.map((line) => line.replace(file, 'a.yaml'));
      throw error;
    }
    return [];
  };

  it('because its aliases would make it huge is named', () => {
    const levels = Array.from({ length: 9 }, (_, at) =>
      at === 0 ? 'a0: &a0 [x, x]' : `a${at}: &a${at} [*a${at - 1}, *a${at - 1}, *a${at - 1}, *a${at - 1}]`,
    );
    expect(problemsOfFile(levels.join('\n'))).toEqual([
      expect.stringMatching(/^a\.yaml: not usable YAML: .*alias/i),
    ]);
  });

  it('because it contains itself, is named as that', () => {
    const content = parseConfigText('loop.yaml', '&a [*a]');
    expect(() => checkConfig('loop.yaml', content, z.strictObject({}))).toThrow(
      /^loop\.yaml: the file: .*, got a value that contains itself$/,
    );
  });

  it('because it is nested too deeply, or broken all over, is named in at most 20 lines', () => {
    const problems = problemsOfFile(`k: ${'['.repeat(5_000)}`);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.length).toBeLessThanOrEqual(20);
    for (const problem of problems) expect(problem).toMatch(/^a\.yaml: not (valid|usable) YAML: /);
  });
});
