import { setFlagsFromString } from 'node:v8';

/**
 * Makes V8 clean up when the heap is a third above what was alive after the last time; by itself it waits until the heap
 * has about doubled. For a program through which much data passes: batches that wait for a store are old enough to be
 * promoted and dead a moment later. Measured at city load: 247 MiB instead of 363 at the peak, for 2 % of a core; an edge
 * agent with 200 switches: 128 MiB instead of 207.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--heap-growing-percent=30');
}
