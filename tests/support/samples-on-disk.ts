import { join } from 'node:path';
import { decodeBatch, encodeBatch, encodeLossBody } from '../../contract/codec.ts';
import { openQueue } from '../../edge/queue/open-queue.ts';
import { systemClock } from '../../runtime/clock.ts';
import { silentLogger } from '../../runtime/logger.ts';

/** The values of each row of a measurement in an agent's queue on disk. The agent must not run. */
export async function rowsOnDisk(dataDirectory: string, measurement: string): Promise<unknown[][]> {
  const queue = await openQueue({
    directory: join(dataDirectory, 'queue'),
    maxBytes: 256 * 1024 * 1024,
    maxAgeMs: 86_400_000,
    segmentBytes: 4 * 1024 * 1024,
    commitDelayMs: 200,
    commitMaxRecords: 64,
    clock: systemClock,
    log: silentLogger,
    encodeLoss: encodeLossBody,
  });
  const found: unknown[][] = [];
  for (const { seq } of queue.pending(0, 10_000)) {
    const body = await queue.read(seq);
    if (body === undefined) throw new Error(`batch ${seq} is gone`);
    const header = { epoch: queue.epoch, seq, lowest: 1, sentAtMs: 0, backfill: false };
    for (const table of decodeBatch(encodeBatch(header, body)).tables) {
      if (table.measurement !== measurement) continue;
      for (const [, , values] of table.rows as [unknown, number, unknown[]][]) found.push(values);
    }
  }
  await queue.close();
  return found;
}
