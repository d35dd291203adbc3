/** Largest Gauge32: more than ifSpeed can state. */
const SATURATED = 0xffff_ffff;
/** Below this, ifHighSpeed in whole Mbit/s is too coarse. */
const COARSE_BELOW_MBPS = 20;
/** No line is slower, so that a smaller ifSpeed is not in bit/s. */
const SLOWEST_BPS = 1_000;
/** 1 Tbit/s. A port that fast has a saturated ifSpeed, so that an ifSpeed of the same figure proves bit/s. */
const EQUAL_FROM = 1e6;
/** 100 Tbit/s: no port is that fast. */
const IMPOSSIBLE_FROM = 1e8;

/**
 * Speed of a port in bit/s (IF-MIB, RFC 2863): ifHighSpeed is in Mbit/s, so slow lines are read from ifSpeed, which ends at
 * 4.29 Gbit/s. Some agents state bit/s in ifHighSpeed. undefined: not stated. Pure.
 */
export function speedBitsPerS({
  ifHighSpeed = 0,
  ifSpeed = 0,
}: {
  readonly ifHighSpeed: number | undefined;
  readonly ifSpeed: number | undefined;
}): number | undefined {
  const isTold = ifSpeed >= SLOWEST_BPS && ifSpeed < SATURATED;
  const isInBits = ifHighSpeed >= (ifHighSpeed === ifSpeed ? EQUAL_FROM : IMPOSSIBLE_FROM);
  if (isTold && (isInBits || ifHighSpeed < COARSE_BELOW_MBPS)) return ifSpeed;
  if (isInBits) return ifHighSpeed < SATURATED ? ifHighSpeed : undefined;
  return ifHighSpeed > 0 ? ifHighSpeed * 1e6 : undefined;
}
