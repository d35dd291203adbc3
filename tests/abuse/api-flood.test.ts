import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCity, type City } from '../support/abuse-city.ts';
import { abuseScale } from '../support/abuse-scale.ts';
import { statusFrom } from '../support/status-from.ts';

const REQUESTS = abuseScale(3_000, 100_000);
const AT_ONCE = 20;
const LIMIT = 1_200;
const ATTACKER = '127.3.0.1';

describe('a flood of requests and of guessed tokens from one address', () => {
  let city: City;
  beforeAll(async () => {
    city = await startCity('api-flood');
  });
  afterAll(() => city.stop());

  function ask(path: string, token: string): Promise<number> {
    return statusFrom(ATTACKER, new URL(path, city.central.apiUrl), token);
  }

  it(
    'is refused at its limit, before tokens are looked at; nobody else notices',
    { timeout: 600_000 },
    async () => {
      const witness = await city.goodAgent();
      const statuses = new Map<number, number>();
      let left = REQUESTS;
      const flood = async (): Promise<void> => {
        while (left-- > 0) {
          const status = await ask(
            '/api/v1/alerts',
            left % 2 === 0 ? `wwt_guess${left}` : city.central.token,
          );
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
        }
      };
      const startedMs = performance.now();
      await Promise.all(Array.from({ length: AT_ONCE }, flood));
      const minutes = (performance.now() - startedMs) / 60_000;

      expect([...statuses.keys()].sort((a, b) => a - b)).toEqual([200, 401, 429]);
      const answered = (statuses.get(200) ?? 0) + (statuses.get(401) ?? 0);
      expect(answered).toBeLessThanOrEqual(LIMIT * (1 + minutes) + AT_ONCE);
      expect(await ask('/healthz', '')).toBe(200);
      expect((await city.central.fetch('/api/v1/alerts')).status).toBe(200);
      await witness.expectUnharmed();
    },
  );

  it('leaves a trace of the address, and none of the tokens', async () => {
    type Audit = { readonly items: readonly { readonly action: string }[] };
    const { items } = await city.central.get<Audit>('/api/v1/audit?limit=1000');
    const refused = items.filter(({ action }) => action === 'token.refused');
    expect(JSON.stringify(refused)).toContain(ATTACKER);
    expect(await city.central.metric('wardwatch_api_refused_tokens{fault="unknown"}')).toBeGreaterThan(5);
    expect(JSON.stringify(items)).not.toContain('wwt_guess');
  });
});
