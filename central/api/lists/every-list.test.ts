import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiHarness } from '../testing/api-harness.ts';

interface Entry extends Readonly<Record<string, unknown>> {
  readonly state?: string;
  readonly phase?: string;
  readonly sinceMs?: number;
  readonly lastSeenAtMs?: number;
}

interface ListOf {
  readonly path: string;
  /** Names an entry. */
  readonly idOf: (entry: Entry) => string;
  /** The gravest first. */
  readonly states: readonly string[];
  /** Filters with a value that something has, and what an entry that is found has. */
  readonly filters: Readonly<Record<string, readonly [value: string, has: (entry: Entry) => boolean]>>;
  /** Filters that no entry fits, and that are no mistake. */
  readonly findNothing?: Readonly<Record<string, string>>;
  /** Of those that every list might be asked with: what it has no word for. */
  readonly refused: readonly string[];
  readonly orders: readonly string[];
}

const ORDERS = ['id', 'state', 'since'];
const STATES = ['down', 'unreachable', 'unknown', 'up'];
const byId = (entry: Entry): string => String(entry['id']);
const has =
  (name: string, value: string) =>
  (entry: Entry): boolean =>
    entry[name] === value;

const LISTS: readonly ListOf[] = [
  {
    ...{ path: 'units', idOf: (entry) => String(entry['code']), orders: ORDERS, refused: ['parent'] },
    states: ['down', 'unreachable', 'unknown', 'alert', 'up'],
    filters: { unit: ['26737', has('code', '26737')], kind: ['ward', has('kind', 'ward')] },
    // Agencies of the harness own links alone.
    findNothing: { agency: 'agency-1' },
  },
  {
    ...{ path: 'sites', idOf: byId, orders: ORDERS, states: STATES, refused: [] },
    filters: { unit: ['26737', has('unit', '26737')], kind: ['site', has('kind', 'site')] },
    findNothing: { agency: 'agency-1', parent: 'site-1' },
  },
  {
    ...{ path: 'devices', idOf: byId, orders: ORDERS, states: STATES, refused: [] },
    filters: {
      ...{ unit: ['26737', has('unit', '26737')], kind: ['node', has('kind', 'node')] },
      ...{ site: ['site-1', has('site', 'site-1')], agent: ['gw-2', has('agent', 'gw-2')] },
    },
    findNothing: { agency: 'agency-1', parent: 'node-1' },
  },
  {
    ...{ path: 'links', idOf: byId, orders: ORDERS, states: STATES, refused: ['parent'] },
    filters: {
      unit: ['26737', ({ ends }) => JSON.stringify(ends).includes('site-1')],
      ...{ kind: ['fibre', has('kind', 'fibre')], agency: ['agency-1', has('agency', 'agency-1')] },
    },
  },
  {
    path: 'pools',
    idOf: ({ id, resource }) => `${String(id)}/${String(resource)}`,
    ...{ orders: ORDERS, states: ['down', 'unreachable', 'unknown', 'degraded', 'up'] },
    refused: ['kind', 'parent'],
    filters: { unit: ['26737', has('site', 'site-1')], resource: ['storage', has('resource', 'storage')] },
    findNothing: { agency: 'agency-1' },
  },
  {
    ...{ path: 'services', idOf: byId, orders: ORDERS, states: ['down', 'unknown', 'degraded', 'up'] },
    ...{ filters: {}, findNothing: { agency: 'agency-1' }, refused: ['unit', 'kind', 'parent'] },
  },
  {
    ...{ path: 'agents', idOf: byId, orders: ['id', 'version', 'lastSeen'], refused: ['parent'] },
    states: ['live', 'silent', 'stopped', 'never_seen'],
    filters: { unit: ['26737', has('unit', '26737')], kind: ['gateway', has('kind', 'gateway')] },
    findNothing: { agency: 'agency-1' },
  },
];

let harness: ApiHarness;
beforeAll(async () => {
  harness = await ApiHarness.open();
});
afterAll(() => harness.close());

async function ask(path: string, query: Readonly<Record<string, string>> = {}) {
  const { status, json } = await harness.call(
    'GET',
    `/api/v1/${path}?${new URLSearchParams(query).toString()}`,
  );
  return {
    status,
    detail: String(json['detail']),
    cursor: json['nextCursor'],
    items: (json['items'] ?? []) as Entry[],
  };
}

describe.each(LISTS)('the list of $path', ({ path, idOf, states, filters, findNothing, refused, orders }) => {
  const whole = async (): Promise<Entry[]> => (await ask(path, { limit: '1000' })).items;
  const stateOf = ({ state, phase }: Entry): string => state ?? phase ?? '';
  const sinceOf = ({ sinceMs, lastSeenAtMs }: Entry): number => sinceMs ?? lastSeenAtMs ?? 0;

  it('is whole, and in the order of its ids', async () => {
    const ids = (await whole()).map(idOf);
    expect(ids.length).toBeGreaterThan(1);
    expect(ids).toEqual([...ids].sort());
  });

  it.each(Object.entries(filters))('takes %s', async (name, [value, isSo]) => {
    const { items } = await ask(path, { [name]: value });
    const wanted = (await whole()).filter(isSo).map(idOf);
    expect(wanted).not.toEqual([]);
    expect(items.map(idOf)).toEqual(wanted);
  });

  it.each(Object.entries(findNothing ?? {}))('takes %s, and finds nothing', async (name, value) => {
    expect(await ask(path, { [name]: value })).toMatchObject({ status: 200, items: [] });
  });

  it('takes state: one or several, and refuses one that nothing of it can be in', async () => {
    const all = await whole();
    for (const state of states) {
      const found = (await ask(path, { state })).items.map(idOf);
      expect(found).toEqual(all.filter((entry) => stateOf(entry) === state).map(idOf));
    }
    expect((await ask(path, { state: states.join() })).items.map(idOf)).toEqual(all.map(idOf));
    const wrong = await ask(path, { state: 'fine' });
    expect(wrong.status).toBe(400);
    expect(wrong.detail).toContain(`querystring.state: expected one or more of ${states.join(', ')}`);
  });

  it('takes q: without case and diacritics', async () => {
    const all = await whole();
    const id = idOf(all[1]!);
    const text = id.split('/')[0]!.toUpperCase();
    expect((await ask(path, { q: text })).items.map(idOf)).toContain(id);
    expect(await ask(path, { q: 'nothing has this' })).toMatchObject({ status: 200, items: [] });
  });

  it('takes since, as every time is written', async () => {
    const all = await whole();
    const first = Math.min(...all.map(sinceOf));
    const later = all.filter((entry) => sinceOf(entry) > first).map(idOf);
    expect((await ask(path, { since: String(first) })).items.map(idOf)).toEqual(all.map(idOf));
    expect((await ask(path, { since: String(first + 1) })).items.map(idOf)).toEqual(later);
    expect((await ask(path, { since: '-1d', tz: 'Asia/Ho_Chi_Minh' })).status).toBe(200);
    const wrong = await ask(path, { since: 'lately' });
    expect(wrong.status).toBe(400);
    expect(wrong.detail).toContain('querystring.since: expected a time');
  });

  it.each(orders)('has all once in the order %s, page by page', async (order) => {
    const all = await whole();
    const walked: Entry[] = [];
    let cursor: string | undefined;
    do {
      const page = await ask(path, { order, limit: '1', ...(cursor !== undefined && { cursor }) });
      expect(page.items).toHaveLength(1);
      walked.push(...page.items);
      cursor = page.cursor as string | undefined;
    } while (cursor !== undefined);
    expect(walked.map(idOf).sort()).toEqual(all.map(idOf).sort());
    if (order === 'since') expect(walked.map(sinceOf)).toEqual(all.map(sinceOf).sort((a, b) => b - a));
    if (order === 'lastSeen') expect(walked.map(sinceOf)).toEqual(all.map(sinceOf).sort((a, b) => a - b));
    const ranks = walked.map((entry) => states.indexOf(stateOf(entry)));
    if (order === 'state') expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
  });

  it.each(refused)('refuses %s by name, and says what it takes', async (name) => {
    const { status, detail } = await ask(path, { [name]: 'x' });
    expect(status).toBe(400);
    expect(detail).toContain(`unknown query parameter "${name}"`);
    expect(detail).toMatch(/did you mean|expected some of .*state/);
  });

  it.each([
    ['order', 'name', 'querystring.order'],
    ['limit', '0', 'querystring.limit'],
    ['limit', '1001', 'querystring.limit'],
    ['cursor', 'x', 'cursor'],
  ])('refuses %s=%s', async (name, value, told) => {
    const { status, detail } = await ask(path, { [name]: value });
    expect(status).toBe(400);
    expect(detail).toContain(told);
  });
});
