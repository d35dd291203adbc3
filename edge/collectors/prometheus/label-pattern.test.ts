import { describe, expect, it } from 'vitest';
import { LabelBudget, LabelReader, MAX_LABEL_CHARS, parseLabelPattern } from './label-pattern.ts';
import { READY_MAPPINGS } from './mappings/index.ts';

describe('a pattern for labels', () => {
  it.each([
    ['^node/(?<node>.+)$', 1],
    ['^(?<kind>storage)/(?<node>[^/]+)/(?<storage>.+)$', 1],
    ['^(?<a>[^/]+)/(?<b>[^-]+)/(?<c>.*)$', 2],
    ['^(?<a>[^/]+?)/+(?<b>x)$', 1],
    ['^(?<a>\\d{1,3})-(?:x|y)(?<b>[a-z]*?)z?$', 2],
    ['^(?<all>[(+*?]\\+\\(.$)', 0],
  ])('%s is taken, with %i repetitions whose length is open', (pattern, open) =>
    expect(parseLabelPattern(pattern)?.ways.open).toBe(open),
  );

  it.each([
    ['^(?<a>[^/]+/?)$', 'what would end it may be missing'],
    ['^(?<a>[^/]+/*)$', 'the same'],
    ['^(?<a>[^/]+/{0,1})$', 'the same'],
    ['^(?<a>[^/]+)|/$', 'the same'],
    ['^(?<a>[^.]+.)$', 'what would end it is any character'],
    ['^(?<a>[^(]+(?:x))$', 'what would end it begins a group'],
  ])('%s has a repetition whose length is open: %s', (pattern) =>
    expect(parseLabelPattern(pattern)?.ways.open).toBeGreaterThan(0),
  );

  it.each([
    ['(?<a>x)', 1],
    ['^x|(?<a>y)', 1],
    ['^(?:x|(?<a>y))', 0],
  ])('%s is tried at each character: %i', (pattern, open) =>
    expect(parseLabelPattern(pattern)?.ways.open).toBe(open),
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
    `^(?<a>${'a?'.repeat(40)}${'a'.repeat(40)})$`,
    `^(?<a>${'(?:a|a)'.repeat(30)}b)$`,
    `^(?<a>a|b|c|d|e|f|g|h)$`,
    `^(?<a>${'[^/]+/?'.repeat(25)}x)$`,
    `^(?<a>${'[^/]+/*'.repeat(25)}x)$`,
    `^(?<a>${'[^.]+.'.repeat(25)}x)$`,
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
      expect(parseLabelPattern(pattern)?.ways.open, pattern).toBeLessThanOrEqual(1);
  });
});

describe('reading labels', () => {
  it('gives the named groups, or none', () => {
    const reader = new LabelReader('^node/(?<node>.+)$', new LabelBudget());
    expect(reader.read('node/pve1')).toMatchObject({ node: 'pve1' });
    expect(reader.read('node/pve1')).toMatchObject({ node: 'pve1' });
    expect(reader.read('qemu/7')).toEqual({});
    expect(reader.read(`node/${'x'.repeat(MAX_LABEL_CHARS)}`)).toEqual({});
  });

  it('ends before labels made for it take long', () => {
    const reader = new LabelReader('^(?<a>.+)-(?<b>.+)-(?<c>.+)x$', new LabelBudget());
    const read = (): void => {
      for (let at = 0; at < 1_000; at++) reader.read(`${'-'.repeat(300)}${at}`);
    };
    expect(read).toThrow('too many long labels for the pattern');
  });

  it('counts the choices, and what is compared again for each way', () => {
    const label = '-'.repeat(1_000);
    const readable = (pattern: string): number => {
      const reader = new LabelReader(pattern, new LabelBudget());
      let count = 0;
      try {
        for (; count < 10_000; count++) reader.read(`${label}${count}`);
      } catch {
        return count;
      }
      return count;
    };
    expect(readable('^(?<a>.+)x$')).toBe(10_000);
    expect(readable('^(?<a>.+)-?-?-?-?-?-?x$')).toBeLessThan(1_000);
    expect(readable(`^(?<a>.+)${'-'.repeat(200)}x$`)).toBeLessThan(3_000);
    expect(readable('^(?<a>.+)-[^/]+/$')).toBeLessThan(1_000);
  });

  it('ends before many patterns together take long', () => {
    const budget = new LabelBudget();
    const readers = Array.from({ length: 32 }, () => new LabelReader('^(?<a>.+)-(?<b>.+)x$', budget));
    const read = (count: number) => (): void => {
      for (let at = 0; at < count; at++)
        for (const reader of readers) reader.read(`${'-'.repeat(1_000)}${at}`);
    };
    expect(read(1)).not.toThrow();
    expect(read(10)).toThrow('too many long labels for the pattern');
  });

  it('takes 100,000 usual labels', () => {
    const reader = new LabelReader('^(?<a>[^/]+)/(?<b>.+)$', new LabelBudget());
    for (let at = 0; at < 100_000; at++) reader.read(`pod-${at}/namespace-of-the-city/${at}`);
    expect(reader.read('a/b')).toMatchObject({ a: 'a', b: 'b' });
  });
});
