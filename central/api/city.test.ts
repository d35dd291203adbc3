import { afterAll, beforeAll, expect, it } from 'vitest';
import { ApiHarness } from './testing/api-harness.ts';

let harness: ApiHarness;
beforeAll(async () => {
  harness = await ApiHarness.open();
  await harness.advance(2_000);
});
afterAll(async () => {
  expect(await harness.close()).toEqual([]);
});

interface Listed {
  readonly id: string;
  readonly code?: string;
}

const CITY = '/api/v1/city';

function idsOf(value: unknown): string[] {
  return (value as readonly Listed[]).map(({ id, code = id }) => code);
}

it('answers with all that the first page shows, each as its own route tells it', async () => {
  const { status, json } = await harness.call('GET', CITY);
  expect(status).toBe(200);
  const listed = async (path: string): Promise<string[]> =>
    idsOf((await harness.call('GET', `/api/v1${path}`)).json['items']);
  expect(idsOf(json['units'])).toEqual(await listed('/units'));
  expect(idsOf(json['services'])).toEqual(await listed('/services'));
  const { items, isMore } = json['incidents'] as { readonly items: unknown; readonly isMore: boolean };
  expect(idsOf(items)).toEqual(await listed('/incidents?state=open&order=severity'));
  expect(isMore).toBe(false);
  expect(json['readiness']).toEqual((await harness.call('GET', '/readyz')).json);
  expect(json).toMatchObject({ isSimulated: false, pools: { soonest: [], unknown: 3 } });
});

it('tells a limited token of its own, and nothing of the whole city', async () => {
  const { tokens, clock } = harness.parts;
  const { token } = tokens.create('ward 2', 'viewer', clock.now(), null, { limits: { units: ['26737'] } });
  const { status, json } = await harness.call('GET', CITY, { token });
  expect(status).toBe(200);
  expect([idsOf(json['units']), json['services'], json['figures']]).toEqual([['26737'], [], {}]);
  const { items } = json['incidents'] as { readonly items: readonly Listed[] };
  expect(items).toHaveLength(1);
  expect(json['pools']).toEqual({ soonest: [], unknown: 1 });
});

it('answers a hundred boards that ask at once', async () => {
  const answers = await Promise.all(Array.from({ length: 100 }, () => harness.call('GET', CITY)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
});
