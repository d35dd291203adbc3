import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Sample } from '../../contract/sample.ts';
import { ApiHarness } from './testing/api-harness.ts';

let harness: ApiHarness;
beforeEach(async () => {
  harness = await ApiHarness.open();
});
afterEach(async () => {
  expect(await harness.close()).toEqual([]);
});

const SITE = { site: 'site-0', unit: '26734' };

/** The harness has let it smoke in every node already. */
const water = (device: string, isThere = true): Sample => ({
  measurement: 'environment',
  tags: { device },
  fields: { water_leak: isThere },
  timeMs: harness.parts.clock.now(),
});

async function put(path: string, entry: unknown): Promise<void> {
  const url = `/api/v1/inventory/${path}`;
  const { json } = await harness.call('GET', url);
  const payload = JSON.stringify({ expectedRevision: json['revision'] ?? 0, entry });
  expect(await harness.call('PUT', url, { payload })).toMatchObject({ status: 200 });
}

async function remove(path: string): Promise<void> {
  const url = `/api/v1/inventory/${path}`;
  const { json } = await harness.call('GET', url);
  const answer = await harness.call('DELETE', `${url}?expectedRevision=${String(json['revision'])}`);
  expect(answer.status).toBe(204);
}

/** Nothing else names node-0. */
async function freeNode(): Promise<void> {
  await remove('services/service-0');
  await remove('interfaces/node-0%2Fge-0%2F0%2F1');
  await remove('links/link-0');
}

const unexpected = (): string[] => harness.parts.unexpectedDevices.list().map(({ device }) => device);
const isMeasured = (device: string): boolean => harness.parts.latest.isMeasured('device', device);
const alertsOn = (device: string) =>
  harness.parts.alerts
    .active()
    .filter(({ rule, entity }) => rule === 'room_water' && entity['device'] === device);
async function quarantined(code: string): Promise<unknown> {
  const { json } = await harness.call('GET', '/api/v1/quarantine');
  return (json['counts'] as Record<string, number>)[code];
}

describe('a device that reports', () => {
  it('is expected as soon as the inventory has it, and raises alerts with its next row', async () => {
    await harness.send('gw-1', [water('sensor-of-gw-1')]);
    await harness.advance(30_000);
    expect(unexpected()).toContain('sensor-of-gw-1');
    expect(alertsOn('sensor-of-gw-1')).toEqual([]);

    await put('devices/sensor-of-gw-1', { id: 'sensor-of-gw-1', kind: 'sensor', agent: 'gw-1', ...SITE });
    expect(unexpected()).not.toContain('sensor-of-gw-1');
    expect(isMeasured('sensor-of-gw-1')).toBe(true);

    await harness.send('gw-1', [water('sensor-of-gw-1')]);
    expect(alertsOn('sensor-of-gw-1')).toMatchObject([{ unit: '26734', site: 'site-0' }]);
  });

  it('is "seen, not expected" as soon as it has left the inventory, and is stored and shown all the same', async () => {
    await freeNode();
    await remove('devices/node-0');
    expect(unexpected()).toContain('node-0');
    await harness.send('gw-1', [water('node-0', false)]);
    expect(isMeasured('node-0')).toBe(true);
    expect((await harness.call('GET', '/api/v1/devices/unexpected?agent=gw-1')).json).toMatchObject({
      items: [{ device: 'node-0', agents: ['gw-1'], series: 1 }, { device: 'sensor-of-gw-1' }],
    });
  });

  it('whose agent is another now is taken from that one, and refused from the one before', async () => {
    expect(isMeasured('node-0')).toBe(true);
    await put('devices/node-0', { id: 'node-0', kind: 'node', agent: 'gw-2', ...SITE });
    // What the one before said of it holds no longer.
    expect(isMeasured('node-0')).toBe(false);
    await harness.send('gw-1', [water('node-0'), water('sensor-of-gw-1', false)]);
    expect(await quarantined('foreign-device')).toBe(1);
    expect(isMeasured('node-0')).toBe(false);
    expect(alertsOn('node-0')).toEqual([]);

    await harness.send('gw-2', [water('node-0')]);
    expect(isMeasured('node-0')).toBe(true);
    expect(alertsOn('node-0')).toMatchObject([{ agent: 'gw-2' }]);

    await put('devices/node-0', {
      id: 'node-0',
      kind: 'node',
      agent: 'gw-2',
      otherAgents: ['gw-1'],
      ...SITE,
    });
    await harness.send('gw-1', [water('node-0')]);
    expect(await quarantined('foreign-device')).toBe(1);
  });

  it('that moved is where the inventory has it, in its list, its unit and its next alerts', async () => {
    await freeNode();
    await put('devices/node-0', { id: 'node-0', kind: 'node', agent: 'gw-1', site: 'site-2', unit: '26740' });
    await harness.send('gw-1', [water('node-0')]);
    expect(alertsOn('node-0')).toMatchObject([{ unit: '26740', site: 'site-2' }]);
    expect((await harness.call('GET', '/api/v1/devices?unit=26740')).json).toMatchObject({
      items: [{ id: 'node-0' }, { id: 'node-2' }],
    });
  });

  it('is expected again, where the last device leaves the inventory and nothing is known of what should be', async () => {
    await freeNode();
    const none = 'devices: []\ninterfaces: []\nservices: []\nlinks: []\n';
    const answer = await harness.call('POST', '/api/v1/inventory/import?prune=true', {
      payload: none,
      type: 'application/yaml',
    });
    expect(answer.status).toBe(200);
    expect(unexpected()).toEqual([]);
  });
});

describe('an agent', () => {
  const silent = (): string[] =>
    harness.parts.alerts.active().flatMap(({ rule, agent }) => (rule === 'agent_silent' ? [agent] : []));
  /** The others report, so that central is not deaf. */
  function live(): void {
    const birth = { v: 1, online: true, birth: 1, intervalMs: 600_000, kind: 'gateway' } as const;
    for (const agent of ['gw-1', 'gw-2', 'gw-3'])
      harness.parts.registry.recordState(agent, birth, harness.parts.clock.now());
  }

  it('that came into the inventory is missed from then on, and no more once it has left it', async () => {
    live();
    await harness.advance(120_000);
    await put('agents/gw-9', { id: 'gw-9', kind: 'gateway', ...SITE });
    expect((await harness.call('GET', '/api/v1/agents/gw-9')).json).toMatchObject({
      phase: 'never_seen',
      expected: true,
    });
    await harness.advance(2_000);
    expect(silent()).toEqual([]);
    await harness.advance(120_000);
    expect(silent()).toEqual(['gw-9']);
    await remove('agents/gw-9');
    expect(silent()).toEqual([]);
    expect(await harness.call('GET', '/api/v1/agents/gw-9')).toMatchObject({ status: 404 });
  });

  it('may be silent as long as the inventory says now', async () => {
    const agent = { id: 'gw-1', kind: 'gateway', ...SITE };
    const birth = { v: 1, online: true, birth: 1, intervalMs: 60_000, kind: 'gateway' } as const;
    const { registry, clock } = harness.parts;
    registry.recordState('gw-1', birth, clock.now());
    const intervalMs = (): number | undefined => registry.get('gw-1', clock.now())?.intervalMs;
    expect(intervalMs()).toBe(60_000);
    await put('agents/gw-1', { ...agent, maxIntervalMs: 20_000 });
    expect(intervalMs()).toBe(20_000);
    await put('agents/gw-1', agent);
    expect(intervalMs()).toBe(60_000);
  });
});

describe('a part of central that cannot follow the inventory', () => {
  it('neither keeps whoever wrote it from the answer nor goes unseen', async () => {
    harness.parts.managedInventory.live.onChange(() => {
      throw new Error('a bug');
    });
    await put('agencies/agency-9', { id: 'agency-9', name: 'Sở Y tế' });
    expect(harness.parts.ingest.stats().internalErrors).toBe(1);
  });
});
