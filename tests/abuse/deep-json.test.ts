import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentTopic } from '../../contract/topics.ts';
import { MAX_INFLATED_BYTES } from '../../contract/batch.ts';
import { startCity, type City } from '../support/abuse-city.ts';
import { abuseScale } from '../support/abuse-scale.ts';

const ATTACKER = 'gw-bad';
const MESSAGES = abuseScale(160, 20_000);
const EVERY_MS = 50;

const SHALLOW_PART = ' '.repeat(1_000);
const list = (entry: string): string => entry.repeat(Math.floor((MAX_INFLATED_BYTES - 200) / entry.length));

/** About 1 KiB of gzip each, and a MiB of JSON. */
const PAYLOADS: readonly (readonly [what: string, text: string])[] = [
  ['opening brackets', list('[')],
  ['objects within objects', list('{"a":')],
  ['a list of 350,000 tables', `{"v":1,"tables":[${list('{},')}{}]}`],
  ['150,000 names', `{"v":1${SHALLOW_PART},"tables":{${list('"a":1,')}"b":1}}`],
  ['as deep as is not looked at', '['.repeat(60_000)],
];

describe('JSON that is dear to read, in small gzip', () => {
  let city: City;
  beforeAll(async () => {
    city = await startCity('deep', { attackers: [ATTACKER], settings: { log: { level: 'warn' } } });
  });
  afterAll(() => city.stop());

  it('delays no other agent, however often it is sent', { timeout: 600_000 }, async () => {
    const payloads = PAYLOADS.map(([, text]) => gzipSync(text));
    for (const payload of payloads) expect(payload.length).toBeLessThan(8_192);
    const witness = await city.goodAgent();
    const attacker = await city.attacker(ATTACKER, { localAddress: '127.3.0.1' });
    for (let sent = 0; sent < MESSAGES; sent++) {
      attacker.publish(agentTopic(ATTACKER, 'up'), payloads[sent % payloads.length] ?? Buffer.alloc(0));
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
    await witness.expectUnharmed();
  });

  it('makes its sender wait, which is counted and named', async () => {
    expect(await city.central.metric('wardwatch_held_back_total')).toBeGreaterThan(0);
    expect(await city.central.metric('wardwatch_refused_messages{code="too-deep"}')).toBeGreaterThan(0);
    const lines = city.central.log.split('\n').filter((line) => line.includes(`"agent":"${ATTACKER}"`));
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThan(20);
  });
});
