import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KindHarness, kindRule, problemsOf } from '../../../testing/kind-harness.ts';
import type { AlertRule } from '../../rule.ts';
import { aggregateOf } from './aggregate.ts';

function rule(changes: Record<string, unknown> = {}): AlertRule {
  return kindRule({
    ...{ kind: 'aggregate', measurement: 'capacity', field: 'used', divideBy: 'usable', aggregate: 'sum' },
    ...{ entity: ['resource'], member: ['site', 'pool'], interval: '60s', minMembers: 2, op: 'above' },
    levels: [{ severity: 'minor', raise: 0.8, clear: 0.75 }],
    ...changes,
  });
}

let harness: KindHarness;
beforeEach(() => {
  harness = new KindHarness();
});
afterEach(() => harness.end());

function send(
  atS: number,
  place: string,
  used: number,
  { resource = 'memory', ageS = 0, usable = 100 } = {},
): void {
  const [site = '', named = 'p'] = place.split('/');
  const tags = { site, pool: named, resource };
  harness.send(atS, { measurement: 'capacity', agent: `sv-${site}`, tags, fields: { used, usable }, ageS });
}

/** Each minute what each site, or a pool there (`dc1/p2`), uses of its 100. */
function run(fromS: number, toS: number, used: Readonly<Record<string, number>>): void {
  for (let atS = fromS; atS < toS; atS += 60) {
    for (const [site, amount] of Object.entries(used)) send(atS, site, amount);
    for (let tickS = atS; tickS < atS + 60; tickS++) harness.tick(tickS);
  }
}

describe('all pools of a resource together', () => {
  it('fire when there is nowhere to move to, though one alone does not', () => {
    harness.start([rule()]);
    run(0, 600, { dc1: 95, dc2: 40 });
    expect(harness.events()).toEqual([]);
    run(600, 900, { dc1: 95, dc2: 75 });
    expect(harness.engine.active()).toMatchObject([
      { entity: { resource: 'memory' }, agent: 'central', value: 0.85 },
    ]);
    run(900, 1_200, { dc1: 85, dc2: 60 });
    expect(harness.recorded.map(({ event }) => event.kind)).toEqual(['fired', 'resolved']);
  });

  it('are not judged while one of them is not heard, and not by old or late values', () => {
    harness.start([rule()]);
    run(0, 600, { dc1: 90, dc2: 90, dc3: 90 });
    run(600, 1_200, { dc1: 75, dc2: 75 });
    expect(harness.events()).toHaveLength(1);
    for (let atS = 1_200; atS < 1_500; atS += 60) {
      send(atS, 'dc3', 10, { ageS: 900 });
      run(atS, atS + 60, { dc1: 75, dc2: 75 });
    }
    expect(harness.events()).toHaveLength(1);
    run(1_500, 1_800, { dc1: 10, dc2: 10, dc3: 10 });
    expect(harness.engine.active()).toEqual([]);
  });

  it('go on without a pool that was renamed or removed: those beside it are still told of', () => {
    harness.start([rule()]);
    run(0, 600, { 'dc1/p1': 10, 'dc1/p2': 10, dc2: 10 });
    run(600, 1_800, { 'dc1/p1': 90, 'dc1/new': 90, dc2: 90 });
    expect(harness.engine.active()).toMatchObject([{ value: 0.9 }]);
    run(1_800, 3_000, { 'dc1/p1': 40, dc2: 40 });
    expect(harness.recorded.map(({ event }) => event.kind)).toEqual(['fired', 'resolved']);
  });

  it('are still waited for where nothing is left beside them, and the alert stays as long as one of the others is heard', () => {
    harness.start([rule()]);
    run(0, 600, { dc1: 90, dc2: 90, dc3: 90 });
    for (let atS = 600; atS < 26 * 3_600; atS += 600) run(atS, atS + 60, { dc1: 75, dc2: 75 });
    expect(harness.engine.active()).toHaveLength(1);
  });

  it('are given up after a day in which none was heard', () => {
    harness.start([rule()]);
    run(0, 600, { dc1: 90, dc2: 90 });
    for (let atS = 600; atS < 26 * 3_600; atS += 600) run(atS, atS + 60, {});
    expect(harness.recorded.map(({ event }) => event.kind)).toEqual(['fired', 'withdrawn']);
  });

  it('are not judged where there are too few, or where nothing is to be divided by', () => {
    harness.start([rule()]);
    run(0, 600, { dc1: 99 });
    for (let atS = 600; atS < 900; atS += 60) {
      for (const site of ['dc1', 'dc2']) send(atS, site, 99, { resource: 'cpu', usable: 0 });
      harness.tick(atS);
    }
    expect(harness.events()).toEqual([]);
  });

  it('go on over a restart', () => {
    harness.start([rule()]);
    run(0, 600, { dc1: 90, dc2: 90 });
    harness.restart([rule()]);
    run(600, 900, { dc1: 90, dc2: 90 });
    expect(harness.events()).toHaveLength(1);
  });
});

it('a mean is that of those who are heard', () => {
  harness.start([
    rule({ aggregate: 'mean', divideBy: undefined, levels: [{ severity: 'minor', raise: 50, clear: 40 }] }),
  ]);
  run(0, 600, { dc1: 90, dc2: 90, dc3: 0 });
  expect(harness.engine.active()).toMatchObject([{ value: 60 }]);
});

it('sums and means equal a slow reference', () => {
  const amount = fc.record({ value: fc.integer({ min: -1e6, max: 1e6 }), divisor: fc.nat(1e6) });
  fc.assert(
    fc.property(fc.array(amount, { maxLength: 20 }), (amounts) => {
      let [sum, divisor] = [0, 0];
      for (const each of amounts) [sum, divisor] = [sum + each.value, divisor + each.divisor];
      expect(aggregateOf(amounts, 'sum', false)).toBe(sum);
      expect(aggregateOf(amounts, 'sum', true)).toBe(divisor === 0 ? undefined : sum / divisor);
      expect(aggregateOf(amounts, 'mean', false)).toBe(
        amounts.length === 0 ? undefined : sum / amounts.length,
      );
    }),
  );
});

it.each([
  [{ aggregate: 'mean' }, 'a: divideBy: expected only with aggregate: sum, got "usable"'],
  [{ aggregate: 'median' }, expect.stringMatching(/^a: aggregate: .*sum.*mean.*got "median"/)],
  [{ field: 'use' }, 'a: field: not a field of capacity, got "use"'],
  [{ divideBy: 'all' }, 'a: divideBy: not a field of capacity, got "all"'],
  [{ member: ['rack'] }, 'a: member: not a tag of capacity, got "rack"'],
  [{ entity: ['city'] }, 'a: entity[0]: not a tag of capacity, got "city"'],
  [{ minMembers: 0 }, 'a: minMembers: expected at least 1, got 0'],
  [{ measurement: 'pools' }, 'a: measurement: not in the catalogue, got "pools"'],
])('%j is refused: %s', (changes, problem: unknown) => {
  expect(problemsOf(() => rule(changes))).toContainEqual(problem);
});
