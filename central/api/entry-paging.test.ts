import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiHarness } from './testing/api-harness.ts';

let harness: ApiHarness;
beforeAll(async () => {
  harness = await ApiHarness.open();
});
afterAll(async () => {
  expect(await harness.close()).toEqual([]);
});

describe.each(['/api/v1/audit', '/api/v1/quarantine'])(
  '%s with `before`, the earlier name of the cursor',
  (url) => {
    it('gives the entries with a smaller id, and is followed by cursors', async () => {
      const { items } = (await harness.call('GET', url)).json as { items: { id: number }[] };
      const [newest, ...older] = items;
      const page = (await harness.call('GET', `${url}?limit=1&before=${newest?.id}`)).json;
      expect(page['items']).toEqual(older.slice(0, 1));
      const next = (await harness.call('GET', `${url}?cursor=${String(page['nextCursor'])}`)).json;
      expect(next['items']).toEqual(older.slice(1));
    });

    it('is refused together with a cursor', async () => {
      const { nextCursor } = (await harness.call('GET', `${url}?limit=1`)).json;
      const answer = await harness.call('GET', `${url}?before=2&cursor=${String(nextCursor)}`);
      expect(answer).toMatchObject({
        status: 400,
        json: { code: 'INVALID_REQUEST', detail: 'cursor and before cannot be used together' },
      });
    });

    it.each(['0', '-1', '1.5', 'x', ''])('refuses the id "%s"', async (id) => {
      const answer = await harness.call('GET', `${url}?before=${id}`);
      expect(answer).toMatchObject({ status: 400, json: { code: 'INVALID_REQUEST' } });
    });

    it('marks it as deprecated in OpenAPI', async () => {
      const { json } = await harness.call('GET', '/docs/json');
      const paths = json['paths'] as Record<
        string,
        { get: { parameters: { name: string; schema: object }[] } }
      >;
      const before = paths[url]?.get.parameters.find(({ name }) => name === 'before');
      expect(before).toMatchObject({ deprecated: true });
    });
  },
);
