import { expect, it } from 'vitest';
import { Cell } from './cell.ts';

it('tells of another value, not of the same, and nobody who has gone', () => {
  const cell = new Cell(1);
  const seen: number[] = [];
  const end = cell.subscribe(() => seen.push(cell.get()));
  cell.set(1);
  cell.set(2);
  cell.update((value) => value + 1);
  end();
  cell.set(9);
  expect(seen).toEqual([2, 3]);
});

it('lets a listener end another one while they are told', () => {
  const cell = new Cell('a');
  const seen: string[] = [];
  let endSecond = (): void => undefined;
  cell.subscribe(() => endSecond());
  endSecond = cell.subscribe(() => seen.push(cell.get()));
  cell.set('b');
  cell.set('c');
  expect(seen).toEqual(['b']);
});
