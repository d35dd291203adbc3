import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Sample } from '../../contract/sample.ts';
import { ApiHarness } from './testing/api-harness.ts';

let harness: ApiHarness;

const SERVICES = [
  { id: 'service-0', name: 'Service 0', agency: 'agency-1', needs: ['device:node-0', 'device:node-1'] },
  { id: 'service-1', name: 'Service 1', needs: [{ anyOf: ['device:node-1', 'device:node-2'] }] },
  { id: 'service-2', name: 'Service 2', needs: ['service:service-0'] },
];

beforeAll(async () => {
  harness = await ApiHarness.open();
  const payload = JSON.stringify({ services: SERVICES });
  expect(await harness.call('POST', '/api/v1/inventory/import', { payload })).toMatchObject({ status: 200 });
});
afterAll(async () => {
  expect(await harness.close()).toEqual([]);
});

/** Whether each of the three nodes is up, as its agent measures it now; resolves once that is known. */
async function measure(...up: readonly [boolean, boolean, boolean]): Promise<void> {
  const { clock, states } = harness.parts;
  up.forEach((isUp, number) => {
    const tags = { device: `node-${number}` };
    const sample: Sample = { measurement: 'device', tags, fields: { up: isUp }, timeMs: clock.now() };
    harness.receive(`gw-${number + 1}`, [sample]);
  });
  await vi.waitFor(() => {
    const found = up.map((_, number) => states.momentOf(`device:node-${number}`)?.state);
    expect(found).toEqual(up.map((isUp) => (isUp ? 'up' : 'down')));
  });
}

async function services(query = ''): Promise<string[]> {
  const { json } = await harness.call('GET', `/api/v1/services${query}`);
  const items = json['items'] as { id: string; state: string; reason: string }[];
  return items.map(({ id, state, reason }) => `${id} ${state}: ${reason}`);
}

describe('services', () => {
  it('follow what is measured of their chains, at once', async () => {
    await measure(true, true, true);
    expect(await services()).toEqual([
      'service-0 up: all that it needs is up',
      'service-1 up: all that it needs is up',
      'service-2 up: all that it needs is up',
    ]);
    await harness.advance(1_000);
    await measure(true, false, true);
    expect(await services()).toEqual([
      'service-0 down: node-1 down',
      'service-1 degraded: node-1 down',
      'service-2 down: service-0 down because of node-1',
    ]);
    const { json } = await harness.call('GET', '/api/v1/services?state=down&agency=agency-1');
    expect(json['items']).toMatchObject([
      {
        id: 'service-0',
        roots: ['device:node-1'],
        sinceMs: harness.parts.states.momentOf('device:node-1')?.sinceMs,
      },
    ]);
    await harness.advance(1_000);
    await measure(true, true, true);
    expect(await services('?state=down')).toEqual([]);
  });
});

describe('the blast radius', () => {
  const ask = async (query: string) => (await harness.call('GET', `/api/v1/blast-radius?${query}`)).json;

  it('of a site names what hangs on it, with counts, its own state and cuts told', async () => {
    await harness.advance(1_000);
    await measure(true, true, true);
    expect(await ask('of=site:site-0')).toMatchObject({
      of: 'site:site-0',
      given: 'all_up',
      state: 'up',
      counts: { devices: { cut: 1, degraded: 0 }, services: { cut: 2, degraded: 0 } },
      devices: [{ id: 'node-0', effect: 'cut', kind: 'node', site: 'site-0', unit: '26734' }],
      units: [{ id: '26734', effect: 'cut', sitesCut: 1, sites: 1, devicesCut: 1 }],
      services: [
        { id: 'service-0', effect: 'cut', reason: 'node-0 unreachable' },
        { id: 'service-2', effect: 'cut' },
      ],
      agencies: expect.arrayContaining([
        { id: 'agency-1', effect: 'cut', name: 'Sở 1', affected: 1 },
      ]) as unknown,
      truncated: false,
    });
    const short = await ask('of=site:site-0&limit=1');
    expect(short).toMatchObject({ counts: { services: { cut: 2 } }, truncated: true });
    expect(short['services']).toHaveLength(1);
  });

  it('counts what is down now, if asked to: of a pair, the other one holds all', async () => {
    await harness.advance(1_000);
    await measure(true, true, false);
    const effects = async (query: string): Promise<string[]> =>
      ((await ask(query))['services'] as { id: string; effect: string }[]).map(
        ({ id, effect }) => `${id} ${effect}`,
      );
    expect(await effects('of=device:node-1')).toEqual([
      'service-0 cut',
      'service-1 degraded',
      'service-2 cut',
    ]);
    expect(await effects('of=device:node-1&given=now')).toEqual([
      'service-0 cut',
      'service-1 cut',
      'service-2 cut',
    ]);
  });

  it.each([
    ['of=site:nowhere', 404, 'ENTRY_NOT_FOUND', 'querystring.of: the inventory has no site:nowhere'],
    [
      'of=hub-03',
      400,
      'INVALID_REQUEST',
      'querystring.of: expected device:, site:, link:, unit:, pool: or service: and an id, got "hub-03"',
    ],
  ])('refuses %s', async (query, status, code, detail) => {
    const answer = await harness.call('GET', `/api/v1/blast-radius?${query}`);
    expect(answer).toMatchObject({ status, json: { code, detail } });
  });
});

describe('reconciliation', () => {
  it('names what is unexpected, with the entry that would adopt it', async () => {
    const { json } = await harness.call('GET', '/api/v1/reconciliation?agent=gw-2');
    expect(json).toEqual({
      items: [
        {
          kind: 'unexpected',
          what: 'device',
          id: 'sensor-of-gw-2',
          site: 'site-1',
          unit: '26737',
          agents: ['gw-2'],
          sinceMs: expect.any(Number) as number,
          detail: 'it is measured (environment), and the inventory lacks it',
          proposal: {
            entry: { id: 'sensor-of-gw-2', kind: 'sensor', site: 'site-1', unit: '26737', agent: 'gw-2' },
          },
        },
      ],
      counts: { never_seen: 0, silent: 0, unexpected: 1, retired_reporting: 0 },
    });
  });

  it('names what was seen and is silent, by kind and unit', async () => {
    await harness.advance(15 * 60_000);
    const { json } = await harness.call('GET', '/api/v1/reconciliation?kind=silent&unit=26740');
    const items = json['items'] as { what: string; id: string; detail: string }[];
    expect(items.map(({ what, id, detail }) => `${what} ${id}: ${detail}`)).toEqual([
      'agent gw-3: it reports no more',
      'device node-2: nothing of it arrives any more; its agent gw-3 is silent',
    ]);
    expect(json['counts']).toMatchObject({ silent: 2, unexpected: 1 });
  });
});

describe('a device that is adopted', () => {
  const adopt = (device: string, token?: string) =>
    harness.call('POST', `/api/v1/devices/unexpected/${device}/adopt`, token === undefined ? {} : { token });

  it('is in the inventory as proposed, and unexpected no more', async () => {
    expect(await adopt('sensor-of-gw-2', harness.tokens.engineer)).toMatchObject({
      status: 200,
      json: {
        kind: 'devices',
        id: 'sensor-of-gw-2',
        changedBy: 'engineer',
        entry: { kind: 'sensor', site: 'site-1', unit: '26737', agent: 'gw-2' },
      },
    });
    const { json } = await harness.call('GET', '/api/v1/reconciliation?kind=unexpected&agent=gw-2');
    expect(json).toMatchObject({ items: [], counts: { unexpected: 0 } });
    expect((await harness.call('GET', '/api/v1/devices?unit=26737')).json['items']).toMatchObject([
      { id: 'node-1' },
      { id: 'sensor-of-gw-2' },
    ]);
  });

  it('must be one that reports and has a name that the inventory takes', async () => {
    expect(await adopt('sensor-of-gw-2')).toMatchObject({ status: 404, json: { code: 'DEVICE_NOT_FOUND' } });
    await harness.send('gw-1', [
      {
        ...{ measurement: 'environment', tags: { device: 'Sensor 1' }, fields: { smoke: false } },
        timeMs: harness.parts.clock.now(),
      },
    ]);
    expect(await adopt('Sensor%201')).toMatchObject({
      status: 422,
      json: { code: 'INVENTORY_REFUSED', problems: [expect.stringContaining('is no id')] },
    });
    expect((await adopt('sensor-of-gw-1', harness.tokens.viewer)).status).toBe(403);
  });
});
