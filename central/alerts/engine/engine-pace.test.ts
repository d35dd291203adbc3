import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ruleFile, ruleOf } from '../testing/batches-and-rules.ts';
import { EngineHarness, feed } from '../testing/engine-harness.ts';

let harness: EngineHarness;
beforeEach(() => {
  harness = new EngineHarness();
});
afterEach(() => harness.end());

/** For samples every minute, or so its author thought. */
const rule = ruleOf('cpu_busy', ruleFile({ for: '10m', clearFor: '10m', interval: '60s' }));

/** Busy for the first `busyS`, then idle; a sample at each of the times. */
function run(timesS: readonly number[], busyS: number): string[] {
  harness.start([rule]);
  for (const atS of [...timesS].sort((a, b) => a - b)) feed(harness.engine, atS, atS < busyS ? 95 : 20);
  return harness.events();
}

function every(stepS: number, untilS: number, fromS = 0): number[] {
  return Array.from({ length: Math.floor((untilS - fromS) / stepS) + 1 }, (_, at) => fromS + at * stepS);
}

describe('a source that is slower than its rule expects', () => {
  it.each([
    ['every 5 min', 300],
    ['every 20 min', 1_200],
  ])('%s fires, and resolves in the end', (_, stepS) => {
    expect(run(every(stepS, 21_600), 10_800)).toEqual([
      `${stepS + Math.max(stepS, 600)} fired`,
      '10800 recovering',
      `${10_800 + Math.max(stepS, 600)} resolved`,
    ]);
  });

  it.each([
    ['every 5 min, with one extra sample as it breaks', 300, [20]],
    ['every 5 min, with one extra sample while it is busy', 300, [620]],
    ['every 20 min, with one extra sample as it breaks', 1_200, [20]],
    ['every 5 min, with one extra sample as it recovers', 300, [10_830]],
    ['every 20 min, with one extra sample as it recovers', 1_200, [10_830]],
  ])('%s fires within the hour and a half, and resolves', (_, stepS, extra) => {
    const events = run([...every(stepS, 21_600), ...extra], 10_800);
    expect(events.map((event) => event.split(' ')[1])).toEqual(['fired', 'recovering', 'resolved']);
    expect(Number(events[0]?.split(' ')[0])).toBeLessThanOrEqual(5_400);
    expect(Number(events[2]?.split(' ')[0])).toBeLessThanOrEqual(10_800 + 5_400);
  });

  it.each([300, 1_200])('polled twice, 20 s apart, every %d s fires and resolves', (stepS) => {
    const events = run([...every(stepS, 21_600), ...every(stepS, 21_600, 20)], 10_800);
    expect(events.map((event) => event.split(' ')[1])).toEqual(['fired', 'recovering', 'resolved']);
  });

  it('polled by three, 20 s apart, every 5 min fires and resolves', () => {
    const events = run(
      [0, 20, 40].flatMap((from) => every(300, 21_600, from)),
      10_800,
    );
    expect(events.map((event) => event.split(' ')[1])).toEqual(['fired', 'recovering', 'resolved']);
  });

  it('every 10 s, with one outage, does not become slow by it: a second outage does not count either', () => {
    const timesS = [...every(10, 300), ...every(10, 1_100, 900), ...every(10, 1_900, 1_700)];
    expect(run(timesS, 9_999)).toEqual(['1800 fired']);
  });
});
