import { randomBytes } from 'node:crypto';
import { closeSync, fdatasyncSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { encodeLossBody } from '../../contract/codec.ts';
import { openQueue } from '../../edge/queue/open-queue.ts';
import type { Queue } from '../../edge/queue/queue.ts';
import { systemClock } from '../../runtime/clock.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { temporaryDirectory } from '../support/server-process.ts';
import { ratioOf, rounded, type Section } from './section.ts';
import { sideBySide, type Contender } from './side-by-side.ts';

const BODY_BYTES = 1_024;
const GROUP = 64;
const GROUPS = 32;

/** Batches of 1 KiB in groups of 64, each group durable (fdatasync), beside the same bytes in a bare file. */
export const queueSection: Section = {
  name: 'queue',
  title: `Edge queue: ${BODY_BYTES} byte batches, durable in groups of ${GROUP}, beside a bare file with as many fdatasync`,
  run: async ({ seconds }) => {
    const scratch = temporaryDirectory('bench-queue');
    const queue = await openQueue({
      directory: join(scratch.path, 'queue'),
      commitMaxRecords: GROUP,
      clock: systemClock,
      log: silentLogger,
      encodeLoss: encodeLossBody,
    });
    try {
      const rates = await sideBySide(contenders(queue, join(scratch.path, 'bare')), seconds);
      return {
        head: ['what', 'batches/s', 'beside the bare file'],
        rows: rates.map(({ name, perS }, index) => {
          const reference = rates[index - (index % 2) + 1]?.perS ?? perS;
          return [name, rounded(perS), ratioOf(perS, reference)];
        }),
        raw: rates,
      };
    } finally {
      await queue.close();
      scratch.remove();
    }
  },
};

function contenders(queue: Queue, bareFile: string): Contender[] {
  const item = { body: randomBytes(BODY_BYTES), points: 10, firstMs: 1, lastMs: 2 };
  const group = Buffer.concat(Array.from({ length: GROUP }, () => item.body));
  return [
    {
      name: 'append',
      once: async () => {
        for (let done = 0; done < GROUPS; done++) {
          await Promise.all(Array.from({ length: GROUP }, () => queue.append(item)));
        }
        // What was appended goes again, so that each turn finds the same queue.
        queue.ack(queue.epoch, [[queue.lowest(), queue.highest()]]);
        return GROUPS * GROUP;
      },
    },
    { name: 'bare append', once: () => appendBare(bareFile, group) },
    { name: 'append, read, acknowledge', once: () => fillAndDrain(queue, item) },
    {
      name: 'bare append, read',
      once: () => {
        const done = appendBare(bareFile, group);
        readBare(bareFile);
        return done;
      },
    },
  ];
}

async function fillAndDrain(queue: Queue, item: Parameters<Queue['append']>[0]): Promise<number> {
  for (let done = 0; done < GROUPS; done++) {
    await Promise.all(Array.from({ length: GROUP }, () => queue.append(item)));
  }
  let drained = 0;
  for (;;) {
    const entries = queue.pending(0, GROUP);
    if (entries.length === 0) return drained;
    for (const { seq } of entries) {
      const body = await queue.read(seq);
      if (body?.length !== BODY_BYTES) throw new Error(`batch ${seq} came back wrong`);
    }
    queue.ack(
      queue.epoch,
      entries.map(({ seq }) => [seq, seq] as const),
    );
    drained += entries.length;
  }
}

function appendBare(path: string, group: Buffer): number {
  const file = openSync(path, 'w');
  for (let done = 0; done < GROUPS; done++) {
    writeSync(file, group);
    fdatasyncSync(file);
  }
  closeSync(file);
  return GROUPS * GROUP;
}

function readBare(path: string): void {
  const file = openSync(path, 'r');
  const body = Buffer.alloc(BODY_BYTES);
  while (readSync(file, body) > 0);
  closeSync(file);
}
