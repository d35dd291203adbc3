import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Loss } from '../../contract/batch.ts';
import { contains, countIn } from './intervals.ts';
import {
  addStored,
  completenessOf,
  EMPTY_STATE,
  MAX_RANGES,
  raiseLowest,
  toEntry,
  type LedgerEntryState,
} from './ledger-entry-state.ts';
import type { StoredBatch } from './ledger.ts';

function batch(seq: number, more: Partial<StoredBatch> = {}): StoredBatch {
  return {
    agent: 'gw-1',
    epoch: 'abcdefgh',
    seq,
    lowest: 1,
    measuredAtMs: 0,
    storedPoints: 10,
    refusedPoints: 0,
    losses: [],
    ...more,
  };
}

function loss(from: number, to: number, points = 100): Loss {
  return { from, to, points, fromMs: 0, toMs: 1, reason: 'queue-full' };
}

function stateAfter(batches: readonly StoredBatch[]): LedgerEntryState {
  return batches.reduce((before, each) => addStored(before, each, 5), EMPTY_STATE);
}

function entryAfter(batches: readonly StoredBatch[]): ReturnType<typeof toEntry> {
  return toEntry('gw-1', 'abcdefgh', stateAfter(batches));
}

describe('the state of a ledger entry', () => {
  it('awaits a hole above lowest and calls it missing once the agent no longer holds it', () => {
    const before = entryAfter([batch(1), batch(4)]);
    expect(before).toMatchObject({ missing: [], awaited: [[2, 3]], completeness: 1 });
    const after = entryAfter([batch(1), batch(4, { lowest: 4 })]);
    expect(after).toMatchObject({ missing: [[2, 3]], awaited: [], completeness: 0.5 });
  });

  it('moves a late arrival from missing to stored', () => {
    const entry = entryAfter([batch(4, { lowest: 4 }), batch(2)]);
    expect(entry.missing).toEqual([
      [1, 1],
      [3, 3],
    ]);
    expect(entry.stored).toEqual([
      [2, 2],
      [4, 4],
    ]);
  });

  it('takes a declared loss out of what is missing, and counts it once', () => {
    const declares = batch(9, { lowest: 9, losses: [loss(1, 8)] });
    const entry = entryAfter([declares, batch(10, { lowest: 9, losses: [loss(1, 8)] })]);
    expect(entry).toMatchObject({ missing: [], declaredLost: [[1, 8]], lostPoints: 100 });
    expect(entry.completeness).toBeCloseTo(0.2);
  });

  it('does not call lost what is stored, nor keep lost what arrives after all', () => {
    const stored = entryAfter([batch(1), batch(2), batch(5, { losses: [loss(1, 4, 40)] })]);
    expect(stored).toMatchObject({ declaredLost: [[3, 4]], lostPoints: 20 });
    const healed = entryAfter([batch(5, { losses: [loss(1, 4)] }), batch(3)]);
    expect(healed.declaredLost).toEqual([
      [1, 2],
      [4, 4],
    ]);
  });

  it('stays readable after a declaration beyond all bounds that an earlier version took', () => {
    const poisoned = [0, 1, 2].map((index) =>
      batch(10 + index, { losses: [loss(index + 1, index + 1, Number.MAX_SAFE_INTEGER)] }),
    );
    expect(entryAfter(poisoned).lostPoints).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('ignores a lowest above the batch that carries it, and one that goes back', () => {
    expect(entryAfter([batch(1), batch(2, { lowest: 900 })]).lowest).toBe(2);
    expect(raiseLowest({ ...EMPTY_STATE, lowest: 7 }, 3).lowest).toBe(7);
  });

  it('accounts for every seq exactly once, in any order of arrival', () => {
    const arrivals = fc.uniqueArray(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(arrivals, fc.integer({ min: 1, max: 50 }), (seqs, lossTo) => {
        const entry = entryAfter(
          seqs.map((seq, index) => batch(seq, index === 0 ? { lowest: seq, losses: [loss(1, lossTo)] } : {})),
        );
        for (let seq = 1; seq <= entry.highest; seq++) {
          const kinds = [entry.stored, entry.declaredLost, entry.missing, entry.awaited];
          expect(kinds.filter((ranges) => contains(ranges, seq))).toHaveLength(1);
        }
        expect(countIn(entry.stored)).toBe(new Set(seqs).size);
      }),
    );
  });

  it('stays small when an agent sends only every other batch, and still names the holes as missing', () => {
    const sent = Array.from({ length: MAX_RANGES + 10 }, (_, index) => batch(index * 2 + 1));
    const entry = entryAfter(sent);
    expect(entry.stored.length).toBeLessThanOrEqual(MAX_RANGES);
    expect(entry.foldedBelow).toBeGreaterThan(1);
    const foldedHoles = (entry.foldedBelow - 1) / 2;
    expect(entry.completeness).toBeCloseTo(sent.length / (sent.length + foldedHoles), 10);
  });

  it('counts for the completeness of several by its batches, folded ones included', () => {
    const folded = Array.from({ length: MAX_RANGES + 10 }, (_, index) => batch(index * 2 + 1));
    const foldedHoles = (entryAfter(folded).foldedBelow - 1) / 2;
    const whole = stateAfter([batch(1), batch(2)]);
    const stored = folded.length + 2;
    expect(completenessOf([stateAfter(folded), whole])).toBeCloseTo(stored / (stored + foldedHoles), 10);
    expect(completenessOf([whole])).toBe(1);
    expect(completenessOf([EMPTY_STATE])).toBeUndefined();
    expect(completenessOf([])).toBeUndefined();
  });
});
