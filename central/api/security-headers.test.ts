import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiHarness } from './testing/api-harness.ts';
import { describedRoutes } from './testing/api-routes.ts';

let harness: ApiHarness;
beforeAll(async () => {
  harness = await ApiHarness.open();
});
afterAll(async () => {
  expect(await harness.close()).toEqual([]);
});

const EVERYWHERE = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

describe('security headers', () => {
  it('are on every answer: of routes, pages, files of /docs, and refusals', async () => {
    const routes = await describedRoutes(harness);
    const others = [
      '/',
      '/plain',
      '/docs',
      '/docs/',
      '/docs/json',
      '/docs/static/swagger-ui.css',
      '/nowhere',
      '/%zz',
    ];
    const calls = [
      ...routes.map(({ method, url }) => ({ method, url })),
      ...others.map((url) => ({ method: 'GET', url })),
    ];
    for (const token of [harness.tokens.viewer, '']) {
      for (const { method, url } of calls) {
        const { headers } = await harness.call(method, url, { token });
        expect(headers, `${method} ${url}`).toMatchObject(EVERYWHERE);
        const policy = String(headers['content-security-policy']);
        expect(policy, url).toContain("default-src 'none'");
        expect(policy, url).toContain("frame-ancestors 'none'");
        expect(policy, url).not.toMatch(/unsafe|\*|https?:/);
      }
    }
  });

  it('keep every answer with data out of caches', async () => {
    for (const url of ['/plain', '/api/v1/units', '/metrics', '/api/v1/nowhere']) {
      expect((await harness.call('GET', url)).headers['cache-control'], url).toBe('no-store');
    }
  });

  it('allow the plain page its one style element and nothing else', async () => {
    for (const token of [harness.tokens.viewer, '']) {
      const { text, headers } = await harness.call('GET', '/plain', { token, accept: 'text/html' });
      const style = /<style>([^]*)<\/style>/.exec(text)?.[1] ?? '';
      const hash = createHash('sha256').update(style).digest('base64');
      expect(headers['content-security-policy']).toContain(`style-src 'sha256-${hash}'`);
      expect(text).not.toMatch(/<script|style=|\son\w+=/);
    }
  });

  it('let /docs load what it is made of, from here alone', async () => {
    const { text, headers } = await harness.call('GET', '/docs/');
    expect(headers['content-security-policy']).toContain("script-src 'self'; style-src 'self'");
    expect(text).not.toMatch(/<script>|<style|style=|\son\w+=|https?:/);
  });
});
