import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStateDatabase, type StateDatabase } from '../../../state/database.ts';
import { openHistoryStore, type HistoryEntry, type RecordedChange } from './history-store.ts';

let database: StateDatabase;
beforeEach(() => {
  database = openStateDatabase(':memory:');
});
afterEach(() => {
  database.close();
});

const ALL = { fromMs: 0, toMs: Infinity, afterNumber: -1, limit: 1_000 };

function entry(
  ref: string,
  fromMs: number,
  state: HistoryEntry['state'],
  roots: string[] = [],
): HistoryEntry {
  return { ref, fromMs, state, sinceMs: undefined, roots };
}

function line({ fromMs, ref, before, state, roots }: RecordedChange): string {
  return [`${fromMs} ${ref} ${before ?? 'nothing'} to ${state}`, ...roots].join(' ');
}

describe('what changed', () => {
  it('is told in the order of time, and not where a state went on over a restart or is expected anew', () => {
    const store = openHistoryStore(database);
    store.write(
      [
        entry('site:a', 10, 'unknown'),
        entry('service:b', 10, 'unknown'),
        entry('site:a', 20, 'up'),
        entry('service:b', 20, 'degraded', ['device:x']),
        // Central started again.
        entry('site:a', 30, 'up'),
        entry('service:b', 31, 'down', ['device:x']),
        entry('service:b', 32, 'down', ['device:x', 'device:y']),
        entry('site:a', 40, 'gone'),
        entry('site:a', 50, 'unknown'),
      ],
      60,
    );
    expect(store.changes(ALL).map(line)).toEqual([
      '20 site:a unknown to up',
      '20 service:b unknown to degraded device:x',
      '31 service:b degraded to down device:x',
      '32 service:b down to down device:x device:y',
      '40 site:a up to gone',
    ]);
    expect(store.changes({ ...ALL, refs: ['site:a', 'site:nowhere'] }).map(line)).toEqual([
      '20 site:a unknown to up',
      '40 site:a up to gone',
    ]);
  });

  it('is read page by page, of all or of some, each change once', () => {
    const refs = ['device:a', 'device:b', 'site:c', 'service:d'];
    const state = fc.constantFrom(...(['up', 'down', 'unknown', 'gone', 'degraded'] as const));
    const rows = fc.uniqueArray(
      fc.record({ ref: fc.constantFrom(...refs), fromMs: fc.integer({ min: 1, max: 30 }), state }),
      {
        selector: ({ ref, fromMs }) => `${ref} ${fromMs}`,
        maxLength: 60,
      },
    );
    const wanted = fc.option(fc.subarray(refs), { nil: undefined });
    fc.assert(
      fc.property(rows, wanted, fc.integer({ min: 1, max: 5 }), (list, asked, limit) => {
        const fresh = openStateDatabase(':memory:');
        const store = openHistoryStore(fresh);
        store.write(
          list.map(({ ref, fromMs, state: to }) => entry(ref, fromMs, to)),
          100,
        );
        const expected = list
          .filter(({ ref }) => asked === undefined || asked.includes(ref))
          .filter(({ ref, fromMs, state: to }) => {
            const earlier = list.filter((each) => each.ref === ref && each.fromMs < fromMs);
            const before = earlier.sort((a, b) => b.fromMs - a.fromMs)[0]?.state;
            return (before ?? 'gone') !== to && !(to === 'unknown' && (before ?? 'gone') === 'gone');
          })
          .map(({ ref, fromMs, state: to }) => `${fromMs} ${ref} ${to}`);
        const found: RecordedChange[] = [];
        for (let page = store.changes({ ...ALL, refs: asked, limit }); page.length > 0;) {
          found.push(...page);
          const { fromMs, number } = found.at(-1)!;
          page = store.changes({ ...ALL, refs: asked, limit, fromMs, afterNumber: number });
        }
        fresh.close();
        expect(found.map(({ fromMs }) => fromMs)).toEqual(
          found.map(({ fromMs }) => fromMs).sort((a, b) => a - b),
        );
        expect(found.map(({ fromMs, ref, state: to }) => `${fromMs} ${ref} ${to}`).sort()).toEqual(
          expected.sort(),
        );
      }),
      { numRuns: 60 },
    );
  });
});
