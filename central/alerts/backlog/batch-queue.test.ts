import { expect, it } from 'vitest';
import { batchOf } from '../testing/batches-and-rules.ts';
import { BatchQueue, type QueuedBatch } from './batch-queue.ts';

function queued(agent: string, seq: number, rows: number): QueuedBatch {
  const context = { receivedAtMs: 0, sentAtMs: 0, backfill: true };
  return { batch: batchOf({ agent, seq, rows: [] }), context, rows };
}

it('gives batches back in the order in which they came', () => {
  const queue = new BatchQueue({ maxRows: 100, maxRowsPerAgent: 100 });
  for (let seq = 1; seq <= 5; seq++) queue.add(queued('agent-1', seq, 10));
  expect([queue.take()?.batch.seq, queue.take()?.batch.seq]).toEqual([1, 2]);
  queue.add(queued('agent-2', 6, 10));
  expect(Array.from({ length: 5 }, () => queue.take()?.batch.seq)).toEqual([3, 4, 5, 6, undefined]);
  expect([queue.rows, queue.has('agent-1')]).toEqual([0, false]);
});

it('has a limit for all, and one for each agent', () => {
  const queue = new BatchQueue({ maxRows: 50, maxRowsPerAgent: 30 });
  expect([queue.add(queued('agent-1', 1, 30)), queue.add(queued('agent-1', 2, 1))]).toEqual([true, false]);
  expect([queue.add(queued('agent-2', 1, 20)), queue.add(queued('agent-3', 1, 1))]).toEqual([true, false]);
  queue.take();
  expect([queue.has('agent-1'), queue.has('agent-2'), queue.rows]).toEqual([false, true, 20]);
  expect(queue.add(queued('agent-1', 2, 1))).toBe(true);
});
