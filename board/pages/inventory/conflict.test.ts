import { expect, it } from 'vitest';
import { conflictsOf, mergedOf } from './conflict.ts';

const BEFORE = { id: 's', name: 'Old', contact: 'a', notes: 'x' };
const MINE = { id: 's', name: 'Mine', contact: 'a', notes: 'x' };

it('shows a field that both changed with both values, and what only the other one changed', () => {
  const theirs = { id: 's', name: 'Theirs', contact: 'b' };
  expect(conflictsOf(BEFORE, MINE, theirs)).toEqual([
    { field: 'contact', before: 'a', mine: 'a', theirs: 'b', isBoth: false },
    { field: 'name', before: 'Old', mine: 'Mine', theirs: 'Theirs', isBoth: true },
    { field: 'notes', before: 'x', mine: 'x', theirs: undefined, isBoth: false },
  ]);
});

it('joins what both did: what only the other one changed, or took away, stays so', () => {
  expect(mergedOf(BEFORE, MINE, { id: 's', name: 'Old', contact: 'b' })).toEqual({
    id: 's',
    name: 'Mine',
    contact: 'b',
  });
});
