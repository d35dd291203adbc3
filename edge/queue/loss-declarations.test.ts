import { describe, expect, it } from 'vitest';
import { LossDeclarations, type QueueLoss } from './loss-declarations.ts';

function loss(from: number, to: number, reason: QueueLoss['reason'] = 'queue-full'): QueueLoss {
  return { from, to, points: 10 * (to - from + 1), fromMs: from, toMs: to, reason };
}

const noLosses = (): LossDeclarations => new LossDeclarations({ lostBatches: 0, lostPoints: 0 });

describe('the declarations of losses', () => {
  it('merges losses without a gap and for the same reason', () => {
    const losses = noLosses();
    losses.record(loss(1, 4));
    losses.record(loss(5, 9));
    losses.record(loss(10, 10, 'stuck'));
    expect(losses.takeUndeclared()).toEqual([loss(1, 9), loss(10, 10, 'stuck')]);
    expect([losses.lostBatches, losses.lostPoints]).toEqual([10, 100]);
  });

  it('merges a loss that is declared again with the one that followed it', () => {
    const losses = noLosses();
    losses.record(loss(1, 4));
    losses.takeUndeclared();
    losses.markDeclared(7);
    losses.record(loss(5, 9));
    losses.redeclare(7);
    expect(losses.takeUndeclared()).toEqual([loss(1, 9)]);
  });

  it('keeps a declared loss until the declaration is acknowledged', () => {
    const losses = noLosses();
    losses.record(loss(1, 4));
    losses.takeUndeclared();
    losses.markDeclared(20);
    expect(losses.unacknowledged()).toEqual([{ ...loss(1, 4), declaredBy: 20 }]);
    losses.markAcknowledged(20);
    expect(losses.unacknowledged()).toEqual([]);
  });

  it('declares again what could not be written, followed by later losses', () => {
    const losses = noLosses();
    losses.record(loss(1, 4));
    losses.takeUndeclared();
    losses.record(loss(5, 6));
    losses.returnTaken();
    expect(losses.takeUndeclared()).toEqual([loss(1, 4), loss(5, 6)]);
  });

  it('declares again when the declaration itself is lost, without counting twice', () => {
    const losses = noLosses();
    losses.record(loss(1, 4));
    losses.takeUndeclared();
    losses.markDeclared(20);
    losses.redeclare(20);
    expect(losses.takeUndeclared()).toEqual([loss(1, 4)]);
    expect(losses.lostBatches).toBe(4);
  });

  it('restores saved losses: pending declarations stay, others are made again', () => {
    const losses = new LossDeclarations({ lostBatches: 9, lostPoints: 90 });
    const saved = [{ ...loss(1, 2), declaredBy: 20 }, { ...loss(4, 5), declaredBy: 21 }, loss(8, 9)];
    losses.restore(saved, (seq) => seq === 21);
    expect(losses.takeUndeclared()).toEqual([loss(1, 2), loss(8, 9)]);
    expect(losses.lostBatches).toBe(9);
  });

  it('stays small with thousands of scattered losses, and covers each of them', () => {
    const losses = noLosses();
    for (let seq = 1; seq <= 4_000; seq += 2) losses.record(loss(seq, seq));
    const open = losses.unacknowledged();
    expect(open.length).toBeLessThanOrEqual(512);
    expect([open[0]!.from, open.at(-1)!.to]).toEqual([1, 3_999]);
    expect(open.reduce((sum, { points }) => sum + points, 0)).toBe(20_000);
    expect(losses.takeUndeclared().length).toBe(64);
  });
});
