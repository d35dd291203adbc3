import { z } from 'zod';
import { unixMs } from '../../../runtime/unix-ms.ts';

/** Something that was refused, kept for a person to inspect and, after a fix, to send again. */
export const quarantineEntrySchema = z.object({
  /** Grows by one per entry, across restarts. */
  id: z.int(),
  atMs: unixMs,
  agent: z.string().describe('`unknown` if the topic was not of an agent'),
  epoch: z.string().exactOptional(),
  seq: z.int().exactOptional(),
  /** Counted through all tables as sent. */
  row: z.int().exactOptional().describe('number of the row in its batch'),
  measurement: z.string().exactOptional(),
  code: z.string(),
  reason: z.string(),
  /** As the validator got it. */
  raw: z.unknown().exactOptional().describe('the refused row; a text if it was too long to keep whole'),
  payloadBase64: z.string().exactOptional().describe('the beginning of a message that could not be read'),
  payloadBytes: z.int().exactOptional().describe('the whole size of that message'),
});
export type QuarantineEntry = Readonly<z.infer<typeof quarantineEntrySchema>>;

export type NewQuarantineEntry = Omit<QuarantineEntry, 'id' | 'atMs' | 'payloadBase64' | 'payloadBytes'> & {
  readonly payload?: Buffer;
};

export interface QuarantineQuery {
  readonly agent?: string;
  readonly code?: string;
  readonly measurement?: string;
  readonly ids?: ReadonlySet<number>;
  /** Of those that fit, only these. */
  readonly isWanted?: (entry: QuarantineEntry) => boolean;
  readonly limit: number;
  /** Only entries with a smaller id: the cursor of the next page. */
  readonly before?: number;
}

/** Skips lines that a crash cut short. */
export function parseLines(text: string): QuarantineEntry[] {
  return text.split('\n').flatMap((line) => {
    try {
      const entry: unknown = JSON.parse(line);
      return typeof entry === 'object' && entry !== null && 'id' in entry ? [entry as QuarantineEntry] : [];
    } catch {
      return [];
    }
  });
}
