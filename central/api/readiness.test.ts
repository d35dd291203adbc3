import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiHarness } from './testing/api-harness.ts';

let harness: ApiHarness;
beforeEach(async () => {
  harness = await ApiHarness.open();
});
afterEach(async () => {
  expect(await harness.close()).toEqual([]);
});

type Check = { name: string; ok: boolean; detail: string };
async function checkOf(name: string): Promise<Check | undefined> {
  const { status, json } = await harness.call('GET', '/readyz', { token: '' });
  expect([status, json['ready']]).toEqual([200, true]);
  return (json['checks'] as Check[]).find((check) => check.name === name);
}

describe('/readyz and the page, about agents', () => {
  it('say that they are heard, then that nothing arrives, without telling a watchdog to restart central', async () => {
    await harness.send('gw-1', [
      {
        measurement: 'environment',
        tags: { device: 'sensor-of-gw-1' },
        fields: { smoke: false },
        timeMs: harness.parts.clock.now(),
      },
    ]);
    expect(await checkOf('agents')).toMatchObject({ ok: true, detail: 'are heard' });
    expect(await checkOf('clock')).toMatchObject({ ok: true, detail: 'agrees with those of the agents' });

    await harness.advance(10 * 60_000);

    expect(await checkOf('agents')).toMatchObject({
      ok: false,
      detail: 'nothing arrives: the state of the city is not known',
    });
    expect(await checkOf('clock')).toMatchObject({
      ok: true,
      detail: 'runs evenly; there is no agent to compare it with',
    });
    const { text } = await harness.call('GET', '/plain');
    expect(text).toMatch(/No agent has sent anything for \d\d min/);
    expect(text).not.toMatch(/class="tile good"|class="unit up"|<b>100/);
  });
});
