import { expect, it } from 'vitest';
import { openStateDatabase } from '../state/database.ts';
import { openNodeBook } from './node-repository.ts';

const DAY_MS = 86_400_000;
const START_MS = 1_800_000_000_000;
const NODE = { group: 'power', node: 'n1' };

it('a node born long ago that is still heard stays known; one not heard for 30 days is forgotten', () => {
  const database = openStateDatabase(':memory:');
  const book = openNodeBook(database, START_MS);
  book.note(NODE, START_MS);
  book.note({ group: 'power', node: 'gone' }, START_MS);
  for (let hour = 1; hour <= 31 * 24; hour++) book.hear(NODE, START_MS + hour * 3_600_000);
  const again = openNodeBook(database, START_MS + 31 * DAY_MS);
  expect(again.list()).toEqual([{ ...NODE, heardAtMs: START_MS + 31 * DAY_MS }]);
  again.hear(NODE, START_MS + 40 * DAY_MS);
  expect(openNodeBook(database, START_MS + 65 * DAY_MS).list()).toHaveLength(1);
  expect(openNodeBook(database, START_MS + 71 * DAY_MS).list()).toEqual([]);
});

it('what was heard is written once a day at most', () => {
  const book = openNodeBook(openStateDatabase(':memory:'), START_MS);
  book.note(NODE, START_MS);
  book.hear(NODE, START_MS + DAY_MS - 1);
  expect(book.list()).toEqual([{ ...NODE, heardAtMs: START_MS }]);
  book.hear(NODE, START_MS + DAY_MS);
  expect(book.list()).toEqual([{ ...NODE, heardAtMs: START_MS + DAY_MS }]);
});

it('a node that was never born is not booked, and the book is bounded', () => {
  const database = openStateDatabase(':memory:');
  const book = openNodeBook(database, START_MS);
  book.hear(NODE, START_MS);
  expect(book.list()).toEqual([]);
  database.transaction(() => {
    for (let at = 0; at <= 2_000; at++) book.note({ group: 'g', node: `n${at}` }, START_MS + at);
  });
  expect(openNodeBook(database, START_MS + 3_000).list()).toHaveLength(2_000);
  expect(book.list().at(-1)?.node).toBe('n1');
});
