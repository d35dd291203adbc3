import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiHarness } from './testing/api-harness.ts';

let harness: ApiHarness;

beforeEach(async () => {
  harness = await ApiHarness.open();
});
afterEach(async () => {
  expect(await harness.close()).toEqual([]);
});

describe('an address', () => {
  it('is refused after 1,200 requests in a minute, also without a token or with a wrong one', async () => {
    for (const [address, token] of [
      ['10.9.9.1', undefined],
      ['10.9.9.2', ''],
      ['10.9.9.3', 'wwt_guess'],
    ] as const) {
      const ask = (url: string) =>
        harness.call('GET', url, { address, ...(token !== undefined && { token }) });
      for (let asked = 0; asked < 1_200; asked++) await ask('/api/v1/units');
      for (const url of ['/api/v1/units', '/metrics', '/', '/docs', '/nowhere', '/readyz']) {
        const answer = await ask(url);
        expect(answer, `${address} ${url}`).toMatchObject({
          status: 429,
          json: { code: 'TOO_MANY_REQUESTS' },
        });
        expect(answer.headers['retry-after']).toBe('1');
      }
      expect((await ask('/healthz')).status, 'a watchdog must not kill a central that is busy').toBe(200);
    }
    expect((await harness.call('GET', '/api/v1/units', { address: '10.9.9.4' })).status).toBe(200);
  });

  it('is one with all addresses of its /64', async () => {
    const ask = (address: string) => harness.call('GET', '/readyz', { address });
    for (let asked = 0; asked < 1_200; asked++) await ask(`2001:db8::${asked.toString(16)}`);
    expect((await ask('2001:db8::ffff:1')).status).toBe(429);
    expect((await ask('2001:db8:0:1::1')).status).toBe(200);
  });
});

describe('wrong tokens', () => {
  const guess = (token = 'wwt_guess') => harness.call('GET', '/api/v1/units', { token, address: '10.9.9.9' });

  it('have to wait after five; a good one from the same address does not', async () => {
    for (let tried = 0; tried < 5; tried++) expect((await guess()).status).toBe(401);
    const next = await guess();
    expect(next).toMatchObject({ status: 429, json: { code: 'TOO_MANY_REFUSED_TOKENS' } });
    expect(next.headers['retry-after']).toBe('1');
    expect((await guess(harness.tokens.viewer)).status).toBe(200);
  });

  it('are counted and audited, and are themselves nowhere', async () => {
    await guess();
    const metrics = await harness.call('GET', '/metrics');
    expect(metrics.text).toContain('wardwatch_api_refused_tokens{fault="unknown"} 1\n');
    const audit = await harness.call('GET', '/api/v1/audit?limit=1');
    expect(audit.json['items']).toMatchObject([{ action: 'token.refused', from: '10.9.9.9' }]);
    expect(metrics.text + audit.text).not.toContain('wwt_guess');
  });
});
