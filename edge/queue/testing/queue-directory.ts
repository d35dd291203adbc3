import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../runtime/clock.ts';
import { silentLogger } from '../../../runtime/logger.ts';
import type { Disk } from '../disk.ts';
import type { QueueLoss } from '../loss-declarations.ts';
import { openQueue, type QueueOptions } from '../open-queue.ts';
import type { Queue, QueueItem } from '../queue.ts';

/** A temporary queue directory, and the queues opened in it. */
export class QueueDirectory {
  readonly path: string;
  readonly #opened: Queue[] = [];

  private constructor(path: string) {
    this.path = path;
  }

  static async create(): Promise<QueueDirectory> {
    return new QueueDirectory(await mkdtemp(join(tmpdir(), 'wardwatch-queue-')));
  }

  /** Small segments, commits without delay. */
  async open(options: Partial<QueueOptions> = {}, disk?: Disk): Promise<Queue> {
    const queue = await openQueue(
      {
        directory: this.path,
        maxBytes: 1024 * 1024,
        segmentBytes: 2_000,
        commitDelayMs: 0,
        clock: systemClock,
        log: silentLogger,
        encodeLoss: (losses) => Buffer.from(JSON.stringify(losses)),
        ...options,
      },
      disk,
    );
    this.#opened.push(queue);
    return queue;
  }

  async segments(): Promise<readonly string[]> {
    return (await readdir(this.path)).filter((name) => name.endsWith('.seg')).sort();
  }

  async quarantine(): Promise<readonly string[]> {
    return readdir(join(this.path, 'quarantine')).catch(() => []);
  }

  async remove(): Promise<void> {
    for (const queue of this.#opened) await queue.close();
    await rm(this.path, { recursive: true, force: true });
  }
}

/** A batch of two points, identified by its number. */
export function batch(number: number, bodyBytes = 100): QueueItem {
  return {
    body: Buffer.from(`batch ${number} `.padEnd(bodyBytes, '.')),
    points: 2,
    firstMs: 1_000 * number,
    lastMs: 1_000 * number + 500,
  };
}

/** One commit with batches `from`…`to`; returns their seqs. */
export async function appendBatches(queue: Queue, from: number, to: number): Promise<(number | undefined)[]> {
  const appends: Promise<number | undefined>[] = [];
  for (let number = from; number <= to; number++) appends.push(queue.append(batch(number)));
  return Promise.all(appends);
}

export async function pendingBodies(queue: Queue): Promise<string[]> {
  const bodies: string[] = [];
  for (const { seq } of queue.pending(0, Infinity)) {
    bodies.push((await queue.read(seq))?.toString().replace(/[ .]+$/, '') ?? 'gone');
  }
  return bodies;
}

/** The losses of all declarations in the queue. */
export async function declaredLosses(queue: Queue): Promise<QueueLoss[]> {
  const bodies = await pendingBodies(queue);
  return bodies.filter((body) => body.startsWith('[')).flatMap((body) => JSON.parse(body) as QueueLoss[]);
}

/** Resolves at the next group commit. */
export function nextCommit(queue: Queue): Promise<number> {
  return new Promise((resolve) => {
    const unsubscribe = queue.onDurable((seq) => {
      unsubscribe();
      resolve(seq);
    });
  });
}
