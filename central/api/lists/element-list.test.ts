import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { State } from '../../health/states/state-view.ts';
import { readPointInTime } from '../times/point-in-time.ts';
import { elementPage, GRAVEST_FIRST, type ElementQuery } from './element-list.ts';
import { SearchedTexts } from './searched-texts.ts';

interface Thing {
  readonly id: string;
  /** undefined: not in service. */
  readonly moment?: { readonly state: State; readonly sinceMs: number };
}

const NOW_MS = 1_800_000_000_000;
const CENTRAL = { clock: { now: () => NOW_MS }, timeZone: 'Asia/Ho_Chi_Minh' };
const LIST = {
  key: { of: ({ id }: Thing) => id, pattern: /^[a-z]\d*$/ },
  states: GRAVEST_FIRST,
  momentOf: ({ moment }: Thing) => moment,
};

function page(things: readonly Thing[], query: Partial<ElementQuery<State>> = {}) {
  return elementPage(things, LIST, { limit: 100, order: 'id', ...query }, CENTRAL);
}

function ids(things: readonly Thing[], query: Partial<ElementQuery<State>> = {}): string[] {
  return page(things, query).items.map(({ id }) => id);
}

const THINGS: readonly Thing[] = [
  { id: 'a', moment: { state: 'up', sinceMs: NOW_MS - 9_000 } },
  { id: 'b', moment: { state: 'down', sinceMs: NOW_MS - 1_000 } },
  { id: 'c', moment: { state: 'unknown', sinceMs: NOW_MS - 8_000 } },
  { id: 'd', moment: { state: 'down', sinceMs: NOW_MS - 7_000 } },
  { id: 'e' },
];

describe('a list of what is in a state', () => {
  it('has the gravest first and of these the longest, or the latest first; what is not in service is the last', () => {
    expect(ids(THINGS)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(ids(THINGS, { order: 'state' })).toEqual(['d', 'b', 'c', 'a', 'e']);
    expect(ids(THINGS, { order: 'since' })).toEqual(['b', 'd', 'c', 'a', 'e']);
  });

  it('has only what is in one of the states, and only what came into its own since then', () => {
    expect(ids(THINGS, { state: new Set(['down'] as const) })).toEqual(['b', 'd']);
    const since = readPointInTime('-7s');
    expect(ids(THINGS, { since, order: 'since' })).toEqual(['b', 'd']);
    expect(ids(THINGS, { since, state: new Set(['up'] as const) })).toEqual([]);
  });

  it('has each on one page, in every order', () => {
    const things = fc
      .array(
        fc.option(
          fc.record({ state: fc.constantFrom(...GRAVEST_FIRST), sinceMs: fc.integer({ min: 1, max: 5 }) }),
          { nil: undefined },
        ),
        { maxLength: 20 },
      )
      .map((moments) =>
        moments.map((moment, at): Thing => ({ id: `t${100 + at}`, ...(moment && { moment }) })),
      );
    const orders = fc.constantFrom('id' as const, 'state' as const, 'since' as const);
    fc.assert(
      fc.property(things, orders, fc.integer({ min: 1, max: 7 }), (all, order, limit) => {
        const walked: string[] = [];
        for (let cursor: string | undefined; ;) {
          const { items, nextCursor } = page(all, { order, limit, cursor });
          walked.push(...items.map(({ id }) => id));
          cursor = nextCursor;
          if (cursor === undefined) break;
        }
        expect(walked).toEqual(ids(all, { order }));
        expect([...walked].sort()).toEqual(all.map(({ id }) => id));
      }),
    );
  });

  it.each([
    'x',
    'W10',
    Buffer.from('["since",["1"],"a"]').toString('base64url'),
    Buffer.from('["state",[0,1],"a"]').toString('base64url'),
  ])('refuses the cursor %s in another order', (cursor) => {
    expect(() => page(THINGS, { order: 'since', cursor })).toThrow(
      /cursor: expected a nextCursor of this list/,
    );
  });
});

it('a text is found without case, diacritics and normal form, in each of the texts alone', () => {
  const entries = [
    { name: 'Phường Tân Định', id: 'hub-03' },
    { name: 'Thủ Dầu Một'.normalize('NFD'), id: 'x' },
  ];
  const texts = new SearchedTexts<(typeof entries)[number]>(({ id, name }) => [id, name]);
  const found = (text?: string): string[] => texts.filter(entries, text).map(({ id }) => id);
  expect(found()).toEqual(['hub-03', 'x']);
  expect(found('TAN DINH')).toEqual(['hub-03']);
  expect(found('thủ dầu')).toEqual(['x']);
  expect(found('hub-03')).toEqual(['hub-03']);
  expect(found('03 phuong')).toEqual([]);
});
