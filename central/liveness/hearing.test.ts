import { describe, expect, it } from 'vitest';
import { Hearing, type HeardAgent } from './hearing.ts';
import { StallWatch } from './stall-watch.ts';

const MINUTE_MS = 60_000;

/** `agents` of which the first `silent` were heard `agoMs` before `nowMs`. */
function city(nowMs: number, agents: number, silent: number, agoMs = MINUTE_MS): HeardAgent[] {
  return Array.from({ length: agents }, (_, at) =>
    at < silent
      ? { heardAtMs: nowMs - agoMs, isLate: true, isSilent: true }
      : { heardAtMs: nowMs, isLate: false, isSilent: false },
  );
}

describe('the silence of nearly all agents at once', () => {
  it("is central's own, that of many is theirs", () => {
    expect(new Hearing().update(city(MINUTE_MS, 100, 90), MINUTE_MS, 0)).toBe(false);
    expect(new Hearing().update(city(MINUTE_MS, 100, 91), MINUTE_MS, 0)).toBe(true);
  });

  it('lasts until half of them are heard again, however long that takes', () => {
    const hearing = new Hearing();
    const deafs = [
      city(1_000_000, 100, 100),
      city(9_000_000, 100, 100, 8_100_000),
      city(9_001_000, 100, 60, 8_100_000),
      city(9_002_000, 100, 50, 8_100_000),
    ].map((agents, at) => hearing.update(agents, [1_000_000, 9_000_000, 9_001_000, 9_002_000][at]!, 0));
    expect(deafs).toEqual([true, true, true, false]);
  });

  it('is in doubt while nearly all are late, though only some are silent by now', () => {
    const hearing = new Hearing();
    const agents = city(MINUTE_MS, 100, 40).map((agent, at) => ({ ...agent, isLate: at < 91 }));
    expect(hearing.update(agents, MINUTE_MS, 0)).toBe(false);
    expect(hearing.isInDoubt).toBe(true);
    hearing.update(city(MINUTE_MS, 100, 40), MINUTE_MS, 0);
    expect(hearing.isInDoubt).toBe(false);
  });

  it('is not concluded while central has listened for less than a minute, and is in doubt until then', () => {
    const hearing = new Hearing();
    const startedAtMs = 10 * MINUTE_MS;
    const after = (ms: number): boolean =>
      hearing.update(city(startedAtMs + ms, 100, 100), startedAtMs + ms, startedAtMs);
    expect(after(1_000)).toBe(false);
    expect(hearing.isInDoubt).toBe(true);
    expect([after(59_999), after(60_000)]).toEqual([false, true]);
  });

  it('that is known already goes on when central begins to listen anew', () => {
    const hearing = new Hearing();
    hearing.update(city(2 * MINUTE_MS, 100, 100), 2 * MINUTE_MS, 0);
    const atMs = 3 * MINUTE_MS;
    expect(hearing.update(city(atMs, 100, 100), atMs, atMs)).toBe(true);
  });

  it('says nothing in a small installation, nor do agents that were lost long ago', () => {
    expect(new Hearing().update(city(MINUTE_MS, 9, 9), MINUTE_MS, 0)).toBe(false);
    const longAgo = city(99 * MINUTE_MS, 100, 95, 30 * MINUTE_MS);
    expect(new Hearing().update(longAgo, 99 * MINUTE_MS, 0)).toBe(false);
  });
});

it('a stall is a tick that comes late by seconds; small delays are none, and time goes on from the late tick', () => {
  const stalls = new StallWatch(1_000, 0);
  expect([1_000, 2_050, 6_000, 52_000, 53_000].map((atMs) => stalls.tick(atMs))).toEqual([
    0, 0, 0, 45_000, 0,
  ]);

  expect(stalls.totalMs).toBe(45_000);
});

it('a stall is told in whole milliseconds, though the monotonic clock has parts of them', () => {
  const stalls = new StallWatch(1_000, 0.25);
  expect(stalls.tick(8_201.639824999991)).toBe(7_201);
});
