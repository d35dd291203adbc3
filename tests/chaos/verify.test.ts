import { describe, expect, it } from 'vitest';
import type { JournalLine } from './journal.ts';
import { samplesOfStep } from './load.ts';
import { verify, type StoredPoint } from './verify.ts';

const AGENT = 'chaos-000';
const journalOf = (...counts: number[]): JournalLine[] =>
  counts.flatMap((count): JournalLine[] => [
    { kind: 'taken', agent: AGENT, count, timeMs: 1_000 + count },
    { kind: 'durable', agent: AGENT, count, seq: count },
  ]);
const storedOf = (...counts: number[]): StoredPoint[] =>
  counts.flatMap((count) =>
    samplesOfStep(AGENT, count, 1_000 + count).map((sample) => ({
      agent: AGENT,
      device: sample.tags['device']!,
      timeMs: sample.timeMs,
      value: count,
    })),
  );

describe('the judge of a chaos run', () => {
  it('is content when all that was durable is stored once', () => {
    expect(verify(journalOf(1, 2), storedOf(1, 2), [], [])).toMatchObject({ storedPoints: 10, problems: [] });
  });

  it('sees one lost batch, one lost series, one double, one invented', () => {
    const all = storedOf(1, 2);
    expect(verify(journalOf(1, 2), storedOf(1), [], []).problems[0]).toMatch(/step 2 \(seq 2\) was durable/);
    expect(verify(journalOf(1, 2), all.slice(1), [], []).problems[0]).toMatch(/step 1 has 4 of 5 series/);
    expect(verify(journalOf(1, 2), [...all, all[0]!], [], []).problems[0]).toMatch(/stored twice/);
    expect(verify(journalOf(1), all, [], []).problems[0]).toMatch(/never taken/);
  });

  it('takes a declared loss for an answer, and a silent hole in the ledger for none', () => {
    const entry = { agent: AGENT, declaredLost: [[2, 2]] as const, missing: [] as const, lostPoints: 5 };
    expect(verify(journalOf(1, 2), storedOf(1), [entry], [])).toMatchObject({
      declaredLostPoints: 5,
      problems: [],
    });
    const silent = { ...entry, missing: [[7, 8]] as const };
    expect(verify(journalOf(1, 2), storedOf(1), [silent], []).problems[0]).toMatch(/lost without a word/);
  });

  it('does not ask for a batch that was killed before it was durable', () => {
    const journal = [...journalOf(1), { kind: 'taken', agent: AGENT, count: 2, timeMs: 1_002 } as const];
    expect(verify(journal, storedOf(1), [], []).problems).toEqual([]);
    expect(verify(journal, storedOf(1, 2), [], []).problems).toEqual([]);
  });

  it('sees an alert that fired twice for one breach', () => {
    const alert = { entity: 'n0', startedAtMs: 5 };
    expect(verify([], [], [], [alert, alert]).problems[0]).toMatch(/fired twice/);
  });
});
