import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { codeOf, messageOf } from '../../../runtime/errors.ts';
import type { Logger } from '../../../runtime/logger.ts';
import type { Held } from './held-states.ts';
import { MAX_SENSORS } from './silence.ts';

/** Where held states outlast a restart of the agent: the sensor said them once, and the broker was told that we have them. */
export interface HeldBook {
  read(): readonly Held[];
  /** Never throws: what cannot be written is logged. */
  write(held: readonly Held[]): void;
}

export const noHeldBook: HeldBook = { read: () => [], write: () => undefined };

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

export function openHeldBook(file: string, log: Logger): HeldBook {
  return {
    read: () => {
      try {
        const content = readFileSync(file, 'utf8');
        if (content.length > MAX_FILE_BYTES) throw new Error(`more than ${MAX_FILE_BYTES} bytes`);
        return fileSchema.parse(JSON.parse(content)).held;
      } catch (error) {
        if (codeOf(error) !== 'ENOENT') {
          log.warn({ file, problem: messageOf(error) }, 'states of sensors are not known until they speak');
        }
        return [];
      }
    },
    write: (held) => {
      try {
        writeFileSync(`${file}.tmp`, `${JSON.stringify({ v: 1, held })}\n`, { flush: true });
        renameSync(`${file}.tmp`, file);
      } catch (error) {
        log.warn({ file, problem: messageOf(error) }, 'states of sensors cannot be kept through a restart');
      }
    },
  };
}
