import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../runtime/manual-clock.ts';
import type { BusMessage } from '../../mqtt/bus.ts';
import { MessageQueue, type Handle, type HeldBack, type MessageQueueLimits } from './message-queue.ts';

function from(sender: string, bytes = 100): BusMessage {
  return { topic: `wardwatch/1/000/${sender}/up`, payload: Buffer.alloc(bytes) };
}

function senderOf({ topic }: BusMessage): string {
  return topic.split('/')[3] ?? '';
}

async function untilTrue(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setImmediate(resolve));
}

/** A queue on a clock on which a message takes the time that `costsMs` gives its sender. */
class Bench {
  readonly clock = new ManualClock(0);
  readonly handled: string[] = [];
  readonly heldBack: [sender: string, why: HeldBack][] = [];
  readonly queue: MessageQueue;
  slices = 0;

  constructor(
    costsMs: Readonly<Record<string, number>> = {},
    more: { useless?: readonly string[]; limits?: Partial<MessageQueueLimits> } = {},
  ) {
    const { useless = [], limits = {} } = more;
    const handle: Handle = (message) => {
      const sender = senderOf(message);
      this.handled.push(sender);
      this.clock.freeze(costsMs[sender] ?? 0);
      return !useless.includes(sender);
    };
    this.queue = new MessageQueue({
      limits: { messageQueueMaxBytes: 1e9, waitingPerSender: 1e9, ...limits },
      clock: this.clock,
      handle,
      afterSlice: () => this.slices++,
      onHeldBack: (sender, why) => this.heldBack.push([sender, why]),
    });
  }

  send(sender: string, count = 1, bytes = 100): boolean[] {
    return Array.from({ length: count }, () => this.queue.offer(from(sender, bytes)));
  }
}

describe('the message queue', () => {
  it('takes messages at once, handles them later and those of one sender in order', async () => {
    const bench = new Bench();
    const order: number[] = [];
    for (const at of [1, 2, 3]) {
      const handle = (): boolean => order.push(at) > 0;
      expect(bench.queue.offer(from('gw-1'), handle)).toBe(true);
    }
    expect(order).toEqual([]);
    await bench.queue.whenEmpty();
    expect(order).toEqual([1, 2, 3]);
    expect([bench.slices, bench.queue.bytes]).toEqual([1, 0]);
  });

  it('lets the event loop run in the middle of much work', async () => {
    const bench = new Bench({ a: 1 });
    bench.send('a', 50);
    await new Promise((resolve) => setImmediate(resolve));
    expect(bench.handled.length).toBeGreaterThan(0);
    expect(bench.handled.length).toBeLessThan(50);
    await bench.queue.whenEmpty();
    expect(bench.handled).toHaveLength(50);
  });
});

describe('senders in the message queue', () => {
  it('take turns by the time that their messages need', async () => {
    const bench = new Bench({ cheap: 0.5, dear: 4 });
    bench.send('dear', 20);
    bench.send('cheap', 100);
    await untilTrue(() => bench.handled.filter((sender) => sender === 'cheap').length === 100);
    const dear = bench.handled.filter((sender) => sender === 'dear').length;
    // 100 cheap ones need 50 ms, as do 12.5 dear ones.
    expect(dear).toBeGreaterThanOrEqual(12);
    expect(dear).toBeLessThanOrEqual(14);
    await bench.queue.whenEmpty();
  });

  it('in debt get a quarter of the time while others have messages without end', async () => {
    const bench = new Bench({
      heavy: 10,
      ...Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`gw-${at}`, 1])),
    });
    bench.send('heavy', 30);
    await untilTrue(() => bench.handled.length > 0);
    for (let at = 0; at < 500; at++) bench.send(`gw-${at}`);
    await untilTrue(() => bench.handled.length >= 300);
    const heavy = bench.handled.slice(0, 300).filter((sender) => sender === 'heavy').length;
    expect(heavy).toBeGreaterThanOrEqual(8);
    expect(heavy).toBeLessThanOrEqual(12);
    await bench.queue.whenEmpty();
    expect(bench.handled).toHaveLength(530);
  });

  it('do not wait for all of those that send what is dear, however many these are', async () => {
    const bench = new Bench({
      ...Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`bad-${at}`, 100])),
    });
    for (let at = 0; at < 20; at++) bench.send(`bad-${at}`, 50);
    // Each of them has had its turn, and so is in debt.
    await untilTrue(() => new Set(bench.handled).size === 20);
    for (let round = 0; round < 20; round++) {
      const before = bench.handled.length;
      bench.send('good');
      await untilTrue(() => bench.handled.slice(before).includes('good'));
      expect(bench.handled.slice(before).indexOf('good')).toBeLessThanOrEqual(1);
    }
  });

  it('keep their debt while they have nothing waiting, and time pays it back', async () => {
    const bench = new Bench({ bad: 100, good: 0.1 });
    bench.send('bad');
    await untilTrue(() => bench.handled.length === 1);
    bench.send('bad');
    bench.send('good', 3);
    await untilTrue(() => bench.handled.length === 5);
    expect(bench.handled.slice(1)).toEqual(['good', 'good', 'good', 'bad']);
    bench.clock.freeze(10_000);
    bench.send('bad');
    bench.send('good');
    await untilTrue(() => bench.handled.length === 7);
    expect(bench.handled.slice(5)).toEqual(['bad', 'good']);
  });
});

describe('a sender whose messages are of no use', () => {
  it('waits four times as long as they took, and nobody else does', async () => {
    const bench = new Bench({ bad: 100 }, { useless: ['bad'] });
    bench.send('bad', 2);
    await untilTrue(() => bench.handled.length === 1);
    bench.send('good');
    await untilTrue(() => bench.handled.length === 2);
    expect(bench.handled).toEqual(['bad', 'good']);
    expect(bench.heldBack).toEqual([['bad', 'wasted']]);
    await bench.clock.advance(399);
    expect(bench.handled).toHaveLength(2);
    await bench.clock.advance(1);
    expect(bench.handled).toEqual(['bad', 'good', 'bad']);
  });

  it('does not keep the queue from coming to its end', async () => {
    const bench = new Bench({ bad: 100 }, { useless: ['bad'] });
    bench.send('bad', 5);
    await untilTrue(() => bench.handled.length === 1);
    await bench.queue.whenEmpty();
    expect(bench.handled).toHaveLength(5);
  });
});

describe('room in the message queue', () => {
  it('is for each sender: one with many waiting is told when it has again', async () => {
    const bench = new Bench({}, { limits: { waitingPerSender: 4 } });
    bench.send('flood', 3);
    expect(bench.queue.room(from('flood').topic)).toBeUndefined();
    bench.send('flood', 3);
    bench.send('good');
    const room = bench.queue.room(from('flood').topic);
    expect(room).toBeInstanceOf(Promise);
    expect(bench.queue.room(from('good').topic)).toBeUndefined();
    expect(bench.heldBack).toEqual([['flood', 'backlog']]);
    await room;
    await bench.queue.whenEmpty();
  });

  it('is bounded: who has most waiting gives way', async () => {
    const bench = new Bench({}, { limits: { messageQueueMaxBytes: 3_000 } });
    expect(bench.send('flood', 10, 300).filter(Boolean)).toHaveLength(6);
    expect(bench.send('good', 2, 300)).toEqual([true, true]);
    expect(bench.heldBack).toEqual(Array.from({ length: 4 + 2 }, () => ['flood', 'dropped']));
    await bench.queue.whenEmpty();
    expect(bench.handled.filter((sender) => sender === 'good')).toHaveLength(2);
    expect(bench.handled.filter((sender) => sender === 'flood')).toHaveLength(4);
    expect(bench.queue.bytes).toBe(0);
  });

  it('given up for another tells those who wait for it', async () => {
    const bench = new Bench({}, { limits: { messageQueueMaxBytes: 1_500, waitingPerSender: 2 } });
    bench.send('flood', 3, 300);
    const room = bench.queue.room(from('flood').topic);
    bench.send('good', 2, 300);
    await room;
    await bench.queue.whenEmpty();
  });
});
