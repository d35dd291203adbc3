import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Sample } from '../../contract/sample.ts';
import { silentLogger } from '../../runtime/logger.ts';
import type { QueueItem } from '../queue/queue.ts';
import { createSampleSink } from './sample-sink.ts';

const samples = (count: number, value: unknown = 1): Sample[] =>
  Array.from({ length: count }, (_unused, index) => ({
    measurement: 'cpu',
    tags: { cpu: `cpu${index}` },
    fields: { usage_active: value as number },
    timeMs: 1_800_000_000_000 + index,
  }));

/** In place of a queue whose disk is slow, full or broken. */
function sinkOver(append: (item: QueueItem) => Promise<number | undefined>) {
  const items: QueueItem[] = [];
  const keep = (item: QueueItem) => {
    items.push(item);
    return append(item);
  };
  return { items, sink: createSampleSink({ queue: { append: keep }, log: silentLogger }) };
}

describe('the sample sink', () => {
  it('packs samples into batches of at most 1,000 points with their time span', async () => {
    const { items, sink } = sinkOver(async () => 1);
    sink.accept(samples(1_500));
    sink.accept([]);
    await sink.drain();
    expect(items.map(({ points }) => points)).toEqual([1_000, 500]);
    expect(items[0]).toMatchObject({ firstMs: 1_800_000_000_000, lastMs: 1_800_000_000_999 });
    expect(sink.stats()).toEqual({ samples: 1_500, dropped: 0 });
  });

  it.each([
    ['declares them lost', async () => undefined],
    ['fails', async () => Promise.reject(new Error('queue is closed'))],
  ])('counts samples as dropped when the queue %s', async (_what, append) => {
    const { sink } = sinkOver(append);
    sink.accept(samples(3));
    await sink.drain();
    expect(sink.stats()).toEqual({ samples: 3, dropped: 3 });
  });

  it('drops a sample too large to send, and no other', async () => {
    const { items, sink } = sinkOver(async () => 1);
    const noise = randomBytes(60_000).toString('base64');
    sink.accept([...samples(2), ...samples(1, noise)]);
    await sink.drain();
    expect(items.reduce((points, item) => points + item.points, 0)).toBe(2);
    expect(sink.stats()).toEqual({ samples: 3, dropped: 1 });
  });

  it('bounds the memory when the disk hangs, and recovers', async () => {
    const waiting: (() => void)[] = [];
    const { sink } = sinkOver(() => new Promise((resolve) => waiting.push(() => resolve(1))));
    const large = samples(1, randomBytes(30_000).toString('base64'));
    for (let run = 0; run < 400; run++) sink.accept(large);
    const { samples: taken, dropped } = sink.stats();
    expect(taken).toBe(400);
    expect(dropped).toBeGreaterThan(0);
    expect(dropped).toBeLessThan(taken);
    for (const resolve of waiting) resolve();
    await sink.drain();
    sink.accept(samples(1));
    expect(sink.stats().dropped).toBe(dropped);
  });

  it.each<[string, () => Promise<number | undefined>, boolean]>([
    ['reports true when all of it is durable', async () => 1, true],
    ['reports false when the queue declares it lost', async () => undefined, false],
    ['reports false when the queue fails', async () => Promise.reject(new Error('closed')), false],
  ])('%s, and not before', async (_what, outcome, isDurable) => {
    const appends: (() => void)[] = [];
    const { sink } = sinkOver(() => new Promise<void>((resolve) => appends.push(resolve)).then(outcome));
    const reported: boolean[] = [];
    const durable = new Promise<void>((resolve) => {
      sink.accept(samples(1_500), (durable) => {
        reported.push(durable);
        resolve();
      });
    });
    appends[0]?.();
    await new Promise((resolve) => setImmediate(resolve));
    expect(reported).toEqual([]);
    appends[1]?.();
    await durable;
    expect(reported).toEqual([isDurable]);
  });

  it('reports true for no samples, and for those too large to send', async () => {
    const { sink } = sinkOver(async () => 1);
    const isStored = (delivered: Sample[]) => new Promise((resolve) => sink.accept(delivered, resolve));
    expect(await isStored([])).toBe(true);
    expect(await isStored(samples(1, randomBytes(60_000).toString('base64')))).toBe(true);
  });
});
