import { encodeSamples } from '../../contract/codec.ts';
import type { Sample } from '../../contract/sample.ts';
import { storedGzip } from '../../contract/stored-gzip.ts';
import { toTables } from '../../contract/tables.ts';

/** Room for the header of a batch below what one may have (48 KiB). */
const MAX_TEXT_BYTES = 47 * 1024;

/** Bodies of batches as an agent has them on disk, but not compressed where they are small enough: that is half of the time of a day. */
export function plainBodies(samples: readonly Sample[]): readonly Buffer[] {
  const baseMs = samples.reduce((newest, { timeMs }) => Math.max(newest, timeMs), 0);
  const tables = toTables(samples, baseMs);
  if (tables !== undefined) {
    const text = JSON.stringify({ baseMs, tables }).slice(1);
    if (Buffer.byteLength(text) <= MAX_TEXT_BYTES) return [storedGzip(text)];
  }
  return encodeSamples(samples).bodies.map(({ bytes }) => bytes);
}
