import { setImmediate } from 'node:timers/promises';
import type { Sample } from '../../contract/sample.ts';
import type { OwnSamples } from '../samples/own-samples.ts';

/** Rows made, checked and judged at once: some 4 ms. */
const ROWS_AT_ONCE = 150;

/** Whatever waits comes first. Rejects when central stops. */
export async function nextTurn(signal: AbortSignal): Promise<void> {
  await setImmediate(undefined, { signal });
}

/** Writes them in pieces, each in a turn of its own, so that nothing else waits for all of them. */
export async function writeInSlices(
  own: OwnSamples,
  samples: Iterable<Sample>,
  signal: AbortSignal,
): Promise<void> {
  await nextTurn(signal);
  let slice: Sample[] = [];
  for (const sample of samples) {
    slice.push(sample);
    if (slice.length < ROWS_AT_ONCE) continue;
    own.write(slice);
    slice = [];
    await nextTurn(signal);
  }
  if (slice.length > 0) own.write(slice);
}
