import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { QueueLoss } from './loss-declarations.ts';
import type { Queue } from './queue.ts';
import { FaultyDisk, type DiskOperation } from './testing/faulty-disk.ts';
import { batch, QueueDirectory } from './testing/queue-directory.ts';

type Step =
  | { readonly do: 'append'; readonly batches: number; readonly bytes: number }
  | { readonly do: 'ack'; readonly from: number; readonly count: number }
  | { readonly do: 'set-aside'; readonly at: number }
  | { readonly do: 'reopen' | 'kill' | 'mend' }
  | {
      readonly do: 'break';
      readonly operation: DiskOperation;
      readonly code: string;
      readonly times: number;
    };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      batches: fc.integer({ min: 1, max: 12 }),
      bytes: fc.integer({ min: 20, max: 900 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('ack' as const),
      from: fc.nat(60),
      count: fc.integer({ min: 1, max: 40 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('set-aside' as const), at: fc.nat(20) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('reopen' as const, 'kill' as const, 'mend' as const) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('break' as const),
      operation: fc.constantFrom<DiskOperation>(
        'create',
        'write',
        'sync',
        'truncate',
        'rename',
        'remove',
        'sync-directory',
      ),
      code: fc.constantFrom('ENOSPC', 'EIO'),
      times: fc.constantFrom(1, 2, 5, Infinity),
    }),
  },
);

/** One agent's queue through faults and restarts, and what central would know. */
class History {
  readonly #directory: QueueDirectory;
  #disk = new FaultyDisk();
  #queue: Queue | undefined;
  readonly #confirmed = new Map<number, string>();
  readonly #settled = new Set<number>();
  #number = 0;
  /** Killed before the losses of a failing disk were saved: then central learns of them by `lowest` only. */
  #wasKilledUnsaved = false;
  #epoch: string | undefined;
  #hasDiskFailed = false;

  constructor(directory: QueueDirectory) {
    this.#directory = directory;
  }

  async open(): Promise<Queue> {
    this.#disk = new FaultyDisk();
    const options = { maxBytes: 24 * 1024, segmentBytes: 3_000, commitMaxRecords: 5 };
    this.#queue = await this.#directory.open(options, this.#disk);
    if (this.#confirmed.size > 0) expect(this.#queue.epoch).toBe(this.#epoch);
    this.#epoch = this.#queue.epoch;
    return this.#queue;
  }

  async run(steps: readonly Step[]): Promise<void> {
    let queue = await this.open();
    for (const current of steps) {
      if (current.do === 'append') await this.append(queue, current.batches, current.bytes);
      else if (current.do === 'ack') await this.#acknowledge(queue, current);
      else if (current.do === 'set-aside') await queue.setAside(queue.pending(0, 30)[current.at]?.seq ?? 0);
      else if (current.do === 'break') this.#breakDisk(current);
      else {
        if (current.do === 'kill' && this.#hasDiskFailed) this.#wasKilledUnsaved = true;
        this.#disk.fault = () => (current.do === 'kill' ? 'EIO' : undefined);
        if (current.do === 'mend') continue;
        this.#hasDiskFailed = false;
        await this.#collectDeclared(queue);
        await queue.close();
        queue = await this.open();
      }
    }
    await this.#checkAll(queue);
  }

  async append(queue: Queue, batches: number, bytes: number): Promise<void> {
    const appends = Array.from({ length: batches }, async () => {
      const item = batch(++this.#number, bytes);
      const seq = await queue.append(item);
      if (seq === undefined) return;
      expect(this.#confirmed.has(seq)).toBe(false);
      this.#confirmed.set(seq, item.body.toString());
    });
    await Promise.all(appends);
  }

  async #acknowledge(queue: Queue, { from, count }: { from: number; count: number }): Promise<void> {
    const entries = queue.pending(0, Infinity).slice(from, from + count);
    await this.#collectDeclared(queue);
    for (const { seq } of entries) this.#settled.add(seq);
    queue.ack(
      queue.epoch,
      entries.map(({ seq }) => [seq, seq]),
    );
  }

  #breakDisk({ operation, code, times }: Step & { do: 'break' }): void {
    let left = times;
    this.#hasDiskFailed = true;
    this.#disk.fault = (current) => (current === operation && left-- > 0 ? code : undefined);
  }

  /** Central reads declarations like any other batch. */
  async #collectDeclared(queue: Queue): Promise<void> {
    for (const { seq, points } of queue.pending(0, Infinity)) {
      if (points !== 0) continue;
      const body = await queue.read(seq);
      if (body === undefined) continue;
      for (const { from, to } of JSON.parse(body.toString().trim()) as QueueLoss[]) {
        for (let lost = from; lost <= to; lost++) this.#settled.add(lost);
      }
    }
  }

  /** With a sound disk again, every seq up to the highest is pending, acknowledged or declared, and bodies are right. */
  async #checkAll(queue: Queue): Promise<void> {
    this.#disk.fault = () => undefined;
    await expect
      .poll(
        async () => {
          await this.append(queue, 1, 20);
          await this.#collectDeclared(queue);
          const pending = new Set(queue.pending(0, Infinity).map(({ seq }) => seq));
          const undeclared: number[] = [];
          const first = this.#wasKilledUnsaved ? queue.lowest() : 1;
          for (let seq = first; seq <= queue.highest(); seq++) {
            if (!pending.has(seq) && !this.#settled.has(seq)) undeclared.push(seq);
          }
          return undeclared;
        },
        { interval: 1 },
      )
      .toEqual([]);
    for (const { seq } of queue.pending(0, Infinity)) {
      const expected = this.#confirmed.get(seq);
      if (expected !== undefined) expect((await queue.read(seq))?.toString()).toBe(expected);
    }
    expect(queue.stats().bytes).toBeLessThanOrEqual(24 * 1024);
    expect(this.#disk.openFiles).toBeLessThanOrEqual(1);
  }
}

it('with any faults of disk and process, no batch is lost undeclared and no seq is used twice', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      const directory = await QueueDirectory.create();
      try {
        await new History(directory).run(steps);
      } finally {
        await directory.remove();
      }
    }),
    { numRuns: 40 },
  );
});
