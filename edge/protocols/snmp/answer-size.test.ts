import { expect, it } from 'vitest';
import { AnswerSize } from './answer-size.ts';

const bounds = { start: 40, most: 100 };
const after = (answers: number, size: AnswerSize) => {
  for (let answer = 0; answer < answers; answer++) size.grow();
  return size.values;
};

it('grows to its bound', () => {
  const size = new AnswerSize(bounds);
  expect([after(0, size), after(1, size), after(1, size), after(20, size)]).toEqual([40, 45, 50, 100]);
});

it('is halved by a lost answer, stays below what was lost, and tries more again after a long while', () => {
  const size = new AnswerSize(bounds);
  after(20, size);
  size.lose(100);
  expect([size.values, after(50, size)]).toEqual([50, 99]);
  size.lose(10);
  expect(size.values).toBe(99);
  expect(size.shrink(99)).toBe(true);
  expect([size.values, after(500, size)]).toEqual([50, 98]);
  expect(after(500, size)).toBe(100);
});

it('is never below one', () => {
  const size = new AnswerSize({ start: 1, most: 10 });
  expect([size.shrink(1), size.values]).toEqual([false, 1]);
  size.fit(0);
  expect(size.values).toBe(1);
});

it('follows what a device cuts off', () => {
  const size = new AnswerSize(bounds);
  size.fit(31);
  expect(size.values).toBe(31);
  size.fit(90);
  expect(size.values).toBe(31);
});

it('goes on with what was known before a restart, within its bounds', () => {
  const size = new AnswerSize(bounds);
  size.shrink(40);
  expect(new AnswerSize(bounds, size.known).known).toEqual({ values: 20, ceiling: 39 });
  expect(new AnswerSize({ start: 5, most: 10 }, size.known).known).toEqual({ values: 10, ceiling: 10 });
});
