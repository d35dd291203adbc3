import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AllowedMethods } from './allowed-methods.ts';
import { ApiHarness } from './testing/api-harness.ts';
import { describedRoutes, type DescribedRoute } from './testing/api-routes.ts';

describe('the methods of a path', () => {
  const known = new AllowedMethods();
  known.add({ url: '/', method: 'GET' });
  known.add({ url: '/agents', method: ['GET', 'HEAD'] });
  known.add({ url: '/agents/:agent', method: 'DELETE' });
  known.add({ url: '/agents/:agent/config', method: 'PUT' });
  known.add({ url: '/agents/:agent/config', method: 'GET' });
  known.add({ url: '/docs/static/*', method: 'GET' });

  it.each([
    ['/', 'GET'],
    ['/agents', 'GET,HEAD'],
    ['/agents/gw-1', 'DELETE'],
    ['/agents/config', 'DELETE'],
    ['/agents/gw-1/config', 'GET,PUT'],
    ['/docs/static/a/b.js', 'GET'],
    ['/agents/gw-1/configs', ''],
    ['/agents//config', ''],
    ['/nowhere', ''],
    ['', 'GET'],
  ])('%s: %s', (path, methods) => expect(known.of(path).join()).toBe(methods));
});

/** GET is that of the rule, or the refused row, with this id, which there may be. */
const isOfId = (url: string, method: string): boolean =>
  method === 'GET' && /^\/api\/v1\/(rules\/backtest|quarantine\/(replay|discard))$/.test(url);

describe('a method that a path does not have', () => {
  let harness: ApiHarness;
  let routes: readonly DescribedRoute[];
  beforeAll(async () => {
    harness = await ApiHarness.open();
    routes = await describedRoutes(harness);
  });
  afterAll(async () => {
    expect(await harness.close()).toEqual([]);
  });

  it('is refused with those that it has, on every route', async () => {
    const methods = new Map<string, string[]>();
    for (const { url, method } of routes) methods.set(url, [...(methods.get(url) ?? []), method]);
    for (const [url, known] of methods) {
      const missing = ['GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS'].filter(
        (method) => !known.includes(method) && !isOfId(url, method),
      );
      expect(missing.length, url).toBeGreaterThan(0);
      for (const method of missing) {
        const answer = await harness.call(method, url);
        const what = `${method} ${url}`;
        expect(answer, what).toMatchObject({
          status: 405,
          json: { code: 'METHOD_NOT_ALLOWED', status: 405 },
        });
        expect(answer.type, what).toContain('application/problem+json');
        const allowed = String(answer.headers['allow']).split(', ');
        expect(allowed, what).toEqual(expect.arrayContaining(known));
        expect(allowed, what).not.toContain(method);
      }
    }
  });

  it('is no path that there is not', async () => {
    expect(await harness.call('DELETE', '/api/v1/nowhere')).toMatchObject({
      status: 404,
      json: { code: 'ROUTE_NOT_FOUND' },
    });
  });
});
