import { describe, expect, it } from 'vitest';
import { KnobStore } from '../testing/knob-store.ts';
import type { PendingBatch } from './pending-batch.ts';
import { WriteBuffer } from './write-buffer.ts';

function pending(seq: number, more: Partial<PendingBatch> = {}): PendingBatch {
  return {
    key: `gw-1 e ${seq}`,
    agent: 'gw-1',
    epoch: 'e',
    seq,
    lowest: 1,
    backfill: false,
    receivedAtMs: seq,
    sentAtMs: 0,
    measuredAtMs: 0,
    timesMoved: false,
    prepared: new KnobStore().prepare({ agent: 'gw-1', epoch: 'e', seq, tables: [] }),
    points: 100,
    values: 100,
    bytes: 1_000,
    refusedRows: [],
    refusedPoints: 0,
    losses: [],
    keptBy: 'sender',
    ...more,
  };
}

function bufferOf(...batches: PendingBatch[]): WriteBuffer {
  const buffer = new WriteBuffer(10_000);
  for (const batch of batches) buffer.add(batch);
  return buffer;
}

function seqs(batches: readonly PendingBatch[]): number[] {
  return batches.map((batch) => batch.seq);
}

describe('the write buffer', () => {
  it('returns live batches before backfill, in order, up to a number of points', () => {
    const buffer = bufferOf(pending(1, { backfill: true }), pending(8), pending(9));
    expect(seqs(buffer.take(200))).toEqual([8, 9]);
    expect(seqs(buffer.take(200))).toEqual([1]);
    expect(buffer.take(200)).toEqual([]);
  });

  it('returns a batch alone that is larger than the group', () => {
    const buffer = bufferOf(pending(1, { points: 900 }), pending(2));
    expect(seqs(buffer.take(500))).toEqual([1]);
    expect(buffer.waitingPoints).toBe(100);
  });

  it('never takes a small backfill batch before live batches that wait', () => {
    const buffer = bufferOf(pending(8), pending(9), pending(1, { backfill: true, points: 1 }));
    expect(seqs(buffer.take(150))).toEqual([8]);
  });

  it('counts what is being written until it is released, and requeues it at the front', () => {
    const buffer = bufferOf(pending(1), pending(2));
    const group = buffer.take(100);
    expect(buffer).toMatchObject({ bytes: 2_000, heldBatches: 2, waitingBatches: 1, waitingPoints: 100 });
    expect(buffer.has('gw-1 e 1')).toBe(true);
    buffer.requeue(group);
    expect(buffer.oldestReceivedAtMs).toBe(1);
    const all = buffer.take(1_000);
    expect(seqs(all)).toEqual([1, 2]);
    buffer.release(all);
    expect(buffer).toMatchObject({ bytes: 0, heldBatches: 0, oldestReceivedAtMs: undefined });
    expect(buffer.has('gw-1 e 1')).toBe(false);
  });

  it('takes batches of agents in turn, so that none waits for all of another', () => {
    const other = { agent: 'gw-2', key: 'gw-2 e 9' };
    const buffer = bufferOf(pending(1), pending(2), pending(3), pending(9, other));
    expect(seqs(buffer.take(200))).toEqual([1, 9]);
  });

  it('writes of one agent only a part while others are there, so that these wait for small writes', () => {
    const small = { points: 10 };
    const other = { agent: 'gw-2', key: 'gw-2 e 9', ...small };
    const backfill = { agent: 'gw-3', key: 'gw-3 e 8', backfill: true, ...small };
    const flood = Array.from({ length: 9 }, (_, at) =>
      pending(at + 10, { key: `gw-1 e ${at + 10}`, ...small }),
    );
    const buffer = bufferOf(...flood, pending(9, other), pending(8, backfill));
    const first = buffer.take(160);
    expect(seqs(first)).toEqual([10, 9, 11, 8]);
    buffer.release(first);
    // Alone again.
    expect(seqs(buffer.take(160))).toEqual([12, 13, 14, 15, 16, 17, 18]);
    expect(buffer.waitingPoints).toBe(0);
  });

  it('above half has room for an agent only up to its share', () => {
    const buffer = bufferOf(pending(1, { bytes: 4_000 }));
    expect(buffer.isFullFor('gw-1')).toBe(false);
    const other = pending(2, { agent: 'gw-2', key: 'gw-2 e 2', bytes: 1_000 });
    buffer.add(other);
    expect([buffer.isFullFor('gw-1'), buffer.isFullFor('gw-2')]).toEqual([true, false]);
    buffer.release([other]);
    expect(buffer.isFullFor('gw-1')).toBe(false);
  });

  it('is full at its limit', () => {
    expect(bufferOf(pending(1, { bytes: 9_999 })).isFull()).toBe(false);
    expect(bufferOf(pending(1, { bytes: 10_000 })).isFull()).toBe(true);
  });
});
