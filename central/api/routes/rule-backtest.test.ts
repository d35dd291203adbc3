import { once } from 'node:events';
import Fastify from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { expect, it } from 'vitest';
import { CATALOGUE } from '../../../contract/measurements/index.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from '../../alerts/rules/load-rules.ts';
import { ruleBacktestRoute } from './rule-backtest.ts';

it('a caller who left before the backtest began takes no place', async () => {
  const rules = loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE);
  const app = Fastify().withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  // Such as while the token is looked up.
  app.addHook('preHandler', async ({ headers }, { raw }) => {
    if (headers['x-leaves'] === undefined) return;
    raw.destroy();
    await once(raw, 'close');
  });
  ruleBacktestRoute(app, {
    clock: { now: () => Date.UTC(2026, 10, 23) },
    timeZone: 'UTC',
    catalogue: CATALOGUE,
    alerts: { rules: { get: (id) => rules.find((rule) => rule.id === id), all: () => rules } },
    backtests: {
      store: { query: () => Promise.resolve({ series: [], truncated: false }) },
      catalogue: CATALOGUE,
      isExpected: () => true,
      devices: () => new Map(),
      dayOf: (ms) => new Date(ms).toISOString().slice(0, 10),
      wouldTell: undefined,
    },
  });
  const ask = (headers: Record<string, string>): Promise<number> =>
    app
      .inject({
        method: 'POST',
        url: '/rules/backtest?from=-1h',
        headers,
        payload: { id: 'memory_low' },
      })
      .then(({ statusCode }) => statusCode);
  await expect(ask({ 'x-leaves': 'yes' })).rejects.toThrow('response destroyed');
  expect(await ask({})).toBe(200);
  expect(await ask({})).toBe(200);
  await app.close();
});
