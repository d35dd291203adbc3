import type { Clock } from '../../../runtime/clock.ts';
import { TokenBucket } from '../../../runtime/token-bucket.ts';

/** Says how long to wait, ms, before more bytes may follow those that are taken now. */
export type Pace = (bytes: number) => number;

/** Bursts of a twentieth of a second. */
const BURSTS_PER_S = 20;

/** One line shared by all who take from it; undefined: as fast as it goes. */
export function createPace(bitsPerSecond: number | undefined, clock: Clock): Pace {
  if (bitsPerSecond === undefined) return () => 0;
  const bytesPerS = bitsPerSecond / 8;
  const bucket = new TokenBucket(
    { capacity: bytesPerS / BURSTS_PER_S, refillPerS: bytesPerS },
    clock.monotonicMs(),
  );
  return (bytes) => bucket.take(bytes, clock.monotonicMs());
}
