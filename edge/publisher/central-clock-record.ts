import { join } from 'node:path';
import { z } from 'zod';
import { readRecord } from '../../runtime/record-file.ts';

const schema = z.strictObject({
  v: z.literal(1),
  offsetMs: z.number(),
  errorMs: z.number(),
  /** Unix time of this machine. */
  atMs: z.number(),
});
const MAX_BYTES = 1_024;

/** What a running agent measured, for the doctor, which is another process. */
export type ClockRecord = Omit<z.infer<typeof schema>, 'v'>;

export function centralClockFile(dataDirectory: string): string {
  return join(dataDirectory, 'central-clock.json');
}

/** undefined: there is none, or it cannot be read. */
export function readClockRecord(dataDirectory: string): ClockRecord | undefined {
  try {
    return readRecord(centralClockFile(dataDirectory), schema, MAX_BYTES);
  } catch {
    return undefined;
  }
}
