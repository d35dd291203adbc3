import { afterEach, beforeEach, expect, it } from 'vitest';
import { ManualClock } from '../../../../runtime/manual-clock.ts';
import { silentLogger } from '../../../../runtime/logger.ts';
import { openStateDatabase, type StateDatabase } from '../../../state/database.ts';
import { readIntervals, readTimes, type Placed } from './history-query.ts';
import { openHistoryStore, type HistoryEntry } from './history-store.ts';
import { TooManyQuestionsError } from './question-turns.ts';
import { StateHistory } from './state-history.ts';
import type { StateInterval } from './state-intervals.ts';

const ELEMENTS = 8;
const ROWS = 9_600;
const START_MS = 1_800_000_000_000;
const RANGE = { fromMs: 0, toMs: Infinity };
const elements: readonly Placed[] = Array.from({ length: ELEMENTS }, (_, at) => {
  return { ref: `device:n-${at}`, id: `n-${at}` };
});
let database: StateDatabase;
let history: StateHistory;
/** Intervals of each reading. */
let readings: number[];

beforeEach(() => {
  database = openStateDatabase(':memory:');
  const store = openHistoryStore(database);
  for (const { ref } of elements) {
    const rows = Array.from({ length: ROWS }, (_, at): HistoryEntry => {
      const state = at % 2 === 0 ? 'up' : 'down';
      return { ref, fromMs: START_MS + at * 1_000, state, sinceMs: undefined, roots: [] };
    });
    store.write(rows, START_MS + ROWS * 1_000);
  }
  history = new StateHistory({
    store,
    followed: [],
    clock: new ManualClock(START_MS + ROWS * 1_000),
    standing: () => ({ isAgreed: true, isCertain: true }),
    deleteBeforeMs: () => undefined,
    log: silentLogger,
  });
  readings = [];
  const read = history.read.bind(history);
  history.read = (refs, range) => {
    const found = read(refs, range);
    readings.push([...found.values()].reduce((sum, { length }) => sum + length, 0));
    return found;
  };
});
afterEach(() => {
  database.close();
});

async function all(): Promise<(readonly [string, number])[]> {
  const found: (readonly [string, number])[] = [];
  for await (const [{ id }, intervals] of readIntervals(history, elements, RANGE))
    found.push([id, intervals.length]);
  return found;
}

it('elements that changed all the time are read a few at once, each whole and in their order', async () => {
  expect(await all()).toEqual(elements.map(({ id }) => [id, ROWS]));
  expect(readings).toEqual([3 * ROWS, 3 * ROWS, 2 * ROWS]);
});

it('long questions are answered one after the other, a short one at once, and not too many wait', async () => {
  const done: string[] = [];
  const ask = async (name: string): Promise<void> => {
    await readTimes(history, elements, [RANGE.fromMs, RANGE.toMs], ({ id }) => id);
    done.push(name);
  };
  const release = await history.turns.take();
  const long = [ask('first'), ask('second')];
  const short: (readonly StateInterval[])[] = [];
  for await (const [, intervals] of readIntervals(history, elements.slice(0, 2), RANGE))
    short.push(intervals);
  expect(short).toHaveLength(2);
  expect(done).toEqual([]);
  release();
  await Promise.all(long);
  expect(done).toEqual(['first', 'second']);

  const held = await history.turns.take();
  const waiting = Array.from({ length: 20 }, () => history.turns.take());
  await expect(all()).rejects.toThrow(TooManyQuestionsError);
  held();
  for (const turn of waiting) (await turn)();
  expect(await all()).toHaveLength(ELEMENTS);
});

it('who stops early gives the turn on', async () => {
  const seen: string[] = [];
  for await (const [{ id }] of readIntervals(history, elements, RANGE)) {
    seen.push(id);
    if (seen.length > 4) break;
  }
  expect(await all()).toHaveLength(ELEMENTS);
});
