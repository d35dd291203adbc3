import { z } from 'zod';
import type { Logger } from '../../../runtime/logger.ts';
import { readRecord, writeRecord } from '../../../runtime/record-file.ts';
import type { Held } from './held-states.ts';
import { MAX_SENSORS } from './last-seen.ts';

/** Held states, kept through a restart of the agent: the sensor sent them once, and the broker has our acknowledgement. */
export interface HeldStatesRecord {
  read(): readonly Held[];
  /** Never throws: failures are logged. */
  write(held: readonly Held[]): void;
}

export const noHeldStatesRecord: HeldStatesRecord = { read: () => [], write: () => undefined };

const text = z.string().max(128);
const heldSchema = z.strictObject({
  tags: z.record(text, text),
  states: z.record(text, z.boolean()),
  heardAtMs: z.number(),
  saidAtMs: z.number(),
  untilMs: z.number().optional(),
});
const fileSchema = z.strictObject({ v: z.literal(1), held: z.array(heldSchema).max(MAX_SENSORS) });
const MAX_FILE_BYTES = 1024 * 1024;

export function openHeldStatesRecord(file: string, log: Logger): HeldStatesRecord {
  return {
    read: () => {
      try {
        return readRecord(file, fileSchema, MAX_FILE_BYTES)?.held ?? [];
      } catch (error) {
        log.warn({ file, err: error }, 'states of sensors cannot be read; unknown until they send again');
        return [];
      }
    },
    write: (held) => {
      try {
        writeRecord(file, { v: 1, held });
      } catch (error) {
        log.warn({ file, err: error }, 'states of sensors cannot be written; a restart would lose them');
      }
    },
  };
}
