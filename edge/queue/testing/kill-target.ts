import { writeSync } from 'node:fs';
import { systemClock } from '../../../runtime/clock.ts';
import type { Logger } from '../../../runtime/logger.ts';
import { openQueue } from '../open-queue.ts';

/**
 * A process to be killed: appends batches in groups of up to 30, acknowledges every other pending one, and prints each
 * fact once the queue has confirmed it: `d <seq> <number>` (durable), `a <seq>` (acknowledged).
 */
const [directory = '', first = '1'] = process.argv.slice(2);
const nothing = (): void => undefined;
const log = { debug: nothing, info: nothing, warn: nothing, error: nothing } as unknown as Logger;

const queue = await openQueue({
  directory,
  maxBytes: 64 * 1024 * 1024,
  segmentBytes: 64 * 1024,
  commitDelayMs: 1,
  commitMaxRecords: 16,
  clock: systemClock,
  log,
  encodeLoss: (losses) => Buffer.from(JSON.stringify(losses)),
});

let number = Number(first);
for (;;) {
  const group = Array.from({ length: 1 + (number % 30) }, () => append(number++));
  await Promise.all(group);
  const entries = queue.pending(0, 40).filter((_, index) => index % 2 === 0);
  // Printed first: an ack that only the cursor knew would look like a loss.
  for (const { seq } of entries) writeSync(1, `a ${seq}\n`);
  queue.ack(
    queue.epoch,
    entries.map(({ seq }) => [seq, seq]),
  );
}

async function append(mine: number): Promise<void> {
  const body = Buffer.from(`batch ${mine} `.padEnd(200 + ((mine * 7919) % 3_000), '.'));
  const seq = await queue.append({ body, points: 1, firstMs: mine, lastMs: mine });
  if (seq === undefined) throw new Error(`batch ${mine} was declared lost`);
  writeSync(1, `d ${seq} ${mine}\n`);
}
