import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startCity, type City } from '../support/abuse-city.ts';
import type { GoodAgent } from '../support/good-agent.ts';
import { ShiftedClock } from '../support/shifted-clock.ts';
import { temporaryDirectory, type TemporaryDirectory } from '../support/server-process.ts';

const HOUR_MS = 3_600_000;
/** No agent is absent in the first minute after a start of central. */
const WARM_UP_MS = 65_000;

interface Readiness {
  readonly ready: boolean;
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[];
}

describe("the clock of central's machine steps", () => {
  let scratch: TemporaryDirectory;
  let clock: ShiftedClock;
  let city: City;
  let witnesses: GoodAgent[];
  let startedMs: number;

  beforeAll(async () => {
    scratch = temporaryDirectory('clock-steps');
    clock = new ShiftedClock(join(scratch.path, 'clock'));
    startedMs = performance.now();
    city = await startCity('clock-steps', { clock });
    // Three agents are enough to outvote a clock.
    witnesses = await Promise.all([city.goodAgent(), city.goodAgent(), city.goodAgent()]);
    for (const witness of witnesses) await witness.expectUnharmed();
  });
  afterAll(async () => {
    await city.stop();
    scratch.remove();
  });

  async function readiness(): Promise<Readiness> {
    return (await (await city.central.fetch('/readyz')).json()) as Readiness;
  }

  async function clockCheck() {
    return (await readiness()).checks.find(({ name }) => name === 'clock');
  }

  async function rulesThatFired(state: string): Promise<readonly string[]> {
    const { items } = await city.central.get<{ items: { rule: string }[] }>(
      `/api/v1/alerts?limit=1000&state=${state}`,
    );
    return items.map(({ rule }) => rule);
  }

  it.each([
    ['an hour back', -HOUR_MS, '60 min behind'],
    ['an hour ahead', HOUR_MS, '60 min ahead of'],
    ['eight days ahead, more than what is kept', 192 * HOUR_MS, '8 d ahead of'],
  ])('%s: nobody is harmed, and it says by how much', async (_step, offsetMs, difference) => {
    for (const witness of witnesses) witness.startAnew();
    clock.setOffset(offsetMs);
    await vi.waitFor(async () => {
      expect(await clockCheck()).toMatchObject({
        ok: false,
        detail: expect.stringContaining(difference) as string,
      });
    }, 5_000);
    await vi.waitFor(
      async () => expect(await rulesThatFired('active')).toContain('central_clock_disagrees'),
      {
        timeout: 45_000,
        interval: 500,
      },
    );
    for (const witness of witnesses) await witness.expectUnharmed();
    clock.setOffset(0);
    await vi.waitFor(async () => expect(await readiness()).toMatchObject({ ready: true }), 5_000);
  });

  it('an hour back: an agent that dies is called silent within its intervals all the same', async () => {
    const dying = await city.goodAgent();
    // The promise is about time that passes, so that there is no event to wait for.
    const leftMs = startedMs + WARM_UP_MS - performance.now();
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, leftMs)));
    await dying.expectNotCalledSilent();
    clock.setOffset(-HOUR_MS);
    const diedMs = performance.now();
    await dying.end();
    await vi.waitFor(async () => expect(await rulesThatFired('active')).toContain('agent_silent'), {
      timeout: 20_000,
      interval: 250,
    });
    expect(performance.now() - diedMs).toBeLessThan(15_000);
    for (const witness of witnesses) await witness.expectNotCalledSilent();
  });
});
