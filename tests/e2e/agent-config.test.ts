import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentTopic } from '../../contract/topics.ts';
import { AGENT, ConfigCity } from '../support/config-city.ts';
import { describeWith } from '../support/parts.ts';

const SERVER = { kind: 'server', intervalMs: 2_000 };

/** TCP connect time to central's own API: a target that is there. */
function reach(city: ConfigCity, name: string): object {
  const { port } = new URL(city.central.apiUrl);
  return {
    ...{ kind: 'ping', name, intervalMs: 2_000, count: 1, method: 'tcp', port: Number(port) },
    targets: [{ address: '127.0.0.1', device: name }],
  };
}

async function devicesSeen(city: ConfigCity): Promise<readonly string[]> {
  const path = `/api/v1/latest?measurement=ping&tag.agent=${AGENT}`;
  const { rows } = await city.central.get<{ rows: { tags: { device: string } }[] }>(path);
  return rows.map(({ tags }) => tags.device);
}

/** Nothing is missing, nothing was declared lost, and no connection but the first was needed. */
async function expectNothingLost(city: ConfigCity): Promise<void> {
  const ledger = await city.central.ledgerOf(AGENT);
  expect(ledger).toMatchObject({ missing: [], declaredLost: [], completeness: 1, refusedPoints: 0 });
}

/** Settings that no checker but the agent's own can object to: central does not know the agent's directories. */
const FORBIDDEN = [
  SERVER,
  {
    kind: 'snmp',
    credentials: { nodes: { version: '2c', community: { file: '/etc/wardwatch/password' } } },
    devices: [{ device: 'n-1', address: '127.0.0.1', credentials: 'nodes' }],
  },
];

function story(city: ConfigCity): void {
  beforeAll(async () => {
    await city.start();
    await city.until(async () => expect(await city.central.ledgerOf(AGENT)).toBeDefined());
  });
  afterAll(() => city.stop());

  it('puts what is pushed to work within seconds, without a new connection and without a loss', async () => {
    const before = await city.command(AGENT);
    expect(before).toMatchObject({ code: 0, stdout: `${AGENT}: revision 0: uses its own file` });
    expect((await city.push([SERVER, reach(city, 'node-1')])).status).toBe(200);
    const pushedAtMs = Date.now();
    await city.untilState({ state: 'trial', running: 1 });
    await city.until(async () => expect(await devicesSeen(city)).toEqual(['node-1']));
    expect(Date.now() - pushedAtMs).toBeLessThan(10_000);
    await city.untilState({ state: 'running', running: 1 });
    expect(city.logged('connected to the broker')).toHaveLength(1);
    await expectNothingLost(city);
  });

  it('applies nothing again when central comes back', async () => {
    const before = city.logged('config from central').length;
    await city.central.end('SIGKILL');
    await city.startCentral();
    await city.until(async () =>
      expect(city.logged('connected to the broker').length).toBe(city.mosquitto === undefined ? 2 : 1),
    );
    await city.until(async () => {
      const agents = await city.central.get<{ phase: string }>(`/api/v1/agents/${AGENT}`);
      expect(agents.phase).toBe('live');
    });
    // What comes after the retained message shows that it has come.
    await city.push([SERVER, reach(city, 'node-2')]);
    await city.untilState({ state: 'trial', running: 2 });
    expect(city.logged('config from central').slice(before)).toMatchObject([{ revision: 2 }]);
    await expectNothingLost(city);
  });

  it('comes back from the retained message when the data directory is lost', async () => {
    await city.edge.end('SIGTERM');
    city.loseEdgeData();
    city.startEdge();
    await city.untilState({ state: 'trial', running: 2 });
    await city.until(async () => expect(await devicesSeen(city)).toContain('node-2'));
  });
}

describe('config pushed by central, over the embedded broker', () => {
  const city = new ConfigCity('embedded');
  story(city);

  it('refuses a bad one with every problem, and never publishes it', async () => {
    const { status, json } = await city.push({
      collectors: [{ kind: 'ping' }, { kind: 'pong' }],
      broker: { url: 'mqtt://elsewhere' },
    });
    expect(status).toBe(422);
    expect(json['problems']).toEqual([
      expect.stringMatching(/^collectors\[0\]\.targets: /),
      expect.stringMatching(/^collectors\[1\]\.kind: expected one of .*, got "pong"$/),
      'broker: unknown setting',
    ]);
    await city.untilState({ state: 'running', desired: 2, running: 2 });
  });

  it('shows what the agent itself refuses, and raises an alert', async () => {
    await city.push(FORBIDDEN);
    const { problem } = await city.untilState({ state: 'failed', desired: 3, running: 2 });
    expect(problem).toMatchObject({ revision: 3, reason: expect.stringContaining('/secrets') as string });
    const { items } = await city.central.get<{ items: { id: string; config: object }[] }>(
      '/api/v1/agents?config=failed',
    );
    expect(items).toMatchObject([{ id: AGENT, config: { state: 'failed' } }]);
    const page = await (await city.central.fetch('/')).text();
    expect(page).toContain('configs not taken');
    await city.until(async () => {
      const { items: alerts } = await city.central.get<{ items: { rule: string; entity: object }[] }>(
        '/api/v1/alerts?state=active',
      );
      const found = alerts.filter(({ rule }) => rule === 'agent_config_failed');
      expect(found).toMatchObject([{ entity: { agent: AGENT } }]);
    });
  });

  it('rolls back at the next start what the agent died of', async () => {
    await city.push([SERVER, reach(city, 'node-deadly')]);
    await city.untilState({ state: 'trial', running: 4 });
    await city.edge.end('SIGKILL');
    city.startEdge();
    const { problem } = await city.untilState({ state: 'failed', desired: 4, running: 2 });
    expect(problem?.reason).toMatch(/^the agent ended while it was tried/);
  });

  it('is shown, pushed, waited for and rolled back from the command line', async () => {
    const file = city.file('collectors.yaml', `collectors:\n  - kind: server\n    intervalMs: 3000\n`);
    const pushed = await city.command(AGENT, '--file', file, '--wait', '2m');
    expect(pushed).toMatchObject({ code: 0, stdout: `${AGENT}: revision 5: running` });
    const shown = await city.command(AGENT, '--json');
    expect(JSON.parse(shown.stdout)).toMatchObject({ state: 'running', desired: 5 });
    expect((await city.command(AGENT)).stdout).toContain('kind: server');

    const wrong = await city.command(
      AGENT,
      'gw-2',
      '--file',
      city.file('bad.yaml', 'collectors: [{ kind: pong }]'),
    );
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toMatch(/^wardwatch: gw-26734-01: collectors\[0\]\.kind: expected one of/);
    expect(wrong.stderr).toContain('not pushed to gw-2');
    expect(await city.command('gw-typo', '--file', file)).toMatchObject({ code: 1 });
    expect(await city.command(AGENT, '--file', file, '--expect', '3')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('at revision 5, not 3') as string,
    });
    const failing = city.file('failing.yaml', { collectors: FORBIDDEN });
    const refused = await city.command(AGENT, '--file', failing, '--wait', '1m');
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('/secrets') as string });
    const back = await city.command(AGENT, '--rollback', '5', '--json');
    expect(JSON.parse(back.stdout)).toMatchObject({ agent: AGENT, state: 'pending', desired: 7, running: 5 });
    const removed = await city.command(AGENT, '--remove', '--wait', '2m');
    expect(removed).toMatchObject({ code: 0, stdout: `${AGENT}: revision 8: uses its own file` });
  });
});

describeWith(['mosquitto'], 'config pushed by central, over Mosquitto', () => {
  const city = new ConfigCity('mosquitto');
  story(city);

  it('is passed over as rubbish or as known already, and the next good one is taken', async () => {
    const forger = await connectAsync(city.brokerUrl, {
      username: 'central',
      password: 'of central',
      clientId: 'forger',
    });
    const topic = agentTopic(AGENT, 'config');
    const before = city.logged('config from central').length;
    const old = { v: 1, revision: 1, config: { collectors: [{ kind: 'server' }] } };
    const rubbish = [
      'collectors: yes',
      Buffer.from([0, 255, 254, 1]),
      'x'.repeat(60_000),
      JSON.stringify({ v: 2, revision: 9, config: null }),
      JSON.stringify({ v: 1, revision: -1, config: null }),
      JSON.stringify({ v: 1, revision: 2 ** 60, config: null }),
      '[]',
      '',
      JSON.stringify(old),
    ];
    for (const payload of rubbish) await forger.publishAsync(topic, payload, { qos: 1, retain: true });
    await forger.endAsync();
    await city.push([SERVER, reach(city, 'node-3')]);
    await city.untilState({ state: 'trial', running: 3 });
    // The log comes by a pipe, and may come later than the state.
    await city.until(() => {
      expect(city.logged('message ignored')).not.toEqual([]);
      expect(city.logged('config from central').slice(before)).toMatchObject([{ revision: 3 }]);
      return Promise.resolve();
    });
    expect(city.logged('connected to the broker')).toHaveLength(1);
  });

  it('is lost with the broker, and published again', async () => {
    await city.mosquitto?.restart();
    await city.edge.end('SIGTERM');
    city.loseEdgeData();
    city.startEdge();
    await city.untilState({ state: 'trial', running: 3 });
  });
});
