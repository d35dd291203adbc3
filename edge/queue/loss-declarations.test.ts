import { describe, expect, it } from 'vitest';
import { LossBook, type QueueLoss } from './loss-declarations.ts';

function loss(from: number, to: number, reason: QueueLoss['reason'] = 'queue-full'): QueueLoss {
  return { from, to, points: 10 * (to - from + 1), fromMs: from, toMs: to, reason };
}

const emptyBook = (): LossBook => new LossBook({ lostBatches: 0, lostPoints: 0 });

describe('the book of losses', () => {
  it('joins what goes on without a gap for the same reason', () => {
    const book = emptyBook();
    book.lose(loss(1, 4));
    book.lose(loss(5, 9));
    book.lose(loss(10, 10, 'stuck'));
    expect(book.take()).toEqual([loss(1, 9), loss(10, 10, 'stuck')]);
    expect([book.lostBatches, book.lostPoints]).toEqual([10, 100]);
  });

  it('joins a loss that is declared again with the one that followed it', () => {
    const book = emptyBook();
    book.lose(loss(1, 4));
    book.take();
    book.declare(7);
    book.lose(loss(5, 9));
    book.reopen(7);
    expect(book.take()).toEqual([loss(1, 9)]);
  });

  it('keeps a declared loss until the declaration is acknowledged', () => {
    const book = emptyBook();
    book.lose(loss(1, 4));
    book.take();
    book.declare(20);
    expect(book.open()).toEqual([{ ...loss(1, 4), declaredBy: 20 }]);
    book.confirm(20);
    expect(book.open()).toEqual([]);
  });

  it('declares again what could not be written, and what came meanwhile after it', () => {
    const book = emptyBook();
    book.lose(loss(1, 4));
    book.take();
    book.lose(loss(5, 6));
    book.giveBack();
    expect(book.take()).toEqual([loss(1, 4), loss(5, 6)]);
  });

  it('declares again when the declaration itself is lost, without counting twice', () => {
    const book = emptyBook();
    book.lose(loss(1, 4));
    book.take();
    book.declare(20);
    book.reopen(20);
    expect(book.take()).toEqual([loss(1, 4)]);
    expect(book.lostBatches).toBe(4);
  });

  it('takes over saved losses: pending declarations stay, others are made again', () => {
    const book = new LossBook({ lostBatches: 9, lostPoints: 90 });
    const saved = [{ ...loss(1, 2), declaredBy: 20 }, { ...loss(4, 5), declaredBy: 21 }, loss(8, 9)];
    book.restore(saved, (seq) => seq === 21);
    expect(book.take()).toEqual([loss(1, 2), loss(8, 9)]);
    expect(book.lostBatches).toBe(9);
  });

  it('stays small under a rain of scattered losses, covering each of them', () => {
    const book = emptyBook();
    for (let seq = 1; seq <= 4_000; seq += 2) book.lose(loss(seq, seq));
    const open = book.open();
    expect(open.length).toBeLessThanOrEqual(512);
    expect([open[0]!.from, open.at(-1)!.to]).toEqual([1, 3_999]);
    expect(open.reduce((sum, { points }) => sum + points, 0)).toBe(20_000);
    expect(book.take().length).toBe(64);
  });
});
