import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isDeeperThan } from './json-depth.ts';

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

it('finds the depth of any JSON, whatever its texts hold', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), fc.boolean(), (value, isSpaced) => {
      const text = Buffer.from(JSON.stringify(value, null, isSpaced ? 2 : 0));
      const depth = depthOf(value);
      expect(isDeeperThan(text, depth)).toBe(false);
      if (depth > 0) expect(isDeeperThan(text, depth - 1)).toBe(true);
    }),
  );
});

it('does not count brackets in texts, nor end a text at an escaped quote', () => {
  const value = ['[[[[{{{{', 'a "quoted" [[[ and \\', '\\"[[[', { '{[{[': '' }];
  expect(isDeeperThan(Buffer.from(JSON.stringify(value)), 2)).toBe(false);
});

it('comes to an end with what is no JSON', () => {
  for (const text of ['', '"', '"\\', ']]]]', '\\"[', '"[[[[[['])
    expect(isDeeperThan(Buffer.from(text), 3)).toBe(false);
  expect(isDeeperThan(Buffer.from(']]]][[[[['), 0)).toBe(true);
});
