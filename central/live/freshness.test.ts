import { expect, it } from 'vitest';
import { Freshness } from './freshness.ts';
import { LatestRows } from './latest-rows.ts';

const BEAT_MS = 10_000;
const HOUR_MS = 3_600_000;

function rowAt(...timesMs: readonly number[]) {
  const rows = new LatestRows(['in_bps']);
  const row = rows.add();
  for (const timeMs of timesMs) rows.update(row, timeMs, [1]);
  const newest = { timeMs: rows.timeMsOf(row), paceMs: rows.paceMsOf(row) };
  return (agoMs: number): boolean =>
    new Freshness(
      { get: () => ({ phase: 'live', intervalMs: BEAT_MS }), clockCorrectionOf: () => 0 },
      newest.timeMs + agoMs,
    ).isCurrent('gw-1', newest);
}

const steady = (everyMs: number): number[] => Array.from({ length: 60 }, (_, at) => at * everyMs);

it('a device that was down for hours, answers once and is down again is not current for hours', () => {
  const isCurrent = rowAt(...steady(BEAT_MS), 2 * HOUR_MS);
  expect([isCurrent(BEAT_MS), isCurrent(5 * 60_000)]).toEqual([true, false]);
});

it('one row from the future does not make what comes after it current for hours', () => {
  const isCurrent = rowAt(...steady(BEAT_MS), 48 * HOUR_MS, 60 * BEAT_MS);
  expect([isCurrent(BEAT_MS), isCurrent(10 * 60_000)]).toEqual([true, false]);
  const isCurrentFromFirst = rowAt(48 * HOUR_MS, 0, BEAT_MS);
  expect([isCurrentFromFirst(BEAT_MS), isCurrentFromFirst(10 * 60_000)]).toEqual([true, false]);
});

it('what is measured less often than its agent sends is current for three of its own intervals', () => {
  const isCurrent = rowAt(...steady(HOUR_MS));
  expect([isCurrent(3 * HOUR_MS), isCurrent(3 * HOUR_MS + 1)]).toEqual([true, false]);
});
