import { describe, expect, it } from 'vitest';
import { AGENT, ConfigCity } from '../support/config-city.ts';
import { configStory, reach, SERVER } from '../support/config-story.ts';

/** Settings that no checker but the agent's own can object to: central does not know the agent's directories. */
const FORBIDDEN = [
  SERVER,
  {
    kind: 'snmp',
    credentials: { nodes: { version: '2c', community: { file: '/etc/wardwatch/password' } } },
    devices: [{ device: 'n-1', address: '127.0.0.1', credentials: 'nodes' }],
  },
];

describe('config pushed by central, over the embedded broker', () => {
  const city = new ConfigCity('embedded');
  configStory(city);

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
    const page = await (await city.central.fetch('/plain')).text();
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
