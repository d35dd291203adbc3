import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../runtime/logger.ts';
import { ManualClock } from '../../../runtime/manual-clock.ts';
import { createBudgetRecord, openBudgetRecord, type BudgetRecord } from './budget-record.ts';

const NOW_MS = 1_800_000_000_000;
let directory: string;
let clock: ManualClock;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wardwatch-budget-'));
  clock = new ManualClock(NOW_MS);
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const file = () => join(directory, 'deeper', 'budget.json');
const open = (): BudgetRecord => openBudgetRecord(file(), { clock, log: silentLogger });

describe.each([
  ['in memory', () => createBudgetRecord(clock)],
  ['in a file', open],
])('the budget record %s', (_where, make) => {
  it('keeps the most a test may take until it is known what it took', () => {
    const record = make();
    expect(record.spent()).toEqual([]);
    const reservation = record.reserve(100);
    expect(record.spent()).toEqual([{ atMs: NOW_MS, bytes: 100 }]);
    reservation.recordSpent(30);
    expect(record.spent()).toEqual([{ atMs: NOW_MS, bytes: 30 }]);
    record.reserve(100).cancel();
    expect(record.spent()).toEqual([{ atMs: NOW_MS, bytes: 30 }]);
  });

  it('forgets what is older than 30 days', async () => {
    const record = make();
    record.reserve(1).recordSpent(1);
    await clock.advance(31 * 86_400_000);
    expect(record.spent()).toEqual([]);
  });
});

describe('the file', () => {
  it('tells the next agent what an unfinished test may have cost, and leaves nothing else behind', () => {
    open().reserve(100);
    expect(open().spent()).toEqual([{ atMs: NOW_MS, bytes: 100 }]);
    expect(readdirSync(join(directory, 'deeper'))).toEqual(['budget.json']);
  });

  it('dates what is from the future once, so that it grows old', async () => {
    open().reserve(100);
    clock = new ManualClock(NOW_MS - 3_600_000_000);
    expect(open().spent()).toEqual([{ atMs: NOW_MS - 3_600_000_000, bytes: 100 }]);
    await clock.advance(7_200_000);
    expect(open().spent()).toEqual([{ atMs: NOW_MS - 3_600_000_000, bytes: 100 }]);
  });

  it.each([
    '',
    '{"v":1,"spent":[{"atMs":',
    '{"v":2,"spent":[]}',
    '{"v":1,"spent":[{"atMs":-1,"bytes":1}]}',
    'x'.repeat(300_000),
  ])('that is damaged (%#) counts as a test just made', (text) => {
    open().reserve(1);
    writeFileSync(file(), text);
    expect(open().spent()).toEqual([{ atMs: NOW_MS, bytes: 0 }]);
  });
});
