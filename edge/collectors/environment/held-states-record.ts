import { z } from 'zod';
import { messageOf } from '../../../runtime/errors.ts';
import type { Logger } from '../../../runtime/logger.ts';
import { readRecord, writeRecord } from '../../../runtime/record-file.ts';
import type { Held } from './held-states.ts';
import { MAX_SENSORS } from './last-seen.ts';

/** Where held states outlast a restart of the agent: the sensor said them once, and the broker was told that we have them. */
export interface HeldStatesRecord {
  read(): readonly Held[];
  /** Never throws: what cannot be written is logged. */
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
        log.warn({ file, problem: messageOf(error) }, 'states of sensors are not known until they speak');
        return [];
      }
    },
    write: (held) => {
      try {
        writeRecord(file, { v: 1, held });
      } catch (error) {
        log.warn({ file, problem: messageOf(error) }, 'states of sensors cannot be kept through a restart');
      }
    },
  };
}
