import { expect, it } from 'vitest';
import { retentionLimitMs } from './retention-limit.ts';

const DAY_MS = 86_400_000;
const NOW = 1_800_000_000_000;
const agreed = { nowMs: NOW, newestMeasuredAtMs: NOW - 500, areClocksAgreed: true, retentionMs: 7 * DAY_MS };

it('never runs ahead of the data: a clock that is eight days ahead deletes nothing new', () => {
  expect(retentionLimitMs(agreed)).toBe(NOW - 500 - 7 * DAY_MS);
  expect(retentionLimitMs({ ...agreed, nowMs: NOW + 8 * DAY_MS })).toBe(NOW - 500 - 7 * DAY_MS);
  expect(retentionLimitMs({ ...agreed, newestMeasuredAtMs: NOW + 8 * DAY_MS })).toBe(NOW - 7 * DAY_MS);
});

it('deletes nothing while the clocks disagree, nor before anything new was stored', () => {
  expect(retentionLimitMs({ ...agreed, areClocksAgreed: false })).toBeUndefined();
  expect(retentionLimitMs({ ...agreed, newestMeasuredAtMs: undefined })).toBeUndefined();
});
