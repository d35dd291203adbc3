import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentTopic } from '../../contract/topics.ts';
import { startCity, type City } from '../support/abuse-city.ts';
import { rawBatch, RawAgent } from '../support/raw-agent.ts';
import { until } from '../support/until.ts';
import { Wardwatch } from '../support/wardwatch.ts';

const STOLEN = 'gw-26740-01';
const CUT_WITHIN_MS = 1_000;

describe('whoever has the password of one agent', () => {
  let city: City;
  beforeAll(async () => {
    city = await startCity('stolen-password', { attackers: [STOLEN] });
  });
  afterAll(() => city.stop());

  const sample = () => ({ measurement: 'system', tags: {}, fields: { load1: 9 }, timeMs: Date.now() });

  it('speaks for no other agent, and is cut off within a second once it is revoked', async () => {
    const witness = await city.goodAgent();
    const asOther = await city.attacker(STOLEN);
    const refused = once(asOther.client.stream, 'close');
    asOther.publish(agentTopic(witness.name, 'up'), rawBatch(1, [sample()]));
    await refused;
    const reason = expect.stringContaining("another agent's topic") as string;
    await until(async () =>
      expect(await city.central.quarantined('code=broker-publish')).toMatchObject([
        { agent: STOLEN, reason },
      ]),
    );

    const thief = await city.attacker(STOLEN);
    await thief.untilStored(thief.send([sample()]));
    const cut = once(thief.client.stream, 'close');
    const dataDirectory = join(city.directory, 'data');
    const revoking = new Wardwatch(['agents', 'revoke', STOLEN, '--data-dir', dataDirectory]);
    expect(await revoking.end()).toMatchObject({ code: 0 });
    const revokedMs = performance.now();
    await cut;
    expect(performance.now() - revokedMs).toBeLessThan(CUT_WITHIN_MS);
    await expect(RawAgent.connect(city.central.brokerUrl, STOLEN)).rejects.toThrow(/closed the connection/);
    await witness.expectUnharmed();
  });
});
