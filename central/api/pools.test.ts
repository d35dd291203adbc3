import { afterAll, beforeAll, expect, it } from 'vitest';
import { ApiHarness } from './testing/api-harness.ts';

let harness: ApiHarness;
beforeAll(async () => {
  harness = await ApiHarness.open();
});
afterAll(() => harness.close());

/** With history and forecasts: tests/e2e/api-cookbook.test.ts. */
it('a pool of which nothing is measured has no forecast', async () => {
  const { json } = await harness.call('GET', '/api/v1/pools?resource=storage&limit=1');
  const unmeasured = {
    state: 'unknown',
    reason: expect.any(String) as string,
    roots: expect.any(Array) as string[],
    sinceMs: expect.any(Number) as number,
  };
  expect(json['items']).toEqual([{ id: 'pool-0', site: 'site-0', resource: 'storage', ...unmeasured }]);
  expect(json['nextCursor']).toEqual(expect.any(String));
  expect(await harness.call('GET', '/api/v1/pools/pool-1')).toMatchObject({
    status: 200,
    json: { items: [{ id: 'pool-1', site: 'site-1', resource: 'storage' }] },
  });
});

it('pools are listed by their state, and a state that none can have is refused by name', async () => {
  const unknown = await harness.call('GET', '/api/v1/pools?state=unknown&limit=1000');
  const all = await harness.call('GET', '/api/v1/pools?limit=1000');
  expect(unknown.json['items']).toEqual(all.json['items']);
  expect((await harness.call('GET', '/api/v1/pools?state=up,degraded')).json['items']).toEqual([]);
  const refused = await harness.call('GET', '/api/v1/pools?state=full');
  expect(refused).toMatchObject({ status: 400, json: { code: 'INVALID_REQUEST' } });
  expect(refused.json['detail']).toContain(
    'expected one or more of down, unreachable, unknown, degraded, up',
  );
});

it('a pool that the inventory lacks is told to be missing', async () => {
  expect(await harness.call('GET', '/api/v1/pools/pool-9')).toMatchObject({
    status: 404,
    json: { code: 'POOL_NOT_FOUND' },
  });
  expect(await harness.call('GET', '/api/v1/pools/..%2F..')).toMatchObject({ status: 400 });
});
