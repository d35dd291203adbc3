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
