import { expect, it } from 'vitest';
import { ClockOffset } from './clock-offset.ts';

it('takes the smallest transit of the last minutes as the clock offset, and forgets older ones', () => {
  const offset = new ClockOffset();
  const record = (transitMs: number, atMs: number): void => offset.record(atMs - transitMs, atMs);
  expect(offset.valueMs).toBeUndefined();
  record(40, 0);
  record(900, 1_000);
  expect(offset.valueMs).toBe(40);
  record(300, 150_000);
  expect(offset.valueMs).toBe(40);
  record(200, 300_000);
  expect(offset.valueMs).toBe(200);
  record(5_000, 900_000);
  expect(offset.valueMs).toBe(5_000);
});

it('is negative for an agent whose clock is ahead', () => {
  const offset = new ClockOffset();
  offset.record(10_000, 4_000);
  expect(offset.valueMs).toBe(-6_000);
});

it('follows a clock that is set forward or back with the next message, and corrects only what transit cannot be', () => {
  const offset = new ClockOffset();
  const corrections = [
    [0, 40],
    [10_000, 10_040],
    [3_620_000, 20_040],
    [30_000, 30_040],
    [-3_560_000, 40_040],
    [-3_550_000, 51_000],
  ].map(([sentAtMs = 0, receivedAtMs = 0]) => {
    offset.record(sentAtMs, receivedAtMs);
    return offset.correctionMs;
  });
  expect(corrections).toEqual([0, 0, -3_599_960, 0, 3_600_040, 3_600_040]);
});

it("is moved with central's time", () => {
  const offset = new ClockOffset();
  offset.record(1_000, 1_040);
  offset.shift(3_600_000);
  expect(offset.valueMs).toBe(3_600_040);
});
