import { expect, it } from 'vitest';
import { orderOfIds } from './order-of-ids.ts';

it('sorts each inventory once, and a changed one anew', () => {
  const inOrder = orderOfIds<{ readonly id: string }>();
  const before = new Map(['b', 'c', 'a'].map((id) => [id, { id }]));
  const first = inOrder(before);
  expect(first.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  expect(inOrder(before)).toBe(first);
  const after = new Map([...before, ['aa', { id: 'aa' }]]);
  expect(inOrder(after).map(({ id }) => id)).toEqual(['a', 'aa', 'b', 'c']);
});
