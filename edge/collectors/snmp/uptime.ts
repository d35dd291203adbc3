/** sysUpTime (RFC 3418) is in 1/100 s and starts again at 0 after 497 days, without a restart. */
export const WRAP_TICKS = 2 ** 32;
const TICKS_PER_S = 100;
/** How far two clocks may drift apart between two polls, beside half of the time that passed. */
const TOLERANCE_S = 60;

/** A device's uptime at one poll. */
export interface Uptime {
  /** sysUpTime. */
  readonly ticks: number;
  /** How often it started again at 0 while we watched. */
  readonly wraps: number;
  /** By our clock, which does not go back. */
  readonly atMs: number;
}

export interface NextUptime {
  readonly uptime: Uptime;
  /** The device restarted in between: its counters did, too. */
  readonly hasRestarted: boolean;
}

/**
 * The uptime after another reading of sysUpTime. It goes back at a restart and at its wrap: that was a wrap if by our own
 * clock it is as much further as it should be. It restarted also if it has grown by far less than the time that passed, as
 * when a device restarts soon after a restart. Pure.
 */
export function nextUptime(before: Uptime | undefined, ticks: number, atMs: number): NextUptime {
  if (before === undefined) return { uptime: { ticks, wraps: 0, atMs }, hasRestarted: false };
  const passedS = (atMs - before.atMs) / 1_000;
  const grownS = (ticks - before.ticks) / TICKS_PER_S;
  if (grownS >= passedS / 2 - 1) return { uptime: { ticks, wraps: before.wraps, atMs }, hasRestarted: false };
  const overWrapS = grownS + WRAP_TICKS / TICKS_PER_S;
  const isWrap = grownS < 0 && Math.abs(overWrapS - passedS) <= passedS / 2 + TOLERANCE_S;
  return { uptime: { ticks, wraps: isWrap ? before.wraps + 1 : 0, atMs }, hasRestarted: !isWrap };
}

/** Whole seconds. Pure. */
export function uptimeSeconds({ ticks, wraps }: Uptime): number {
  return Math.floor((wraps * WRAP_TICKS + ticks) / TICKS_PER_S);
}

/**
 * How many ticks lie between two readings; over a wrap only if they are at most `mostTicks`, as a restart would look like a
 * long time. undefined: the device restarted. Pure.
 */
export function ticksBetween(before: number, now: number, mostTicks: number): number | undefined {
  if (now >= before) return now - before;
  const overWrap = now - before + WRAP_TICKS;
  return overWrap <= mostTicks ? overWrap : undefined;
}
