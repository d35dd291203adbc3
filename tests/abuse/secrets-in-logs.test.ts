import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentTopic } from '../../contract/topics.ts';
import { startCity, type City } from '../support/abuse-city.ts';
import { AGENT_PASSWORD } from '../support/central-program.ts';
import { RawAgent } from '../support/raw-agent.ts';
import { until } from '../support/until.ts';

const AGENT = 'gw-26740-01';
const WRONG_PASSWORD = 'hunter2-as-a-password';
const WRONG_TOKEN = 'wwt_hunter2-as-a-token';
const STORE_PASSWORD = 'hunter2-of-the-store';

/** A store that refuses: what it is asked with must not be in the error. */
const STORE = {
  kind: 'influx',
  url: 'http://127.0.0.1:9',
  timeoutMs: 500,
  username: 'wardwatch',
  password: { value: STORE_PASSWORD },
};

describe('secrets that were used, rightly and wrongly', () => {
  let city: City;
  beforeAll(async () => {
    city = await startCity('secrets-in-logs', {
      attackers: [AGENT],
      store: STORE,
      settings: { log: { level: 'trace' } },
    });
  });
  afterAll(() => city.stop());

  it('are in no log, no metric, no list of the API and no file of central', async () => {
    const { central } = city;
    const agent = await city.attacker(AGENT);
    agent.publish(agentTopic(AGENT, 'up'), 'rubbish');
    await expect(RawAgent.connect(central.brokerUrl, AGENT, WRONG_PASSWORD)).rejects.toThrow();
    for (const authorization of [`Bearer ${WRONG_TOKEN}`, `Basic ${WRONG_TOKEN}`]) {
      const answer = await fetch(`${central.apiUrl}/api/v1/alerts`, { headers: { authorization } });
      expect(answer.status).toBe(401);
    }
    await fetch(`${central.apiUrl}/?token=${WRONG_TOKEN}`);
    await fetch(`${central.apiUrl}/?code=${WRONG_TOKEN}`, {
      headers: { cookie: `wardwatch_session=${WRONG_TOKEN}` },
    });
    const made = await central.fetch('/api/v1/tokens', {
      method: 'POST',
      body: { name: 'x', role: 'viewer' },
    });
    const { token: newToken } = (await made.json()) as { token: string };
    const link = await central.fetch('/api/v1/page-links', { method: 'POST', body: {} });
    const { code } = linkIn((await link.json()) as Record<string, unknown>);
    await until(async () => {
      expect(await central.quarantined(`agent=${AGENT}`)).toHaveLength(1);
      expect(await (await central.fetch('/api/v1/audit')).text()).toContain('login.refused');
    });
    const texts: Record<string, string> = {};
    for (const path of [
      '/metrics',
      '/api/v1/audit',
      '/api/v1/quarantine',
      '/api/v1/tokens',
      '/readyz',
      '/',
      '/plain',
    ]) {
      texts[path] = await (await central.fetch(path)).text();
    }
    expect(await central.end('SIGTERM')).toMatchObject({ code: 0 });
    texts['log'] = central.log;
    expect(central.log).toContain('"level"');
    for (const file of filesIn(join(city.directory, 'data'))) texts[file] = readFileSync(file, 'latin1');

    const secrets = [
      AGENT_PASSWORD,
      WRONG_PASSWORD,
      WRONG_TOKEN,
      STORE_PASSWORD,
      central.token,
      newToken,
      code,
    ];
    const found = Object.entries(texts).flatMap(([place, text]) =>
      secrets.filter((secret) => text.includes(secret)).map((secret) => `${secret} in ${place}`),
    );
    expect(secrets.filter((secret) => secret.length < 10)).toEqual([]);
    expect(found).toEqual([]);
  });
});

function linkIn(answer: Readonly<Record<string, unknown>>): { code: string } {
  const [, code] = /code=([^"&]+)/.exec(JSON.stringify(answer)) ?? [];
  return { code: code ?? '' };
}

function filesIn(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => join(directory, name))
    .filter((file) => statSync(file).isFile());
}
