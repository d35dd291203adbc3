import { expect, it } from 'vitest';
import { RequestTurns } from './request-turns.ts';

it('between two requests that came together everything else has its turn', async () => {
  const turns = new RequestTurns();
  const done: string[] = [];
  const requests = ['a', 'b', 'c'].map(async (name) => {
    await turns.take();
    done.push(name);
  });
  // What ingest does with messages that wait.
  let messages = 0;
  const ingest = (): void => {
    done.push(`message ${++messages}`);
    if (messages < 3) setImmediate(ingest);
  };
  setImmediate(ingest);
  await Promise.all(requests);
  expect(done).toEqual(['a', 'message 1', 'b', 'message 2', 'c']);
});

it('a request that comes alone waits for nobody, also after others', async () => {
  const turns = new RequestTurns();
  await turns.take();
  await Promise.all([turns.take(), turns.take()]);
  await turns.take();
});
