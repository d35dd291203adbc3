import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SHIPPED_RULES_DIRECTORY } from '../../alerts/rules/load-rules.ts';
import { problemWithoutDirectory, ruleFileName } from './rule-files.ts';

it('names a rule file by its name alone, and those that are shipped as such', () => {
  expect(ruleFileName(join(SHIPPED_RULES_DIRECTORY, 'memory_low.yaml'))).toBe('shipped');
  expect(ruleFileName('/etc/wardwatch rules/memory_low.yaml')).toBe('memory_low.yaml');
  expect(ruleFileName('memory_low.yaml')).toBe('memory_low.yaml');
});

it.each(['/etc/ward watch/rules', '/etc/ward watch/rules/'])(
  'names no directory in a problem of %s',
  (directory) => {
    const told = (problem: string): string => problemWithoutDirectory(problem, directory);
    expect(told('/etc/ward watch/rules/a.yaml: raise: expected bit/s, got "x/y"')).toBe(
      'a.yaml: raise: expected bit/s, got "x/y"',
    );
    expect(told("/etc/ward watch/rules: cannot be read: ENOENT, scandir '/etc/ward watch/rules'")).toBe(
      "rulesDirectory: cannot be read: ENOENT, scandir 'rulesDirectory'",
    );
  },
);

it('leaves a problem alone where the directory says nothing of the machine', () => {
  expect(problemWithoutDirectory('rules/a.yaml: lacks 5 of its 9 rules', 'rules')).toBe(
    'rules/a.yaml: lacks 5 of its 9 rules',
  );
  expect(problemWithoutDirectory('/a.yaml: bad', '/')).toBe('/a.yaml: bad');
});
