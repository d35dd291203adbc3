import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AGENT, ConfigCity } from '../support/config-city.ts';

interface RolloutView {
  readonly state: string;
  readonly stopReasons: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
}

/** What the agent alone can refuse: central does not know its directories. */
const FORBIDDEN = {
  collectors: [
    {
      kind: 'snmp',
      credentials: { nodes: { version: '2c', community: { file: '/etc/wardwatch/password' } } },
      devices: [{ device: 'n-1', address: '127.0.0.1', credentials: 'nodes' }],
    },
  ],
};

describe('a config that is rolled out', () => {
  const city = new ConfigCity('embedded');
  beforeAll(async () => {
    await city.start();
    await city.until(async () => {
      const agent = await city.central.get<{ phase: string }>(`/api/v1/agents/${AGENT}`);
      expect(agent.phase).toBe('live');
    });
  });
  afterAll(() => city.stop());

  const command = (...args: readonly string[]) => city.run('rollout', ...args);
  const untilRollout = (id: number, state: string): Promise<RolloutView> =>
    city
      .until(async () => {
        const found = await city.central.get<RolloutView>(`/api/v1/rollouts/${id}`);
        expect(found.state).toBe(state);
      })
      .then(() => city.central.get<RolloutView>(`/api/v1/rollouts/${id}`));

  it('is shown before anything is sent', async () => {
    const file = city.file('good.yaml', 'collectors: [{ kind: server, intervalMs: 3000 }]\n');
    expect(await command('--file', file, '--all', '--preview')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('1 agents would change, in stages of 1') as string,
    });
    const wrong = city.file('wrong.yaml', 'collectors: [{ kind: pong }]\n');
    expect(await command('--file', wrong, '--all', '--reason', 'a test')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('collectors[0].kind: expected one of') as string,
    });
    expect(await city.config()).toMatchObject({ desired: 0 });
  });

  it('stops by itself when an agent refuses it, also over a kill of central, and is rolled back', async () => {
    const file = city.file('forbidden.yaml', FORBIDDEN);
    const begun = await command('--file', file, '--agents', AGENT, '--reason', 'a test', '--watch', '1s');
    expect(begun).toMatchObject({
      code: 0,
      stdout: 'roll-out 1: running, stage 1 of 1, 0 of 1 agents run it: a test',
    });
    await city.central.end('SIGKILL');
    await city.startCentral();
    const { stopReasons } = await untilRollout(1, 'stopped');
    expect(stopReasons).toEqual([expect.stringMatching(/did not take it: .*\/secrets/)]);
    expect((await command('1')).stdout).toContain('roll-out 1: stopped');
    expect(await command('1', '--pause')).toMatchObject({ code: 1 });
    await command('1', '--rollback');
    await untilRollout(1, 'rolled_back');
    await city.untilState({ state: 'own_file', desired: 2 });
  });
});
