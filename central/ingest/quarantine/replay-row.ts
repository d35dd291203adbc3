import { z } from 'zod';
import {
  MAX_FIELDS,
  MAX_NAME_LENGTH,
  MAX_TAGS,
  PROTOCOL_VERSION,
  type Batch,
} from '../../../contract/batch.ts';
import { toTables } from '../../../contract/tables.ts';
import type { QuarantineEntry } from './quarantine-entry.ts';

const name = z.string().min(1).max(MAX_NAME_LENGTH);
/** What the validator refused: the row with the columns of its table. */
const sentRow = z.object({
  baseMs: z.int().min(0),
  tags: z.array(name).max(MAX_TAGS),
  fields: z.array(name).max(MAX_FIELDS),
  row: z.array(z.unknown()),
});
/** What the embedded store refused, or what another protocol could not put into a batch. */
const namedRow = z.object({
  measurement: name.optional(),
  tags: z.record(z.string(), z.string()),
  timeMs: z.int().min(0),
  fields: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
});

export type RowBody = Pick<Batch, 'baseMs' | 'tables'>;

/** Identifies a row that is taken in again, for store and ledger. */
export interface ReplayIdentity {
  readonly epoch: string;
  readonly seq: number;
}

/** The row of an entry as agents send rows, with its own time; undefined: not all of it was kept, or it was no row. Pure. */
export function rowBodyOf({ measurement, raw }: QuarantineEntry): RowBody | undefined {
  const sent = sentRow.safeParse(raw);
  if (sent.success && measurement !== undefined && name.safeParse(measurement).success) {
    const { baseMs, tags, fields, row } = sent.data;
    return { baseMs, tables: [{ measurement, tags, fields, rows: [row] }] };
  }
  const named = namedRow.safeParse(raw);
  const known = measurement ?? named.data?.measurement;
  if (!named.success || known === undefined) return undefined;
  const { tags, fields, timeMs } = named.data;
  const tables = toTables([{ measurement: known, tags, fields, timeMs }], timeMs);
  return tables === undefined ? undefined : { baseMs: timeMs, tables };
}

/** Pure. */
export function replayBatch(body: RowBody, { epoch, seq }: ReplayIdentity, nowMs: number): Batch {
  // `lowest`: nothing before it is lost, whatever the order in which they are stored.
  return { v: PROTOCOL_VERSION, epoch, seq, lowest: 1, sentAtMs: nowMs, backfill: true, ...body };
}
