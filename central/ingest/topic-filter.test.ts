import { describe, expect, it } from 'vitest';
import { matchesFilter } from './topic-filter.ts';

describe('a topic', () => {
  it.each([
    ['a/b', 'a/b'],
    ['a/b/c', 'a/+/c'],
    ['a/b/c', 'a/#'],
    ['a', 'a/#'],
    ['a//c', 'a/+/c'],
    ['a/b', '#'],
  ])('%s is within %s', (topic, filter) => expect(matchesFilter(topic, filter)).toBe(true));

  it.each([
    ['a/b', 'a/c'],
    ['a/b/c', 'a/+'],
    ['a', 'a/+'],
    ['b/c', 'a/#'],
    ['a/b', 'a/b/+'],
  ])('%s is not within %s', (topic, filter) => expect(matchesFilter(topic, filter)).toBe(false));
});
