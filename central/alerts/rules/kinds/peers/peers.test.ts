import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KindHarness, kindRule, problemsOf } from '../../../testing/kind-harness.ts';
import type { AlertRule } from '../../rule.ts';

function rule(changes: Record<string, unknown> = {}): AlertRule {
  return kindRule({
    ...{ kind: 'peers', measurement: 'device', field: 'temperature_celsius' },
    ...{ entity: ['device'], group: ['unit'], interval: '10s', op: 'above', minDifference: 5 },
    levels: [{ severity: 'minor', raise: 5, clear: 3 }],
    ...changes,
  });
}

let harness: KindHarness;
beforeEach(() => {
  harness = new KindHarness();
});
afterEach(() => harness.end());

function send(atS: number, device: string, celsius: number, ageS = 0): void {
  const tags = { unit: '26734', device };
  harness.send(atS, { measurement: 'device', tags, fields: { temperature_celsius: celsius }, ageS });
}

function run(fromS: number, toS: number, celsius: readonly (number | undefined)[]): void {
  for (let atS = fromS; atS < toS; atS += 10) {
    celsius.forEach((value, at) => {
      if (value !== undefined) send(atS, `n-${at}`, value);
    });
    harness.tick(atS);
  }
}

describe('one device of a ward', () => {
  it('fires when it differs from the others, and resolves', () => {
    harness.start([rule()]);
    run(0, 100, [40, 41, 42, 43, 44, 45]);
    run(100, 200, [40, 41, 42, 43, 44, 70]);
    expect(harness.engine.active()).toMatchObject([
      { entity: { device: 'n-5' }, unit: '26734', agent: 'gw-1', valueText: '12.4 standard deviations' },
    ]);
    run(200, 300, [40, 41, 42, 43, 44, 46]);
    expect(harness.events()).toEqual(['100 fired', '200 resolved']);
  });

  it('stays quiet where all get hot together, and on the other side', () => {
    harness.start([rule()]);
    run(0, 100, [40, 41, 42, 43, 44, 45]);
    run(100, 200, [70, 71, 72, 73, 74, 75]);
    run(200, 300, [70, 71, 72, 73, 74, 10]);
    expect(harness.events()).toEqual([]);
  });

  it('stays quiet at a small difference, though the others are all equal', () => {
    harness.start([rule()]);
    run(0, 100, [40, 40, 40, 40, 40, 44.9]);
    expect(harness.events()).toEqual([]);
    run(100, 200, [40, 40, 40, 40, 40, 45.1]);
    expect(harness.events()).toEqual(['100 fired']);
  });

  it('is not compared with fewer than four others, nor with what is old or late; what stands stays', () => {
    harness.start([rule()]);
    run(0, 100, [40, 41, 42, 43, 70]);
    run(100, 140, [40, 41, 42, undefined, 70]);
    run(140, 300, [40, 41, 42, undefined, 42]);
    for (let atS = 300; atS < 400; atS += 10) {
      send(atS, 'n-3', 43, 600);
      run(atS, atS + 10, [40, 41, 42, undefined, 42]);
    }
    expect(harness.events()).toEqual(['30 fired']);
    harness.restart([rule()]);
    run(400, 500, [40, 41, 42, 43, 70]);
    expect(harness.events()).toEqual(['30 fired']);
  });
});

it('says how many it takes to compare', () => {
  expect(rule({ minMembers: 8 }).evaluator.conditionText).toBe(
    'device.temperature_celsius above that of the others of its unit, in groups of 8 or more',
  );
});

it.each([
  [{ minMembers: 4 }, 'a: minMembers: expected at least 5, got 4'],
  [{ minMembers: 100_000_000 }, 'a: minMembers: expected at most 10000, got 100000000'],
  [{ minDifference: 0 }, 'a: minDifference: expected more than 0, got 0'],
  [{ group: ['rack'] }, 'a: group: not a tag of device, got "rack"'],
  [{ entity: ['rack'] }, 'a: entity[0]: not a tag of device, got "rack"'],
  [{ field: 'up' }, 'a: field: expected a number field, device.up is bool, got "up"'],
  [
    { levels: [{ severity: 'minor', raise: 5, clear: 0 }] },
    'a: levels[0].clear: expected more than 0 standard deviations, got 0',
  ],
  [{ op: 'beside' }, expect.stringMatching(/^a: op: .*above.*below.*got "beside"/)],
])('%j is refused: %s', (changes, problem: unknown) => {
  expect(problemsOf(() => rule(changes))).toContainEqual(problem);
});
