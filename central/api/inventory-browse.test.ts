import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiHarness } from './testing/api-harness.ts';

let harness: ApiHarness;
beforeAll(async () => {
  harness = await ApiHarness.open();
  const payload = JSON.stringify({
    agencies: [
      { id: 'so-tttt', name: 'Sở Thông tin và Truyền thông' },
      { id: 'so-gtvt', name: 'Sở Giao thông', contact: 'Đặng Thị Hoa' },
    ],
  });
  expect(await harness.call('POST', '/api/v1/inventory/import', { payload })).toMatchObject({ status: 200 });
});
afterAll(async () => {
  expect(await harness.close()).toEqual([]);
});

async function idsOf(path: string): Promise<string[]> {
  const { json } = await harness.call('GET', `/api/v1/inventory/${path}`, { token: harness.tokens.viewer });
  return (json['items'] as { id: string }[]).map(({ id }) => id);
}

describe('GET /inventory/entries', () => {
  it('has a list as its file has it, in the order of ids', async () => {
    const { json } = await harness.call('GET', '/api/v1/inventory/entries?kind=agencies');
    const items = json['items'] as { id: string }[];
    expect(items).toContainEqual({
      id: 'so-gtvt',
      entry: { id: 'so-gtvt', name: 'Sở Giao thông', contact: 'Đặng Thị Hoa' },
    });
    expect(items.map(({ id }) => id)).toEqual([...items.map(({ id }) => id)].sort());
  });

  it.each([
    ['so giao', ['so-gtvt']],
    ['DANG thi', ['so-gtvt']],
    ['TTTT', ['so-tttt']],
    ['nothing like it', []],
  ])('finds %j in every text of an entry, without diacritics', async (q, ids) => {
    expect(await idsOf(`entries?kind=agencies&q=${encodeURIComponent(q)}`)).toEqual(ids);
  });

  it('knows no list that the file has not', async () => {
    expect(await harness.call('GET', '/api/v1/inventory/entries?kind=wards')).toMatchObject({ status: 400 });
  });
});

describe('GET /inventory/schema', () => {
  it('says of each list what an entry has, so that a form can be made of it', async () => {
    const { json } = await harness.call('GET', '/api/v1/inventory/schema');
    expect(json).toMatchObject({
      kinds: {
        devices: {
          properties: { kind: { enum: expect.arrayContaining(['node', 'server']) as unknown } },
          required: expect.arrayContaining(['id', 'kind', 'site']) as unknown,
        },
        formerUnits: { required: expect.not.arrayContaining(['successors']) as unknown },
      },
    });
    expect(json).not.toHaveProperty('file');
  });
});
