import { crc32 } from 'node:zlib';

/**
 * When a job runs, in ms after the scheduler's start: at once, then every interval, shifted by a hash of its name, so
 * that neither the jobs of one agent nor one job of many agents all run at the same time.
 */
export interface Slots {
  readonly intervalMs: number;
  readonly firstGapMs: number;
}

/** Pure. The gap after the first run is 0.5 to 1.5 intervals. */
export function slotsOf(key: string, intervalMs: number): Slots {
  return { intervalMs, firstGapMs: Math.floor(intervalMs / 2) + (crc32(key) % intervalMs) };
}

/** Pure. The first slot after `sinceStartMs`: slots missed during a long run or a suspend are skipped. */
export function nextSlotMs(slots: Slots, sinceStartMs: number): number {
  const { intervalMs, firstGapMs } = slots;
  if (sinceStartMs < firstGapMs) return firstGapMs;
  return firstGapMs + (Math.floor((sinceStartMs - firstGapMs) / intervalMs) + 1) * intervalMs;
}
