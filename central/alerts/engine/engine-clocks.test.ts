import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { batchOf, ruleFile, ruleOf } from '../testing/batches-and-rules.ts';
import { EngineHarness, S, START } from '../testing/engine-harness.ts';

const HOUR_S = 3_600;

let harness: EngineHarness;
beforeEach(() => {
  harness = new EngineHarness();
});
afterEach(() => harness.end());

/** One value, measured and sent at `atS`, by a clock that is off. */
function send(atS: number, value: number, clockErrorS: number, sampleErrorS = 0): void {
  const sentAtMs = START + (atS + clockErrorS) * S;
  const rows = [{ tags: ['h'], timeMs: sentAtMs + sampleErrorS * S, values: [value] }];
  const context = { receivedAtMs: START + atS * S, sentAtMs, backfill: false };
  harness.engine.observe(batchOf({ rows, seq: atS + 1 }), context);
}

describe('an agent whose clock is set', () => {
  const atOnce = ruleOf('cpu_busy', ruleFile({ for: '0s', clearFor: '0s' }));

  it.each([HOUR_S, -HOUR_S, 240, -240])(
    'by %d s and back is judged on: in the order of arrival, and by the time of central',
    (stepS) => {
      harness.start([atOnce]);
      send(0, 95, 0);
      send(10, 20, stepS);
      send(20, 95, stepS);
      send(30, 20, 0);
      send(40, 95, 0);
      expect(harness.events()).toEqual(['0 fired', '10 resolved', '20 fired', '30 resolved', '40 fired']);
      const [, , third] = harness.recorded;
      expect(Math.abs((third?.alert.startedAtMs ?? 0) - (START + 20 * S))).toBeLessThan(100);
      expect(harness.engine.stats().lateSamples).toBe(0);
    },
  );

  it('so far that its times were moved before is not corrected twice', () => {
    harness.start([atOnce]);
    const values = [95, 20, 95, 20];
    for (const [at, value] of values.entries()) {
      const receivedAtMs = START + at * 10 * S;
      const rows = [{ tags: ['h'], timeMs: receivedAtMs, values: [value] }];
      const context = {
        receivedAtMs,
        sentAtMs: receivedAtMs + HOUR_S * S,
        backfill: false,
        timesMoved: true,
      };
      harness.engine.observe(batchOf({ rows, seq: at + 1 }), context);
    }
    expect(harness.events()).toEqual(['0 fired', '10 resolved', '20 fired', '30 resolved']);
  });

  it('in one sample only, four minutes ahead, does not make the next ones late', () => {
    harness.start([atOnce]);
    send(0, 95, 0, 240);
    send(10, 20, 0);
    expect(harness.events()).toEqual(['0 fired', '10 resolved']);
  });

  it('in one sample four minutes ahead while it fires: it recovers when the host does', () => {
    harness.start([ruleOf('cpu_busy', ruleFile({ for: '20s', clearFor: '20s', interval: '10s' }))]);
    for (let atS = 0; atS <= 100; atS += 10) send(atS, atS < 50 ? 95 : 20, 0, atS === 30 ? 240 : 0);
    expect(harness.events()).toEqual(['20 fired', '50 recovering', '70 resolved']);
  });

  it('back by two hours while it fires: it recovers, and a new fault is seen', () => {
    harness.start([ruleOf('cpu_busy', ruleFile({ for: '20s', clearFor: '20s', interval: '10s' }))]);
    const errorS = (atS: number): number => (atS < 40 ? 0 : -2 * HOUR_S);
    for (let atS = 0; atS <= 200; atS += 10) send(atS, atS < 60 || atS >= 120 ? 95 : 20, errorS(atS));
    const found = harness.events();
    expect(found).toEqual(['20 fired', '60 recovering', '80 resolved', '140 fired']);
    expect(harness.recorded.at(-1)?.alert.startedAtMs).toBe(START + 120 * S);
  });

  it('three days behind from its first batch on: the alert is since now', () => {
    harness.start([atOnce]);
    send(0, 95, -3 * 24 * HOUR_S);
    expect(harness.engine.active()).toMatchObject([{ startedAtMs: START, firedAtMs: START }]);
  });

  it('right, but not that of a device behind it, three days back: its samples are judged as they arrive', () => {
    const patient = ruleOf('cpu_busy', ruleFile({ for: '20s', clearFor: '20s', interval: '10s' }));
    harness.start([patient]);
    for (let atS = 0; atS <= 70; atS += 10) send(atS, atS < 50 ? 95 : 20, 0, -3 * 24 * HOUR_S);
    expect(harness.events()).toEqual(['20 fired', '50 recovering', '70 resolved']);
    expect(harness.recorded[0]?.alert.startedAtMs).toBe(START);
  });

  it('back by two hours on a device behind it, while it fires: it recovers, and a new fault is seen', () => {
    harness.start([ruleOf('cpu_busy', ruleFile({ for: '20s', clearFor: '20s', interval: '10s' }))]);
    const errorS = (atS: number): number => (atS < 40 ? 0 : -2 * HOUR_S);
    for (let atS = 0; atS <= 200; atS += 10) send(atS, atS < 60 || atS >= 120 ? 95 : 20, 0, errorS(atS));
    expect(harness.events()).toEqual(['20 fired', '60 recovering', '80 resolved', '140 fired']);
  });

  it('nowhere: one old sample that is sent again and again is one sample', () => {
    harness.start([ruleOf('cpu_busy', ruleFile({ for: '20s', interval: '10s' }))]);
    for (let atS = 0; atS <= 60; atS += 10) send(atS, 95, 0, -HOUR_S - atS);
    expect(harness.events()).toEqual([]);
  });

  it("the same when it was central's clock that was ahead before a restart", () => {
    harness.start([atOnce]);
    send(8 * 24 * HOUR_S, 95, 0);
    harness.restart([atOnce]);
    send(10, 20, 0);
    expect(harness.engine.active()).toEqual([]);
  });

  it('is told, with how far it is off, until it is right again', () => {
    const { name, action } = ruleFile();
    const skew = ruleOf('agent_clock_off', {
      kind: 'clock_skew',
      name,
      action,
      eventType: 'processing_error',
      probableCause: 'timing_problem',
      levels: [
        { severity: 'minor', raise: 10, clear: 6 },
        { severity: 'major', raise: 300, clear: 240 },
      ],
      for: '0s',
      clearFor: '0s',
    });
    harness.start([skew]);
    [-4, -240, HOUR_S, 8, -4].forEach((errorS, at) => {
      send(at * 10, 20, errorS);
      harness.engine.tick(START + at * 10 * S);
    });
    expect(harness.events()).toEqual(['10 fired', '20 escalated', '30 deescalated', '40 resolved']);
    expect(harness.recorded[1]?.event.value).toBe(HOUR_S);
  });
});
