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

describe('the verification of a chaos run', () => {
  it('finds no problem when everything durable is stored once', () => {
    expect(verify(journalOf(1, 2), storedOf(1, 2), [], [])).toMatchObject({ storedPoints: 10, problems: [] });
  });

  it('finds a lost batch, a lost series, a step stored twice and one never taken', () => {
    const all = storedOf(1, 2);
    expect(verify(journalOf(1, 2), storedOf(1), [], []).problems[0]).toMatch(/step 2 \(seq 2\) was durable/);
    expect(verify(journalOf(1, 2), all.slice(1), [], []).problems[0]).toMatch(/step 1 has 4 of 5 series/);
    expect(verify(journalOf(1, 2), [...all, all[0]!], [], []).problems[0]).toMatch(/stored twice/);
    expect(verify(journalOf(1), all, [], []).problems[0]).toMatch(/never taken/);
  });

  it('accepts a declared loss, but not missing batches in the ledger', () => {
    const entry = { agent: AGENT, declaredLost: [[2, 2]] as const, missing: [] as const, lostPoints: 5 };
    expect(verify(journalOf(1, 2), storedOf(1), [entry], [])).toMatchObject({
      declaredLostPoints: 5,
      problems: [],
    });
    const undeclared = { ...entry, missing: [[7, 8]] as const };
    expect(verify(journalOf(1, 2), storedOf(1), [undeclared], []).problems[0]).toMatch(
      /lost without a declaration/,
    );
  });

  it('does not expect a step that was not durable when its process was killed', () => {
    const journal = [...journalOf(1), { kind: 'taken', agent: AGENT, count: 2, timeMs: 1_002 } as const];
    expect(verify(journal, storedOf(1), [], []).problems).toEqual([]);
    expect(verify(journal, storedOf(1, 2), [], []).problems).toEqual([]);
  });

  it('finds an alert that fired twice for one breach', () => {
    const alert = { entity: 'n0', startedAtMs: 5 };
    expect(verify([], [], [], [alert, alert]).problems[0]).toMatch(/fired twice/);
  });
});
