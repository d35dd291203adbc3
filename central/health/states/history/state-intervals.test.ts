import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addTimes, intervalsOf, noTimes, sumOfTimes, type Gap, type HistoryRow } from './state-intervals.ts';

function row(fromMs: number, state: HistoryRow['state'], roots: string[] = []): HistoryRow {
  return { fromMs, state, sinceMs: undefined, roots };
}

const DAY = { fromMs: 0, toMs: 1_000 };

/** `0-100 up`, with `!` where central was off. */
function shown(rows: HistoryRow[], gaps: Gap[] = [], range = DAY): string[] {
  return intervalsOf(rows, gaps, range).map(
    ({ fromMs, toMs, state, isGap }) => `${fromMs}-${toMs} ${state}${isGap ? '!' : ''}`,
  );
}

describe('the history of an element', () => {
  it('is each row until the next one, cut to what is asked for', () => {
    const rows = [row(-500, 'up'), row(200, 'down'), row(300, 'up')];
    expect(shown(rows)).toEqual(['0-200 up', '200-300 down', '300-1000 up']);
    expect(shown(rows, [], { fromMs: 250, toMs: 260 })).toEqual(['250-260 down']);
  });

  it('begins with its first row, and has a hole while it was not expected', () => {
    expect(shown([row(100, 'unknown'), row(200, 'up'), row(400, 'gone'), row(900, 'up')])).toEqual([
      '100-200 unknown',
      '200-400 up',
      '900-1000 up',
    ]);
  });

  it('is unknown while central was off, and after that until its next row', () => {
    const gaps = [{ fromMs: 300, toMs: 400, goesOn: false }];
    expect(shown([row(0, 'up'), row(450, 'up')], gaps)).toEqual([
      '0-300 up',
      '300-400 unknown!',
      '400-450 unknown',
      '450-1000 up',
    ]);
    expect(shown([row(-9, 'up')], [{ fromMs: -5, toMs: -1, goesOn: false }])).toEqual(['0-1000 unknown']);
  });

  it('goes on after central only stood still', () => {
    expect(shown([row(0, 'up')], [{ fromMs: 300, toMs: 400, goesOn: true }])).toEqual([
      '0-300 up',
      '300-400 unknown!',
      '400-1000 up',
    ]);
  });

  it('joins what only has other roots again, and keeps where they differ', () => {
    expect(shown([row(0, 'up'), row(100, 'up'), row(200, 'unreachable', ['site:a'])])).toEqual([
      '0-200 up',
      '200-1000 unreachable',
    ]);
    const roots = intervalsOf(
      [row(0, 'unreachable', ['site:a']), row(9, 'unreachable', ['site:b'])],
      [],
      DAY,
    );
    expect(roots.map((each) => each.roots)).toEqual([['site:a'], ['site:b']]);
  });

  it('looks at each gap once, however many rows there are', () => {
    let looks = 0;
    const gaps = Array.from({ length: 2_000 }, (_, at): Gap => {
      return {
        fromMs: at * 10,
        goesOn: true,
        get toMs() {
          looks++;
          return at * 10 + 1;
        },
      };
    });
    const rows = Array.from({ length: 2_000 }, (_, at) => row(at * 10 + 5, at % 2 === 0 ? 'up' : 'down'));
    expect(intervalsOf(rows, gaps, { fromMs: 0, toMs: 20_000 })).toHaveLength(3 * 1_999 + 1);
    expect(looks).toBeLessThan(20_000);
  });

  it('adds up to the whole of the time in which it was expected, whatever happened', () => {
    const states = fc.constantFrom(...(['up', 'down', 'unreachable', 'unknown', 'gone'] as const));
    const rows = fc
      .uniqueArray(fc.record({ fromMs: fc.integer({ min: -100, max: 1_100 }), state: states }), {
        selector: ({ fromMs }) => fromMs,
        maxLength: 20,
      })
      .map((list) => list.sort((a, b) => a.fromMs - b.fromMs).map(({ fromMs, state }) => row(fromMs, state)));
    const gaps = fc
      .array(fc.tuple(fc.integer({ min: -100, max: 1_100 }), fc.nat(200), fc.boolean()), { maxLength: 5 })
      .map((list) =>
        list
          .sort(([a], [b]) => a - b)
          .map(([fromMs, length, goesOn], at) => {
            const limitMs = list[at + 1]?.[0] ?? Infinity;
            return { fromMs, toMs: Math.min(fromMs + length, limitMs), goesOn };
          }),
      );
    fc.assert(
      fc.property(rows, gaps, (list, holes) => {
        const found = intervalsOf(list, holes, DAY);
        const times = noTimes();
        addTimes([times], [DAY.fromMs, DAY.toMs], found);
        // Millisecond by millisecond.
        let expectedMs = 0;
        for (let atMs = 0; atMs < 1_000; atMs++) {
          const last = list.findLast(({ fromMs }) => fromMs <= atMs);
          if (last !== undefined && last.state !== 'gone') expectedMs++;
        }
        expect(times.up + times.down + times.unreachable + times.unknown + times.degraded).toBe(expectedMs);
        for (const [at, each] of found.entries()) {
          expect(each.fromMs).toBeGreaterThanOrEqual(found[at - 1]?.toMs ?? 0);
          expect(each.toMs).toBeGreaterThan(each.fromMs);
        }
      }),
    );
  });

  it('by parts adds up to the whole exactly, each part as if it was asked for alone', () => {
    const states = fc.constantFrom(...(['up', 'degraded', 'unknown', 'down', 'gone'] as const));
    const rows = fc
      .uniqueArray(fc.record({ fromMs: fc.integer({ min: -50, max: 1_050 }), state: states }), {
        selector: ({ fromMs }) => fromMs,
        maxLength: 30,
      })
      .map((list) => list.sort((a, b) => a.fromMs - b.fromMs).map(({ fromMs, state }) => row(fromMs, state)));
    const edges = fc
      .uniqueArray(fc.integer({ min: 0, max: 1_000 }), { maxLength: 40 })
      .map((list) => [...new Set([0, ...list, 1_000])].sort((a, b) => a - b));
    fc.assert(
      fc.property(rows, edges, (list, edgesMs) => {
        const parts = edgesMs.slice(1).map(noTimes);
        addTimes(parts, edgesMs, intervalsOf(list, [], DAY));
        const whole = noTimes();
        addTimes([whole], [0, 1_000], intervalsOf(list, [], DAY));
        expect(sumOfTimes(parts)).toEqual(whole);
        for (const [at, part] of parts.entries()) {
          const range = { fromMs: edgesMs[at]!, toMs: edgesMs[at + 1]! };
          const rowsOfPart = list.slice(
            Math.max(
              0,
              list.findLastIndex(({ fromMs }) => fromMs <= range.fromMs),
            ),
          );
          const alone = noTimes();
          addTimes([alone], [range.fromMs, range.toMs], intervalsOf(rowsOfPart, [], range));
          expect(part).toEqual(alone);
        }
      }),
    );
  });
});
