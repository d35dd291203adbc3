import { expect, it } from 'vitest';
import { KeyReader } from './keys.ts';

const NAMES = ['j', '?', 'g i', 'g c'];

it('reads single keys and pairs, which must follow soon', () => {
  const reader = new KeyReader();
  expect(reader.press('j', 0, NAMES)).toBe('j');
  expect(reader.press('x', 10, NAMES)).toBeUndefined();
  expect(reader.press('g', 20, NAMES)).toBeUndefined();
  expect(reader.press('i', 500, NAMES)).toBe('g i');
  expect(reader.press('i', 600, NAMES)).toBeUndefined();
  expect(reader.press('g', 1_000, NAMES)).toBeUndefined();
  expect(reader.press('i', 9_000, NAMES)).toBeUndefined();
});

it('takes a key that follows a first one but makes no pair for itself', () => {
  const reader = new KeyReader();
  expect(reader.press('g', 0, NAMES)).toBeUndefined();
  expect(reader.press('j', 10, NAMES)).toBe('j');
});
