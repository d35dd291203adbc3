import { afterEach, beforeEach, expect, it } from 'vitest';
import { openStateDatabase, type Query, type StateDatabase, type Statement } from './database.ts';

let database: StateDatabase;
let insert: Statement;
let countOfColour: Query;

beforeEach(() => {
  database = openStateDatabase(':memory:');
  database.migrate('test', ['CREATE TABLE car (colour TEXT)', 'CREATE TABLE bus (colour TEXT)']);
  insert = database.prepare('INSERT INTO car (colour) VALUES (?)');
  countOfColour = database.prepareKept('SELECT COUNT(*) AS count FROM car WHERE colour = ?');
});
afterEach(() => database.close());

const count = (colour: string): unknown => countOfColour.get(colour)?.['count'];

it('an answer is the same object until its table is written, also for other values in between', () => {
  insert.run('red');
  const first = countOfColour.all('red');
  expect(count('blue')).toBe(0);
  database.prepare('INSERT INTO bus (colour) VALUES (?)').run('red');
  expect(countOfColour.all('red')).toBe(first);
  insert.run('red');
  expect(count('red')).toBe(2);
});

it.each([
  ['UPDATE car SET colour = ?', 1],
  ['INSERT OR REPLACE INTO car (colour) VALUES (?)', 2],
  ['INSERT INTO car (colour) VALUES (?) RETURNING colour', 2],
  ['WITH new (colour) AS (VALUES (?)) INSERT INTO car (colour) SELECT colour FROM new', 2],
])('%s is noticed', (sql, blue) => {
  insert.run('blue');
  expect(count('blue')).toBe(1);
  database.prepare(sql).get('blue');
  expect(count('blue')).toBe(blue);
});

it('what is deleted, or rolled back, is noticed', () => {
  insert.run('red');
  expect(count('red')).toBe(1);
  expect(() =>
    database.transaction(() => {
      insert.run('red');
      expect(count('red')).toBe(2);
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(count('red')).toBe(1);
  database.prepare('DELETE FROM car').run();
  expect(count('red')).toBe(0);
});

it('a table that is joined counts as well', () => {
  const both = database.prepareKept('SELECT COUNT(*) AS count FROM car JOIN bus ON bus.colour = car.colour');
  insert.run('red');
  expect(both.get()?.['count']).toBe(0);
  database.prepare('INSERT INTO bus (colour) VALUES (?)').run('red');
  expect(both.get()?.['count']).toBe(1);
});

it('a long answer is not kept: many pages of a list would stay in memory', () => {
  for (let at = 0; at < 101; at++) insert.run('green');
  const all = database.prepareKept('SELECT colour FROM car WHERE colour = ?');
  expect(all.all('green')).not.toBe(all.all('green'));
  expect(all.all('red')).toBe(all.all('red'));
});
