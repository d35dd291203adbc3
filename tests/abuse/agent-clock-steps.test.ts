import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startCity, type City } from '../support/abuse-city.ts';
import type { GoodAgent } from '../support/good-agent.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

describe('the clock of an agent steps', () => {
  let city: City;
  let stepping: GoodAgent;
  let others: GoodAgent[];

  beforeAll(async () => {
    city = await startCity('agent-clock-steps');
    stepping = await city.goodAgent();
    others = await Promise.all([city.goodAgent(), city.goodAgent()]);
    // Until its agents have confirmed central's own clock, what differs from it is judged, not stored.
    for (const agent of [stepping, ...others]) await agent.expectUnharmed();
  });
  afterAll(() => city.stop());

  interface Alert {
    readonly rule: string;
    readonly entity: Readonly<Record<string, string>>;
  }

  async function skewed(): Promise<readonly string[]> {
    const { items } = await city.central.get<{ items: Alert[] }>('/api/v1/alerts?limit=1000&state=active');
    return items.filter(({ rule }) => rule === 'agent_clock_off').map(({ entity }) => entity['agent'] ?? '');
  }

  it.each([
    ['an hour ahead', HOUR_MS],
    ['back, an hour behind', -HOUR_MS],
    ['four minutes ahead, within what is accepted', 4 * MINUTE_MS],
    ['eight days ahead', 192 * HOUR_MS],
    ['to eight days ago, as without a battery', -192 * HOUR_MS],
    ['right again', 0],
  ])('%s: its alerts come in time, and nothing of it is refused or lost', async (_step, offsetMs) => {
    stepping.startAnew();
    stepping.clockOffsetMs = offsetMs;
    await stepping.expectUnharmed();
    for (const other of others) await other.expectUnharmed();
  });

  it('and stays wrong: an alarm names this agent and no other, and the API says by how much', async () => {
    stepping.clockOffsetMs = HOUR_MS;
    // Its alert may still be that of an earlier step, when its clock was wrong the other way.
    await vi.waitFor(async () => expect(await measuredOffsetMs()).toBe(-HOUR_MS), {
      timeout: 90_000,
      interval: 500,
    });
    await vi.waitFor(async () => expect(await skewed()).toEqual([stepping.name]), {
      timeout: 90_000,
      interval: 500,
    });
  });

  /** Central's clock minus the agent's, to 10 s. */
  async function measuredOffsetMs(): Promise<number> {
    const { clockOffsetMs } = await city.central.get<{ clockOffsetMs: number }>(
      `/api/v1/agents/${stepping.name}`,
    );
    return Math.round(clockOffsetMs / 10_000) * 10_000;
  }
});
