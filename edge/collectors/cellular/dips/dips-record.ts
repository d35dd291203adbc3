import { z } from 'zod';
import type { Logger } from '../../../../runtime/logger.ts';
import { readRecord, writeRecord } from '../../../../runtime/record-file.ts';
import type { DipMemory } from './dip-finder.ts';

/** A modem's open dips, kept through a restart of the agent. */
export interface DipsRecord {
  read(): DipMemory;
  /** Never throws: failures are logged. */
  write(memory: DipMemory): void;
}

export const noDipsRecord: DipsRecord = { read: () => ({}), write: () => undefined };

/** For a trial: the running agent writes the file. */
export function readOnly(record: DipsRecord): DipsRecord {
  return { read: () => record.read(), write: () => undefined };
}

const rat = z.enum(['nr', 'nrnsa', 'lte', 'lte_ca', 'umts', 'gsm', 'none']).optional();
const dipSchema = z.strictObject({
  startMs: z.number(),
  endMs: z.number(),
  unknownMs: z.number().min(0),
  rsrpMinDbm: z.number().optional(),
  sinrMinDb: z.number().optional(),
  fromRat: rat,
  toRat: rat,
  labels: z.record(z.string().max(64), z.string().max(64)),
});
const trackSchema = z.strictObject({
  lastMs: z.number().optional(),
  dip: dipSchema.optional(),
  isOpen: z.boolean(),
  goodSinceMs: z.number().optional(),
  lastRat: rat,
  before: rat,
});
const fileSchema = z.strictObject({ v: z.literal(1), tracks: z.record(z.string().max(64), trackSchema) });
const MAX_FILE_BYTES = 64 * 1024;

export function openDipsRecord(file: string, log: Logger): DipsRecord {
  return {
    read: () => {
      try {
        return readRecord(file, fileSchema, MAX_FILE_BYTES)?.tracks ?? {};
      } catch (error) {
        log.warn({ file, err: error }, 'open signal dips cannot be read; they are detected again');
        return {};
      }
    },
    write: (tracks) => {
      try {
        writeRecord(file, { v: 1, tracks });
      } catch (error) {
        log.warn({ file, err: error }, 'open signal dips cannot be written; a restart would lose them');
      }
    },
  };
}
