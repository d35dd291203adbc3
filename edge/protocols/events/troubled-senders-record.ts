import { join } from 'node:path';
import { z } from 'zod';
import type { Logger } from '../../../runtime/logger.ts';
import { readRecord, writeRecord } from '../../../runtime/record-file.ts';

/** Senders of which trouble was told last: whoever is none any more must be told to be well, or the alert stays. */
export interface TroubledSendersRecord {
  read(): readonly string[];
  /** Never throws: failures are logged. */
  write(devices: readonly string[]): void;
}

export const noTroubledSendersRecord: TroubledSendersRecord = { read: () => [], write: () => undefined };

const MAX_SENDERS = 4_096;
const MAX_FILE_BYTES = 512 * 1_024;
const fileSchema = z.strictObject({
  v: z.literal(1),
  source: z.enum(['syslog', 'snmp_trap']),
  devices: z.array(z.string().min(1).max(256)).max(MAX_SENDERS),
});

export type EventSource = z.output<typeof fileSchema>['source'];

/** Of the collector with this identity. */
export function troubledSendersFile(dataDirectory: string, identity: string): string {
  return join(dataDirectory, `event-senders-${identity}.json`);
}

/** Of the collector with this identity; without a place for it, nothing is kept. */
export function openTroubledSendersRecord(
  source: EventSource,
  {
    dataDirectory,
    identity,
    isTrial = false,
    log,
  }: {
    readonly dataDirectory?: string;
    readonly identity?: string;
    readonly isTrial?: boolean;
    readonly log: Logger;
  },
): TroubledSendersRecord {
  if (dataDirectory === undefined || identity === undefined || isTrial) return noTroubledSendersRecord;
  const file = troubledSendersFile(dataDirectory, identity);
  return {
    read: () => readTroubledSenders(file, log)?.devices ?? [],
    write: (devices) => {
      try {
        writeRecord(file, { v: 1, source, devices: devices.slice(0, MAX_SENDERS) });
      } catch (error) {
        log.warn({ file, err: error }, 'senders of critical events cannot be written');
      }
    },
  };
}

/** Undefined: there are none. */
export function readTroubledSenders(
  file: string,
  log: Logger,
): { readonly source: EventSource; readonly devices: readonly string[] } | undefined {
  try {
    return readRecord(file, fileSchema, MAX_FILE_BYTES);
  } catch (error) {
    log.warn({ file, err: error }, 'senders of critical events cannot be read; alerts of removed ones stay');
    return undefined;
  }
}
