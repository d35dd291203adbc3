import { describe, expect, it } from 'vitest';
import { LabelReader, MAX_LABEL_CHARS, parseLabelPattern } from './label-pattern.ts';
import { READY_MAPPINGS } from './mappings/index.ts';

describe('a pattern for labels', () => {
  it.each([
    ['^node/(?<node>.+)$', 1],
    ['^(?<kind>storage)/(?<node>[^/]+)/(?<storage>.+)$', 1],
    ['^(?<a>[^/]+)/(?<b>[^-]+)/(?<c>.*)$', 2],
    ['^(?<a>\\d{1,3})-(?:x|y)(?<b>[a-z]*?)z?$', 2],
    ['(?<all>^[(+*?]\\+\\(.$)', 0],
  ])('%s is taken, with %i repetitions whose length is open', (pattern, ambiguous) =>
    expect(parseLabelPattern(pattern)?.ambiguous).toBe(ambiguous),
  );

  it.each([
    '^(?<a>(x+)+)$',
    '^(?<a>(?:x|x)*)$',
    '^(?<a>x){2,}$',
    '^(?<a>.+)\\1$',
    '^(?<a>.+)\\k<a>$',
    '^(?=(?<a>.+))x$',
    '^(?<!x)(?<a>y)$',
    '^(?<a>.+)-(?<b>.+)-(?<c>.+)-(?<d>.+)$',
    '(?<a',
    '^no-groups$',
    '',
  ])('%j is refused', (pattern) => expect(parseLabelPattern(pattern)).toBeUndefined());

  it('of the ready mappings is taken', () => {
    const patterns = [...READY_MAPPINGS.values()].flatMap(({ labels }) =>
      labels.map(({ pattern }) => pattern),
    );
    expect(patterns.length).toBeGreaterThan(0);
    for (const pattern of patterns)
      expect(parseLabelPattern(pattern)?.ambiguous, pattern).toBeLessThanOrEqual(1);
  });
});

describe('reading labels', () => {
  it('gives the named groups, or none', () => {
    const reader = new LabelReader('^node/(?<node>.+)$');
    expect(reader.read('node/pve1')).toMatchObject({ node: 'pve1' });
    expect(reader.read('node/pve1')).toMatchObject({ node: 'pve1' });
    expect(reader.read('qemu/7')).toEqual({});
    expect(reader.read(`node/${'x'.repeat(MAX_LABEL_CHARS)}`)).toEqual({});
  });

  it('ends before labels made for it take long', () => {
    const reader = new LabelReader('^(?<a>.+)-(?<b>.+)-(?<c>.+)x$');
    const read = (): void => {
      for (let at = 0; at < 1_000; at++) reader.read(`${'-'.repeat(300)}${at}`);
    };
    expect(read).toThrow('too many long labels for the pattern');
  });

  it('takes 100,000 usual labels', () => {
    const reader = new LabelReader('^(?<a>[^/]+)/(?<b>.+)$');
    for (let at = 0; at < 100_000; at++) reader.read(`pod-${at}/namespace-of-the-city/${at}`);
    expect(reader.read('a/b')).toMatchObject({ a: 'a', b: 'b' });
  });
});
