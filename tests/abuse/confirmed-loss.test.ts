import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Sample } from '../../contract/sample.ts';
import { startCity, type City } from '../support/abuse-city.ts';

const LOSING = 'gw-26740-01';
/** A declaration may still come for a minute, and central's health is told every 10 s. */
const CONFIRMED_MS = 90_000;

const sample = (): Sample => ({
  measurement: 'system',
  tags: {},
  fields: { load1: 0.5 },
  timeMs: Date.now(),
});

describe('an agent loses batches and does not declare it', () => {
  let city: City;
  beforeAll(async () => {
    city = await startCity('confirmed-loss', { attackers: [LOSING] });
  });
  afterAll(() => city.stop());

  it('the loss is confirmed, named in the ledger, and an alarm', async () => {
    const witness = await city.goodAgent();
    const losing = await city.attacker(LOSING);
    await losing.untilStored(losing.send([sample()]));
    losing.skip(3);
    await losing.untilStored(losing.send([sample()], { lowest: 5 }));
    expect(await city.central.ledgerOf(LOSING)).toMatchObject({
      stored: [
        [1, 1],
        [5, 5],
      ],
      missing: [[2, 4]],
      completeness: 0.4,
    });
    await vi.waitFor(
      async () => {
        expect(await city.central.metric('wardwatch_missing_batches_total')).toBe(3);
        const { items } = await city.central.get<{ items: { rule: string }[] }>(
          '/api/v1/alerts?limit=100&state=active',
        );
        expect(items.map(({ rule }) => rule)).toContain('central_missing_batches');
      },
      { timeout: CONFIRMED_MS, interval: 500 },
    );
    await witness.expectUnharmed();
  });
});
