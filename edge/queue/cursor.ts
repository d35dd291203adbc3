import { crc32 } from 'node:zlib';
import { z } from 'zod';

const seq = z.int().min(1);
const count = z.int().min(0);

const cursorSchema = z.object({
  v: z.literal(1),
  epoch: z.string(),
  /** Next to be assigned; every lower seq that is not pending is settled. */
  nextSeq: seq,
  pending: z.array(z.tuple([seq, seq])),
  losses: z.array(
    z.object({
      from: seq,
      to: seq,
      points: count,
      fromMs: count,
      toMs: count,
      reason: z.enum(['queue-full', 'queue-age', 'disk-full', 'damaged', 'stuck']),
      declaredBy: seq.optional(),
    }),
  ),
  lostBatches: count,
  lostPoints: count,
  damagedSegments: count,
});

/** State that must survive a restart, beside the records themselves. */
export type Cursor = z.infer<typeof cursorSchema>;

export const CURSOR_FILE = 'cursor';

export function encodeCursor(cursor: Cursor): Buffer {
  const json = JSON.stringify(cursor);
  return Buffer.from(`${checksum(json)} ${json}\n`);
}

/** Undefined when it is damaged: then every record on disk counts as pending. */
export function decodeCursor(bytes: Buffer): Cursor | undefined {
  const text = bytes.toString('utf8');
  const json = text.slice(9).trimEnd();
  if (text.slice(0, 9) !== `${checksum(json)} `) return undefined;
  return cursorSchema.safeParse(JSON.parse(json)).data;
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}
