import { ticksBetween } from './uptime.ts';

/** A counter as read from a device. */
export interface Count {
  readonly value: bigint;
  readonly bits: 32 | 64;
  /** sysUpTime at that moment, 1/100 s. */
  readonly ticks: number;
}

export interface Increase {
  readonly by: bigint;
  readonly seconds: number;
}

/** Limit of a counter's growth. */
export interface Bound {
  /** Most growth per second by the speed of the line; undefined: unknown. */
  readonly perSecond: number | undefined;
  /**
   * `traffic`: it may grow at line speed, so that a 32-bit counter may have wrapped several times and is not used then.
   * `faults`: far slower, so that it wraps at most once between two polls.
   */
  readonly kind: 'traffic' | 'faults';
}

const TICKS_PER_S = 100;
const WRAP_32 = 2 ** 32;
/** The longest time between two readings over which sysUpTime may wrap: longer looks like a restart. */
const MOST_TICKS_OVER_WRAP = 3_600 * TICKS_PER_S;

/**
 * How much a counter grew between two readings by the device's own clock (RFC 2863, 3.1.5 and 3.1.6). Pure. undefined:
 * unknown, because the device restarted, the counter was reset or replaced, it may have wrapped more than once, or the
 * line cannot carry that much. A wrap is no decrease; any other decrease is a reset.
 */
export function increase(before: Count, now: Count, bound: Bound): Increase | undefined {
  const seconds = (ticksBetween(before.ticks, now.ticks, MOST_TICKS_OVER_WRAP) ?? 0) / TICKS_PER_S;
  if (seconds <= 0 || before.bits !== now.bits) return undefined;
  const most = bound.perSecond === undefined ? undefined : bound.perSecond * seconds;
  const isWrapSure = most !== undefined && (now.bits === 64 || most < WRAP_32);
  if (!isWrapSure && now.bits === 32 && bound.kind === 'traffic') return undefined;
  if (!isWrapSure && now.value < before.value) return undefined;
  const by = BigInt.asUintN(now.bits, now.value - before.value);
  if (most !== undefined && by > BigInt(Math.ceil(most))) return undefined;
  return { by, seconds };
}

/** In units a second. */
export function rate({ by, seconds }: Increase): number {
  return Number(by) / seconds;
}
