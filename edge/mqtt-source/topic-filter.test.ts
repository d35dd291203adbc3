import { describe, expect, it } from 'vitest';
import { isTopicFilter } from './topic-filter.ts';

describe('a topic filter', () => {
  it.each(['a', 'a/b', 'telegraf/#', '#', '+', 'a/+/c', '/a', 'a//b'])('is %s', (text) => {
    expect(isTopicFilter(text)).toBe(true);
  });

  it.each(['', 'a#', 'a/#/b', 'a+/b', 'a\0b', 'x'.repeat(257)])('is not %j', (text) => {
    expect(isTopicFilter(text)).toBe(false);
  });
});
