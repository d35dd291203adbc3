import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
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
    return problemsIn(file);
  };

  const problemsIn = (file: string): readonly string[] => {
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

  it('because it is a pipe, a device or a directory, is named at once', () => {
    const pipe = join(directory, 'a.yaml');
    // Whoever opens it to read waits until somebody writes.
    execFileSync('mkfifo', [pipe]);
    expect(problemsIn(pipe)).toEqual(['a.yaml: cannot be read: expected a regular file']);
    expect(problemsIn('/dev/zero')).toEqual(['a.yaml: cannot be read: expected a regular file']);
    expect(problemsIn(directory)).toEqual([expect.stringMatching(/: cannot be read: EISDIR/)]);
  });

  it('because it is huge, is named without being read', () => {
    const file = join(directory, 'a.yaml');
    writeFileSync(file, '');
    // More than a process can read at once.
    truncateSync(file, 3 * 1024 ** 3);
    expect(problemsIn(file)).toEqual(['a.yaml: larger than 1048576 bytes']);
  });

  it('because it is not there, is named', () => {
    expect(problemsIn(join(directory, 'a.yaml'))).toEqual([
      expect.stringMatching(/^a\.yaml: cannot be read: ENOENT/),
    ]);
  });
});
