import { describe, expect, it } from 'vitest';
import { WindowBench } from './testing/window-bench.ts';

const times = (log: readonly (readonly [number, unknown])[]): number[] => log.map(([atMs]) => atMs);

describe('order of sending', () => {
  it('sends nothing before it is connected', () => {
    const bench = new WindowBench();
    bench.addLive();
    expect(bench.send()).toEqual([]);
    bench.connect();
    expect(bench.send()).toEqual([1]);
  });

  it('sends fresh batches at once after a cut, in order, and the backlog oldest-first behind them', () => {
    const bench = new WindowBench();
    bench.addBacklog(4);
    bench.addLive(2);
    bench.connect();
    // One credit is available from the start; the rest comes with the first ack.
    expect(bench.send()).toEqual([5, 6, -1]);
    bench.ack([5, 6]);
    bench.nowMs += 1_000;
    expect(bench.send()).toEqual([-2, -3, -4]);
  });

  it('delays the backlog at random, but not fresh batches', () => {
    const bench = new WindowBench({ timings: { backlogDelayMaxMs: 30_000 }, random: () => 0.5 });
    bench.addBacklog(1);
    bench.addLive();
    bench.connect();
    expect(bench.run(20_000).map(([atMs, { seq }]) => [atMs, seq])).toEqual([
      [0, 2],
      [11_000, 2],
      [15_000, 1],
    ]);
  });

  it('turns a fresh batch that could not be sent in time into backlog', () => {
    const bench = new WindowBench();
    bench.addLive(3);
    bench.nowMs += 30_000;
    bench.connect();
    bench.ack([]);
    bench.nowMs += 1_000;
    expect(bench.send()).toEqual([-1, -2, -3]);
  });

  it('keeps one place of the window for the next live batch', () => {
    const bench = new WindowBench();
    bench.addBacklog(20);
    bench.connect();
    bench.ack([], { window: 4 });
    bench.nowMs += 1_000;
    expect(bench.send()).toEqual([-1, -2, -3]);
    bench.addLive(2);
    expect(bench.send()).toEqual([21]);
    bench.ack([1], { window: 4 });
    expect(bench.send()).toEqual([22]);
  });

  it('marks a resend as backlog once the batch is no longer fresh', () => {
    const bench = new WindowBench();
    bench.addLive();
    bench.connect();
    expect(bench.run(35_000).map(([, decision]) => 'backfill' in decision && decision.backfill)).toEqual([
      false,
      false,
      true,
    ]);
  });
});

describe('credits', () => {
  it('sends backlog no faster than central allows', () => {
    const bench = new WindowBench();
    bench.addBacklog(100);
    bench.connect();
    bench.ack([], { window: 64, backfillPerS: 2 });
    const sent = bench.run(5_000);
    expect(sent).toHaveLength(11);
    expect(times(sent).slice(0, 4)).toEqual([0, 500, 1_000, 1_500]);
  });

  it('accepts fractions of a credit and a flow that changes the rate', () => {
    const bench = new WindowBench();
    bench.addBacklog(10);
    bench.connect();
    bench.window.applyFlow({ mode: 'go', backfillPerS: 0.5 }, bench.nowMs);
    expect(times(bench.run(5_000))).toEqual([0, 2_000, 4_000]);
    bench.window.applyFlow({ mode: 'go', backfillPerS: 0 }, bench.nowMs);
    bench.ack([1, 2, 3], { backfillPerS: 0 });
    expect(bench.run(60_000)).toEqual([]);
    expect(bench.window.nextWakeMs(bench.nowMs)).toBeUndefined();
  });
});

describe('flow', () => {
  it('sends nothing during hold, not even resends, and spreads the resends afterwards', () => {
    const bench = new WindowBench({ random: () => 0.5 });
    bench.addLive(2);
    bench.connect();
    expect(bench.send()).toEqual([1, 2]);
    bench.window.applyFlow({ mode: 'hold', backfillPerS: 1 }, bench.nowMs);
    bench.addLive();
    expect(bench.run(300_000)).toEqual([]);
    bench.window.applyFlow({ mode: 'go', backfillPerS: 0 }, bench.nowMs);
    bench.addLive();
    expect(bench.run(6_000).map(([atMs, { seq }]) => [atMs, seq])).toEqual([
      [0, 4],
      [5_000, 1],
      [5_000, 2],
    ]);
  });

  it('sends no backlog, old resends included, while only live data is wanted', () => {
    const bench = new WindowBench();
    bench.addBacklog(5);
    bench.connect();
    expect(bench.send()).toEqual([-1]);
    bench.window.applyFlow({ mode: 'live-only', backfillPerS: 1_000 }, bench.nowMs);
    bench.addLive();
    expect(bench.run(0).map(([, { seq }]) => seq)).toEqual([6]);
    bench.ack([6]);
    expect(bench.run(600_000)).toEqual([]);
    bench.window.applyFlow({ mode: 'go', backfillPerS: 1_000 }, bench.nowMs);
    expect(bench.send()).toEqual([-1, -2, -3, -4, -5]);
  });

  it('drops a hold with the connection it arrived on', () => {
    const bench = new WindowBench();
    bench.connect();
    bench.window.applyFlow({ mode: 'hold', backfillPerS: 1 }, bench.nowMs);
    bench.disconnect();
    bench.addLive();
    bench.connect();
    expect(bench.send()).toEqual([1]);
  });
});

describe('resends', () => {
  it('doubles the wait up to two minutes while nothing is answered', () => {
    const bench = new WindowBench();
    bench.addLive();
    bench.connect();
    const log = bench.run(600_000);
    expect(times(log)).toEqual([0, 10_000, 30_000, 70_000, 150_000, 270_000, 390_000, 510_000]);
    expect(log.map(([, decision]) => 'resend' in decision && decision.resend)).toEqual([
      false,
      ...new Array<boolean>(7).fill(true),
    ]);
  });

  it('extends each wait at random, never shortens it', () => {
    const bench = new WindowBench({ random: () => 0.999 });
    bench.addLive();
    bench.connect();
    expect(times(bench.run(13_000))[1]).toBeCloseTo(11_998, 0);
  });

  it('counts everything as unsent when the connection breaks', () => {
    const bench = new WindowBench();
    bench.addBacklog(1);
    bench.addLive(2);
    bench.connect();
    expect(bench.send()).toEqual([2, 3, -1]);
    bench.ack([3]);
    bench.disconnect();
    expect(bench.window.inFlight).toBe(0);
    expect(bench.window.nextWakeMs(bench.nowMs)).toBeUndefined();
    bench.connect();
    expect(bench.send()).toEqual([2, -1]);
  });

  it('does not resend what was acknowledged, and returns the latency', () => {
    const bench = new WindowBench();
    bench.addLive(2);
    bench.connect();
    bench.send();
    bench.nowMs += 120;
    expect(bench.ack([1])).toEqual([120]);
    expect(bench.ack([1])).toEqual([]);
    expect(bench.run(11_000).map(([, { seq }]) => seq)).toEqual([2]);
  });

  it('sends live batches first when central was silent for long', () => {
    const bench = new WindowBench();
    bench.addLive(8);
    bench.connect();
    bench.send();
    bench.run(100_000);
    const log: [number, boolean][] = [];
    for (let step = 0; step < 11; step++) {
      bench.addLive();
      for (const [, decision] of bench.run(5_000)) {
        if (decision.action === 'send') log.push([decision.seq, decision.backfill]);
      }
    }
    // All eight places are free at 150 s; the five batches of the last 30 s go first.
    expect(log.slice(0, 8)).toEqual([
      [14, false],
      [15, false],
      [16, false],
      [17, false],
      [18, false],
      [6, true],
      [7, true],
      [8, true],
    ]);
  });

  it('ends long waits once central answers again', () => {
    const bench = new WindowBench({ random: () => 0.5 });
    bench.addLive(3);
    bench.connect();
    bench.run(400_000);
    bench.ack([1]);
    expect(bench.run(5_000).map(([atMs, { seq }]) => [atMs, seq])).toEqual([
      [5_000, 2],
      [5_000, 3],
    ]);
  });

  it('frees places when the window shrinks, and sends those batches later', () => {
    const bench = new WindowBench();
    bench.addLive(6);
    bench.connect();
    expect(bench.send()).toHaveLength(6);
    bench.ack([1], { window: 2 });
    bench.run(40_000);
    expect(bench.window.inFlight).toBeLessThanOrEqual(2);
    const sent = new Set<number>();
    for (let round = 0; round < 10; round++) {
      for (const [, { seq }] of bench.run(10_000)) {
        sent.add(seq);
        bench.ack([seq], { window: 2 });
      }
    }
    expect([...sent].sort()).toEqual([2, 3, 4, 5, 6]);
  });
});

describe('a batch that central never answers', () => {
  it.each([8, 2, 1])('is set aside while others are answered (window %i)', (window) => {
    const bench = new WindowBench();
    bench.addBacklog(3);
    bench.connect();
    const setAside: number[] = [];
    for (let step = 0; step < 200; step++) {
      bench.addLive();
      const log = bench.run(5_000, { answers: (seq) => seq !== 2, window });
      for (const [, { action, seq }] of log) if (action === 'set-aside') setAside.push(seq);
    }
    expect(setAside).toEqual([2]);
    expect([...bench.pending]).toEqual([]);
  });

  it('is resent five times first', () => {
    const bench = new WindowBench();
    bench.addLive(1);
    bench.connect();
    const log: string[] = [];
    for (let step = 0; step < 100; step++) {
      for (const [, { action, seq }] of bench.run(5_000, { answers: (seq) => seq !== 1 })) {
        if (seq === 1) log.push(action);
      }
      bench.addLive();
    }
    expect(log).toEqual([...new Array<string>(6).fill('send'), 'set-aside']);
  });

  it('is never set aside while nothing is answered, for three days', () => {
    const bench = new WindowBench();
    bench.addBacklog(20);
    bench.connect();
    let sent = 0;
    for (let step = 0; step < 3 * 24 * 60; step++) {
      bench.addLive();
      const log = bench.run(60_000);
      expect(log.every(([, { action }]) => action === 'send')).toBe(true);
      sent += log.length;
    }
    expect(bench.pending.size).toBe(20 + 3 * 24 * 60);
    expect(sent).toBeLessThan(8 * 3 * 24 * 60 * 2);
  });

  it('is not set aside for a connection that breaks again and again', () => {
    const bench = new WindowBench();
    bench.addBacklog(1);
    for (let round = 0; round < 50; round++) {
      bench.addLive();
      bench.connect();
      for (const decision of bench.decide()) {
        expect(decision.action).toBe('send');
        if (decision.seq !== 1) bench.ack([decision.seq]);
      }
      bench.nowMs += 9_000;
      bench.disconnect();
    }
    expect(bench.pending).toContain(1);
  });
});
