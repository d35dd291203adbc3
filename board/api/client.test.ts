import { expect, it } from 'vitest';
import { ManualTime } from '../testing/manual-time.ts';
import { ApiClient, pathOf, type Fetch } from './client.ts';
import { ApiProblem } from './problem.ts';

interface Request {
  readonly path: string;
  readonly init: RequestInit;
}

function clientOf(answer: () => Response | Promise<Response>) {
  const requests: Request[] = [];
  let endings = 0;
  const fetch: Fetch = async (path, init) => {
    requests.push({ path, init });
    return answer();
  };
  const time = new ManualTime();
  return { client: new ApiClient(fetch, time, () => endings++), requests, time, endings: () => endings };
}

it('makes a path of its parts, encoded, without parameters that have no value', () => {
  const asked = { params: { id: 'a/b' }, query: { q: 'thủ đức', limit: 5, unit: undefined } };
  expect(pathOf('/api/v1/sites/{id}', asked)).toBe(
    '/api/v1/sites/a%2Fb?q=th%E1%BB%A7%20%C4%91%E1%BB%A9c&limit=5',
  );
});

it('writes with the header that a foreign page cannot send, and understands an answer without content', async () => {
  const { client, requests } = clientOf(() => new Response(null, { status: 204 }));
  const body = { text: 'x' };
  expect(
    await client.write('POST /api/v1/alerts/{id}/acknowledge', body, { params: { id: 'a-1' } }),
  ).toBeUndefined();
  expect(requests[0]).toMatchObject({
    path: '/api/v1/alerts/a-1/acknowledge',
    init: {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'x-wardwatch-board': '1', 'content-type': 'application/json' },
      body: '{"text":"x"}',
    },
  });
});

it('rejects with the words and the code of central, and says when the session is over', async () => {
  const problem = '{"title":"Unauthorized","status":401,"code":"NOT_AUTHENTICATED","detail":"log in"}';
  const { client, endings } = clientOf(() => new Response(problem, { status: 401 }));
  const error = await client.get('/api/v1/units').catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ApiProblem);
  expect(error).toMatchObject({ status: 401, code: 'NOT_AUTHENTICATED', message: 'log in' });
  expect(endings()).toBe(1);
});

it.each([
  [
    'a proxy that answers with a page',
    () => new Response('<html>', { status: 502 }),
    { status: 502, message: 'HTTP 502' },
  ],
  ['no answer', () => Promise.reject(new TypeError('failed to fetch')), { status: 0, code: 'NOT_REACHED' }],
])('names %s', async (_name, answer, expected) => {
  const { client, endings } = clientOf(answer);
  await expect(client.get('/api/v1/units')).rejects.toMatchObject(expected);
  expect(endings()).toBe(0);
});

it('reads the checks of a central that is not ready, and takes no page of a proxy for them', async () => {
  const checks = [{ name: 'store', ok: false, detail: 'does not accept writes' }];
  const body = JSON.stringify({ ready: false, checks });
  const { client } = clientOf(() => new Response(body, { status: 503 }));
  expect(await client.get('/readyz')).toEqual({ ready: false, checks });
  await expect(client.get('/api/v1/units')).rejects.toMatchObject({ status: 503 });
  const behindProxy = clientOf(() => new Response('<html>', { status: 503 })).client;
  await expect(behindProxy.get('/readyz')).rejects.toMatchObject({ status: 503, message: 'HTTP 503' });
});

it('gives up an answer that hangs, though the view that asked is still there', async () => {
  const time = new ManualTime();
  const hangs: Fetch = (_path, { signal }) =>
    new Promise((_answer, fail) =>
      signal?.addEventListener('abort', () => fail(signal.reason as Error), { once: true }),
    );
  const client = new ApiClient(hangs, time, () => undefined);
  const view = new AbortController();
  const asked = client.get('/api/v1/units', {}, view.signal).catch((reason: unknown) => reason);
  const stream = client.open('/api/v1/events', {}, view.signal).catch((reason: unknown) => reason);
  await time.advance(20_000);
  expect(await asked).toMatchObject({ status: 0, code: 'NOT_REACHED' });
  expect(time.waitingMs()).toEqual([]);
  view.abort('closed');
  expect(await stream).toBe('closed');
});

it('leaves no clock running behind an answer', async () => {
  const { client, time } = clientOf(() => Response.json({ items: [] }));
  await client.get('/api/v1/units');
  expect(time.waitingMs()).toEqual([]);
});
