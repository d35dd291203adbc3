import { expect, it } from 'vitest';
import { namePattern } from './name-pattern.ts';

it.each([
  ['*.service', 'ssh.service', true],
  ['*.service', 'ssh.services', false],
  ['user@?.service', 'user@1.service', true],
  ['user@?.service', 'user@10.service', false],
  ['a.b', 'axb', false],
  ['[a]', 'a', false],
  ['*', '', true],
  ['/dev/disk/*', '/dev/disk/by-id/x', true],
])('%j for %j is %s', (pattern, name, matches) => {
  expect(namePattern(pattern)(name)).toBe(matches);
});

it('ends also with many stars', () => {
  expect(namePattern(`${'*'.repeat(200)}x`)('y'.repeat(200))).toBe(false);
});
