import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startCity, type City } from '../support/abuse-city.ts';
import { abuseScale } from '../support/abuse-scale.ts';
import type { GoodAgent } from '../support/good-agent.ts';

/** A snapshot or a migration of the machine: more than three intervals of the agents. */
const PAUSE_MS = abuseScale(10_000, 45_000);
/** No agent is absent in the first minute after a start of central. */
const WARM_UP_MS = 65_000;

describe('central is stopped for many intervals of its agents', () => {
  let city: City;
  let witnesses: GoodAgent[];

  beforeAll(async () => {
    city = await startCity('central-paused');
    witnesses = await Promise.all([city.goodAgent(), city.goodAgent(), city.goodAgent()]);
  });
  afterAll(() => city.stop());

  async function rulesRecorded(): Promise<readonly string[]> {
    const { items } = await city.central.get<{ items: { rule: string }[] }>('/api/v1/alerts?limit=1000');
    return items.map(({ rule }) => rule);
  }

  it('no agent is called silent for it, nothing is lost, and central says how long it stood still', async () => {
    // The promise is about time that passes for two processes, so that there is no event to wait for.
    await new Promise((resolve) => setTimeout(resolve, WARM_UP_MS));
    for (const witness of witnesses) await witness.expectUnharmed();
    expect(await rulesRecorded()).not.toContain('agent_silent');

    city.central.signal('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    city.central.signal('SIGCONT');
    for (const witness of witnesses) await witness.untilAcknowledged();
    const stalledS = PAUSE_MS / 1_000 - 2;
    await vi.waitFor(
      async () =>
        expect(await city.central.metric('wardwatch_stalled_seconds_total')).toBeGreaterThan(stalledS),
      5_000,
    );
    await vi.waitFor(async () => expect(await rulesRecorded()).toContain('central_stalled'), 15_000);
    for (const witness of witnesses) witness.startAnew();
    for (const witness of witnesses) await witness.expectUnharmed();
    expect(await rulesRecorded()).not.toContain('agent_silent');
  });
});
