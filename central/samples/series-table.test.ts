import fc from 'fast-check';
import { expect, it } from 'vitest';
import { KnownSeries } from './known-series.ts';
import { SeriesTable } from './series-table.ts';

type Tags = readonly (string | undefined)[];

function series(measurement: string, tags: Tags): KnownSeries {
  return new KnownSeries(measurement, tags, 0, 0, true);
}

it('finds what was added, and nothing that is only alike', () => {
  const table = new SeriesTable();
  const known = series('ping', ['n-1', undefined]);
  table.add(known);
  expect(table.find('ping', ['n-1', undefined])).toBe(known);
  for (const tags of [['n-1'], [undefined, 'n-1'], ['n-1', ''], ['n-', '1'], ['n-2', undefined]])
    expect(table.find('ping', tags)).toBeUndefined();
  expect(table.find('path', ['n-1', undefined])).toBeUndefined();
});

/** An absent tag and an empty one, which no agent can send, have the same hash. */
function twoAlike(): [KnownSeries, KnownSeries] {
  return [series('ping', ['n-1', undefined]), series('ping', ['n-1', ''])];
}

it('tells series with the same hash apart, in whatever order they come and go', () => {
  const [a, b] = twoAlike();
  for (const [first, second] of [
    [a, b],
    [b, a],
  ] as const) {
    const table = new SeriesTable();
    table.add(a);
    table.add(b);
    expect([...table.values()]).toHaveLength(2);
    expect([table.find('ping', a.tags), table.find('ping', b.tags)]).toEqual([a, b]);
    expect([table.delete(first), table.delete(first)]).toEqual([true, false]);
    expect([table.find('ping', first.tags), table.find('ping', second.tags)]).toEqual([undefined, second]);
    expect([table.delete(second), table.size]).toEqual([true, 0]);
  }
});

/** The second: of few tags that are absent or empty, so that all have one hash. */
const tag = fc.option(fc.constantFrom('', 'a', 'b', 'ab'), { nil: undefined });
const alike = fc.option(fc.constant(''), { nil: undefined });

it.each([
  ['few are alike', fc.array(tag, { minLength: 2, maxLength: 2 })],
  ['all are alike', fc.array(alike, { minLength: 5, maxLength: 5 })],
])('holds what a map with texts as keys would, where %s', (_, tags) => {
  const step = fc.record({ isAdded: fc.boolean(), tags });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const table = new SeriesTable();
      const expected = new Map<string, KnownSeries>();
      for (const { isAdded, tags } of steps) {
        const key = JSON.stringify(tags);
        const known = expected.get(key);
        expect(table.find('ping', tags)).toBe(known);
        if (known !== undefined && !isAdded) {
          expect([table.delete(known), table.delete(known)]).toEqual([true, false]);
          expected.delete(key);
        } else if (known === undefined && isAdded) {
          const added = series('ping', tags);
          table.add(added);
          expected.set(key, added);
        }
      }
      expect(new Set(table.values())).toEqual(new Set(expected.values()));
      expect(table.size).toBe(expected.size);
    }),
  );
});

it('links few series with one hash, however many an agent makes up', () => {
  const table = new SeriesTable();
  for (let made = 0; made < 1_024; made++)
    table.add(
      series(
        'ping',
        Array.from({ length: 10 }, (_, bit) => ((made >> bit) & 1 ? '' : undefined)),
      ),
    );
  let longest = 0;
  for (const first of table.values()) {
    let length = 0;
    for (let known: KnownSeries | undefined = first; known !== undefined; known = known.alike) length++;
    longest = Math.max(longest, length);
  }
  expect([table.size, longest <= 8]).toEqual([1_024, true]);
});
