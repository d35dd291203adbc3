import { expect, it } from 'vitest';
import { rowWords } from './row-words.ts';

it('tells a refused row in one line, its tags before its fields', () => {
  const raw = {
    baseMs: 1,
    tags: ['host', 'disk'],
    fields: ['load1', 'load5', 'up'],
    row: [['srv-1', null], -700, ['x', 0.2, true]],
  };
  expect(rowWords(raw)).toBe('host=srv-1 · load1=x load5=0.2 up=true');
});

it('says nothing of what is no row, and stays short', () => {
  expect([undefined, null, 'text', [1], { fields: ['rpm'] }].map(rowWords)).toEqual(['', '', '', '', '']);
  expect(rowWords({ fields: ['text'], row: [[], 0, ['x'.repeat(1_000)]] })).toHaveLength(301);
});
