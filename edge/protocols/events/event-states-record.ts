import { join } from 'node:path';
import { z } from 'zod';
import type { Logger } from '../../../runtime/logger.ts';
import { readRecord, writeRecord } from '../../../runtime/record-file.ts';
import { MAX_STATES, type EventState } from './event-states.ts';

/** States, kept through a restart of the agent: the device told them once. */
export interface EventStatesRecord {
  read(): readonly EventState[];
  /** Never throws: failures are logged. */
  write(states: readonly EventState[]): void;
}

export const noEventStatesRecord: EventStatesRecord = { read: () => [], write: () => undefined };

const text = z.string().min(1).max(256);
const fileSchema = z.strictObject({
  v: z.literal(1),
  states: z
    .array(
      z.strictObject({
        device: text,
        event: text,
        subject: text.optional(),
        isActive: z.boolean(),
        changedAtMs: z.number(),
        saidAtMs: z.number().optional(),
      }),
    )
    .max(MAX_STATES),
});
const MAX_FILE_BYTES = 2 * 1024 * 1024;

/** Of the collector with this identity. */
export function eventStatesFile(dataDirectory: string, identity: string): string {
  return join(dataDirectory, `snmp-trap-states-${identity}.json`);
}

export function openEventStatesRecord(file: string, log: Logger): EventStatesRecord {
  return {
    read: () => {
      try {
        return readRecord(file, fileSchema, MAX_FILE_BYTES)?.states ?? [];
      } catch (error) {
        log.warn(
          { file, err: error },
          'states told by events cannot be read; unknown until devices tell them again',
        );
        return [];
      }
    },
    write: (states) => {
      try {
        writeRecord(file, { v: 1, states });
      } catch (error) {
        log.warn({ file, err: error }, 'states told by events cannot be written; a restart would lose them');
      }
    },
  };
}
