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

it.each([
  ['**b*', 'aab', true],
  ['*a*b*', 'xxbxxa', false],
  ['a*a', 'a', false],
  ['?', '💧', true],
  ['x*?', 'x', false],
  ['*ab', 'aaab', true],
])('%j for %j is %s, though it has to be tried again', (pattern, name, expected) => {
  expect(namePattern(pattern)(name)).toBe(expected);
});

it.each(['*', '*?', '?*', '*y'])('ends also with many %j', (part) => {
  expect(namePattern(`${part.repeat(100)}x`)('y'.repeat(255))).toBe(false);
});
