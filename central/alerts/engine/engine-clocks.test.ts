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

  it('in one sample only, four minutes ahead, does not make the next ones late', () => {
    harness.start([atOnce]);
    send(0, 95, 0, 240);
    send(10, 20, 0);
    expect(harness.events()).toEqual(['0 fired', '10 resolved']);
  });

  it("the same when it was central's clock that was ahead before a restart", () => {
    harness.start([atOnce]);
    send(8 * 24 * HOUR_S, 95, 0);
    harness.restart([atOnce]);
    send(10, 20, 0);
    expect(harness.engine.active()).toEqual([]);
  });
});
