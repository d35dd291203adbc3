import { describe, expect, it } from 'vitest';
import { isTopicFilter, matchesFilter } from './topic-filter.ts';

describe('a topic filter', () => {
  it.each(['a', 'a/b', 'telegraf/#', '#', '+', 'a/+/c', '/a', 'a//b'])('is %s', (text) => {
    expect(isTopicFilter(text)).toBe(true);
  });

  it.each(['', 'a#', 'a/#/b', 'a+/b', 'a\0b', 'x'.repeat(257)])('is not %j', (text) => {
    expect(isTopicFilter(text)).toBe(false);
  });
});

it.each([
  ['telegraf/#', 'telegraf/app-01', true],
  ['telegraf/#', 'telegraf', true],
  ['telegraf/+', 'telegraf/app-01/cpu', false],
  ['a/+/c', 'a/b/c', true],
  ['a/b', 'a/b', true],
  ['a/b', 'a/c', false],
  ['#', 'a/b', true],
  ['a/+/c', 'a//c', true],
  ['a/+', 'a', false],
  ['a/#', 'b/c', false],
  ['a/b/+', 'a/b', false],
])('%s matches %s: %s', (filter, topic, matches) => {
  expect(matchesFilter(filter, topic)).toBe(matches);
});
