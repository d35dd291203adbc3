import type { Clock } from '../../../runtime/clock.ts';
import { TokenBucket } from '../../../runtime/token-bucket.ts';

/** Takes bytes; returns the wait before the next ones may be sent, ms. */
export type Pace = (bytes: number) => number;

/** A burst is a twentieth of a second. */
const BURSTS_PER_S = 20;

/** One line shared by all callers; undefined: unlimited. */
export function createPace(bitsPerSecond: number | undefined, clock: Clock): Pace {
  if (bitsPerSecond === undefined) return () => 0;
  const bytesPerS = bitsPerSecond / 8;
  const bucket = new TokenBucket(
    { capacity: bytesPerS / BURSTS_PER_S, refillPerS: bytesPerS },
    clock.monotonicMs(),
  );
  return (bytes) => bucket.take(bytes, clock.monotonicMs());
}
