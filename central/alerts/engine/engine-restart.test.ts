import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineHarness, feed, S, START } from '../testing/engine-harness.ts';
import { batchOf, liveContext, ruleFile, ruleOf } from '../testing/batches-and-rules.ts';

let harness: EngineHarness;
beforeEach(() => {
  harness = new EngineHarness();
});
afterEach(() => harness.end());

const atOnce = ruleOf('cpu_busy', ruleFile({ for: '0s', clearFor: '0s', interval: '10s' }));
const patient = ruleOf('cpu_busy', ruleFile({ for: '30s', clearFor: '30s', interval: '10s' }));

describe('central is killed and started again', () => {
  it('does not fire a second time when the same batches are sent again', () => {
    const engine = harness.start([atOnce]);
    feed(engine, 0, 95);
    const again = harness.restart([atOnce]);
    feed(again, 0, 95);
    expect(again.active()).toHaveLength(1);
    feed(again, 10, 20);
    const third = harness.restart([atOnce]);
    feed(third, 0, 95);
    feed(third, 10, 20);
    expect(harness.events()).toEqual(['0 fired', '10 resolved']);
    expect(third.list({ limit: 10 }).items).toHaveLength(1);
    expect(third.get(harness.recorded[0]!.alert.id)?.timeline).toHaveLength(3);
  });

  it('still knows up to when samples of a resolved alert were evaluated', () => {
    const engine = harness.start([atOnce]);
    feed(engine, 0, 95);
    feed(engine, 20, 20);
    const again = harness.restart([atOnce]);
    feed(again, 10, 99, { arrivesAtS: 21 });
    expect(again.active()).toEqual([]);
    expect(harness.events()).toEqual(['0 fired', '20 resolved']);
  });

  it('does not fire a second time even a day and more later', async () => {
    const engine = harness.start([atOnce]);
    feed(engine, 0, 95);
    feed(engine, 10, 20);
    await harness.clock.advance(30 * 3_600 * S);
    const again = harness.restart([atOnce]);
    feed(again, 0, 95);
    expect(again.active()).toEqual([]);
    expect(harness.events()).toEqual(['0 fired', '10 resolved']);
  });

  it('continues `for`, not counting the time it was down', () => {
    const engine = harness.start([patient]);
    feed(engine, 0, 95);
    feed(engine, 10, 95);
    feed(engine, 20, 95);
    engine.tick(START + 20 * S);
    const again = harness.restart([patient]);
    expect(again.stats().pending).toBe(1);
    // 45 s without a sample is a gap: the 20 s of progress stay, 10 more are needed.
    feed(again, 65, 95);
    expect(harness.events()).toEqual([]);
    feed(again, 75, 95);
    expect(harness.events()).toEqual(['75 fired']);
    expect(again.active()[0]?.startedAtMs).toBe(START);
  });

  it('does not bring back a breach that was over before the kill', () => {
    const engine = harness.start([patient]);
    feed(engine, 0, 95);
    feed(engine, 10, 95);
    engine.tick(START + 10 * S);
    feed(engine, 20, 20);
    const again = harness.restart([patient]);
    expect(again.stats().pending).toBe(0);
    feed(again, 30, 95);
    feed(again, 40, 95);
    expect(harness.events()).toEqual([]);
  });

  it('continues recovering, and relapses as one and the same alert', () => {
    const engine = harness.start([patient]);
    for (const atS of [0, 10, 20, 30]) feed(engine, atS, 95);
    feed(engine, 40, 20);
    const again = harness.restart([patient]);
    expect(again.active()[0]?.phase).toBe('recovering');
    feed(again, 50, 95);
    for (const atS of [60, 70, 80, 90]) feed(again, atS, 20);
    expect(harness.events()).toEqual([
      '30 fired',
      '40 recovering',
      '50 relapsed',
      '60 recovering',
      '90 resolved',
    ]);
    expect(new Set(harness.recorded.map(({ alert }) => alert.id)).size).toBe(1);
  });

  it('withdraws an alert whose rule is gone, and records it', () => {
    const engine = harness.start([atOnce]);
    feed(engine, 0, 95);
    const without = harness.restart([]);
    without.tick(START);
    expect(without.active()).toEqual([]);
    expect(harness.recorded.at(-1)).toMatchObject({
      event: { kind: 'withdrawn' },
      alert: { phase: 'withdrawn', title: { en: 'cpu_busy' } },
    });
  });

  it('keeps an alert whose rule gained a level', () => {
    const engine = harness.start([atOnce]);
    feed(engine, 0, 99);
    const levels = [
      { severity: 'warning', raise: 80, clear: 70 },
      { severity: 'minor', raise: 90, clear: 85 },
      { severity: 'major', raise: 97, clear: 90 },
    ];
    const again = harness.restart([ruleOf('cpu_busy', ruleFile({ levels, for: '0s', clearFor: '0s' }))]);
    expect(again.active()[0]?.severity).toBe('minor');
    feed(again, 10, 99);
    expect(harness.events()).toEqual(['0 fired', '10 escalated']);
  });
});

describe('a disk that refuses', () => {
  it('keeps what it could not write, and records all of it later', () => {
    let full = false;
    const failing = harness.watched(() => {
      if (full) throw new Error('disk full');
    });
    const engine = harness.start([atOnce], failing);
    full = true;
    feed(engine, 0, 95);
    engine.tick(START + S);
    expect(harness.events()).toEqual([]);
    expect(engine.save()).toBe(false);
    expect(engine.stats().unsavedSteps).toBe(1);
    full = false;
    feed(engine, 10, 20);
    expect(harness.events()).toEqual(['0 fired', '10 resolved']);
    expect(engine.stats().unsavedSteps).toBe(0);
  });
});

describe('a storm', () => {
  it('writes ten thousand transitions of one batch in one transaction', () => {
    let transactions = 0;
    const counting = harness.watched(() => transactions++);
    const engine = harness.start([atOnce], counting);
    transactions = 0;
    const rows = Array.from({ length: 10_000 }, (_, at) => ({
      tags: [`h${at}`],
      timeMs: START,
      values: [99],
    }));
    engine.observe(batchOf({ rows }), liveContext(START));
    expect(transactions).toBe(1);
    expect(engine.stats()).toMatchObject({ firing: 10_000, activeBySeverity: { minor: 10_000 } });
    expect(engine.stats().latency.count).toBe(10_000);
  });
});
