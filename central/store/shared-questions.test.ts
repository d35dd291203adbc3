import { expect, it } from 'vitest';
import type { SeriesQuery, SeriesResult, SumsResult } from './sample-store.ts';
import { SharedQuestions } from './shared-questions.ts';

const QUERY: SeriesQuery = {
  ...{ measurement: 'interface', field: 'in_bps', fromMs: 0, toMs: 60_000, aggregate: 'mean' },
  ...{ groupBy: [], tags: {}, maxPoints: 10 },
};

/** A store that answers when the test says so. */
class WaitingStore {
  readonly begun: {
    readonly field: string;
    readonly signal: AbortSignal;
    answer(truncated: boolean): void;
    fail(error: Error): void;
  }[] = [];

  query({ field }: SeriesQuery, signal: AbortSignal): Promise<SeriesResult> {
    return new Promise((resolve, reject) => {
      const answer = (truncated: boolean): void => resolve({ series: [], truncated });
      this.begun.push({ field, signal, answer, fail: reject });
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    });
  }

  sums(): Promise<SumsResult> {
    return Promise.resolve({ groups: [], truncated: false });
  }
}

function begin() {
  const store = new WaitingStore();
  const questions = new SharedQuestions(store);
  const ask = (field = 'in_bps', signal = new AbortController().signal): Promise<SeriesResult> =>
    questions.query({ ...QUERY, field }, signal);
  return { store, questions, ask, fields: () => store.begun.map(({ field }) => field) };
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('asks once what several ask at the same time, and again what is asked later', async () => {
  const { store, ask, fields } = begin();
  const waiting = [ask(), ask(), ask()];
  await nextTurn();
  expect(fields()).toEqual(['in_bps']);
  store.begun[0]!.answer(true);
  for (const each of waiting) expect((await each).truncated).toBe(true);

  const later = ask();
  await nextTurn();
  expect(fields()).toEqual(['in_bps', 'in_bps']);
  store.begun[1]!.answer(false);
  expect((await later).truncated).toBe(false);
});

it('has two under way at a time; the others wait in the order in which they came', async () => {
  const { store, questions, ask, fields } = begin();
  const waiting = ['a', 'b', 'c', 'd', 'c'].map((field) => ask(field));
  await nextTurn();
  expect(fields()).toEqual(['a', 'b']);
  const sums = questions.sums({ ...QUERY, fields: ['in_bps'], maxGroups: 10 }, new AbortController().signal);
  store.begun[1]!.answer(false);
  await nextTurn();
  expect(fields()).toEqual(['a', 'b', 'c']);
  store.begun[0]!.answer(false);
  store.begun[2]!.answer(false);
  await nextTurn();
  store.begun[3]!.answer(false);
  await Promise.all([...waiting, sums]);
  expect(fields()).toEqual(['a', 'b', 'c', 'd']);
});

it('all who ask the same learn that the store failed', async () => {
  const { store, ask } = begin();
  const waiting = [ask(), ask()];
  await nextTurn();
  store.begun[0]!.fail(new Error('the store is away'));
  for (const each of waiting) await expect(each).rejects.toThrow('the store is away');
});

it('who leaves takes the answer from nobody else; when all have left, the store need not go on', async () => {
  const { store, ask, fields } = begin();
  const [first, second] = [new AbortController(), new AbortController()];
  const waiting = [ask('a', first.signal), ask('a', second.signal)];
  const other = ask('b');
  const queued = new AbortController();
  const inQueue = ask('c', queued.signal);
  await nextTurn();
  first.abort(new Error('gone'));
  queued.abort(new Error('gone, too'));
  await expect(waiting[0]).rejects.toThrow('gone');
  await expect(inQueue).rejects.toThrow('gone, too');
  expect(store.begun[0]!.signal.aborted).toBe(false);
  second.abort(new Error('gone as well'));
  await expect(waiting[1]).rejects.toThrow('gone as well');
  expect(store.begun[0]!.signal.aborted).toBe(true);

  const again = ask('a');
  await nextTurn();
  expect(fields()).toEqual(['a', 'b', 'a']);
  for (const each of store.begun) each.answer(false);
  await Promise.all([again, other]);
});
