import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openStateDatabase } from '../../../state/database.ts';
import { FOLLOWED_KINDS } from './followed-states.ts';
import { openHistoryStore, type HistoryEntry } from './history-store.ts';

const START_MS = 1_800_000_000_000;
const REFS = ['site:s-1', 'site:s-2', 'device:n-1', 'service:1022'];

const atMs = fc.integer({ min: 0, max: 20 }).map((step) => START_MS + step * 1_000);
const entry = fc.record<HistoryEntry>({
  ref: fc.constantFrom(...REFS),
  fromMs: atMs,
  state: fc.constantFrom('up', 'gone'),
  sinceMs: fc.constant(undefined),
  roots: fc.constant([]),
});
const step = fc.oneof(
  fc.record({
    write: fc.array(entry, { maxLength: 4 }),
    deleteBeforeMs: fc.option(atMs, { nil: undefined }),
  }),
  fc.record({ deleteAfter: atMs }),
  fc.record({ failed: fc.array(entry, { minLength: 1, maxLength: 3 }) }),
);

it('the begin of what is known is that of the rows, whatever was written or deleted since it was asked for', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const database = openStateDatabase(':memory:');
      const store = openHistoryStore(database);
      for (const each of steps) {
        if ('write' in each) store.write(each.write, START_MS, each.deleteBeforeMs);
        else if ('deleteAfter' in each) store.deleteAfter(each.deleteAfter);
        else expect(() => store.write(each.failed, Number.NaN)).toThrow();
        // Opened anew it remembers nothing.
        const fresh = openHistoryStore(database);
        for (const of of [undefined, ...FOLLOWED_KINDS]) expect(store.firstMs(of)).toBe(fresh.firstMs(of));
      }
      database.close();
    }),
  );
});
