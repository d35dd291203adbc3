import { describe, expect, it } from 'vitest';
import { nextUptime, ticksBetween, uptimeSeconds, WRAP_TICKS } from './uptime.ts';

const DAY_TICKS = 86_400 * 100;
const MINUTE_TICKS = 60 * 100;

/** After two readings, `minutes` apart. */
const after = (beforeTicks: number, ticks: number, minutes = 1) =>
  nextUptime({ ticks: beforeTicks, wraps: 0, atMs: 0 }, ticks, minutes * 60_000);

describe('the uptime of a device', () => {
  it('goes on where sysUpTime starts again at 0 after 497 days', () => {
    const { uptime, hasRestarted } = after(WRAP_TICKS - 2_000, 4_000);
    expect(hasRestarted).toBe(false);
    expect(uptime.wraps).toBe(1);
    expect(uptimeSeconds(uptime)).toBe(Math.floor((WRAP_TICKS + 4_000) / 100));
    const next = nextUptime(uptime, 10_000, 120_000);
    expect(uptimeSeconds(next.uptime)).toBe(Math.floor((WRAP_TICKS + 10_000) / 100));
  });

  it('goes on over a wrap that nobody saw because the line was down', () => {
    expect(after(WRAP_TICKS - 60 * MINUTE_TICKS, 540 * MINUTE_TICKS, 600).uptime.wraps).toBe(1);
  });

  it('starts anew at a restart: after days, minutes, and just before the wrap but far from our clock', () => {
    for (const [before, ticks, minutes] of [
      [300 * DAY_TICKS, 2_000, 1],
      [2_000, 2_500, 1],
      [WRAP_TICKS - DAY_TICKS, 2_000, 1],
      [WRAP_TICKS - 10 * DAY_TICKS, 5 * DAY_TICKS, 1],
    ] as const) {
      const { uptime, hasRestarted } = after(before, ticks, minutes);
      expect(hasRestarted).toBe(true);
      expect(uptimeSeconds(uptime)).toBe(Math.floor(ticks / 100));
    }
  });

  it('simply grows otherwise, however the poll is late', () => {
    expect(after(1_000, 7_000)).toMatchObject({ hasRestarted: false, uptime: { wraps: 0 } });
    expect(after(1_000, 4_600)).toMatchObject({ hasRestarted: false });
  });
});

it('counts the ticks between two readings over a wrap, but not over a restart', () => {
  expect(ticksBetween(1_000, 7_000, MINUTE_TICKS)).toBe(6_000);
  expect(ticksBetween(WRAP_TICKS - 1_000, 2_000, MINUTE_TICKS)).toBe(3_000);
  expect(ticksBetween(300 * DAY_TICKS, 2_000, MINUTE_TICKS)).toBeUndefined();
});
