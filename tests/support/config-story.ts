import { afterAll, beforeAll, expect, it } from 'vitest';
import { AGENT, type ConfigCity } from './config-city.ts';
import { until } from './until.ts';

export const SERVER = { kind: 'server', intervalMs: 2_000 };

/** TCP connect time to central's own API: a target that is there. */
export function reach(city: ConfigCity, name: string): object {
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

/** What a config that central pushes does over every broker. */
export function configStory(city: ConfigCity): void {
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
    // The log comes by a pipe, and may come later than the state.
    await until(() =>
      expect(city.logged('config from central').slice(before)).toMatchObject([{ revision: 2 }]),
    );
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
