import { getHeapSpaceStatistics, getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Makes V8 collect garbage when the heap has grown by 30 % since the last collection, instead of about 100 %. For programs
 * with much transient data: batches that wait for a store live just long enough to be promoted to the old generation.
 * Measured at city load: 247 MiB instead of 363 at the peak, for 2 % of a core; an edge agent with 200 switches: 128 MiB
 * instead of 207.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--heap-growing-percent=30');
}

/**
 * What is left of a collection is at most 23 % with `keepHeapSmall`, so that more than this is holes: V8 puts pages together
 * only once they are more than 70 % empty.
 */
const HOLES_MAX = 0.4;
const HOLES_MIN_BYTES = 32 * 2 ** 20;

/** Whether so much of the old generation is holes that it is to be put together. */
export function isHollow(sizeBytes: number, usedBytes: number): boolean {
  const holes = sizeBytes - usedBytes;
  return holes > HOLES_MIN_BYTES && holes > HOLES_MAX * sizeBytes;
}

/**
 * To be called each minute or so. Lets V8 put the pages of its old generation together in its next collections where much of it is
 * holes. Not at all times: at city load that costs 4 to 5 % of a core, and gives 5 MiB.
 */
export function closeHeapHoles(): void {
  const old = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'old_space');
  const isWanted = old !== undefined && isHollow(old.space_size, old.space_used_size);
  setFlagsFromString(isWanted ? '--optimize-for-size' : '--no-optimize-for-size');
}

/**
 * Collects all garbage once, for a program that has just started: what only its start needed would stay for minutes otherwise,
 * because the limit of `keepHeapSmall` counts from the first collection. Takes some 20 ms.
 */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
}

/**
 * What V8's heap may take at most, before the process ends. Node derives it from the memory of the machine or of the control
 * group (systemd's MemoryMax, a container's limit): 0.5 GiB of 1 GiB.
 */
export function heapLimitBytes(): number {
  return getHeapStatistics().heap_size_limit;
}
