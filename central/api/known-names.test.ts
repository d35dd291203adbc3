import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiHarness } from './testing/api-harness.ts';

let harness: ApiHarness;

beforeAll(async () => {
  harness = await ApiHarness.open();
  const payload = JSON.stringify({
    formerUnits: [
      { code: '26728', name: 'Đa Kao', kind: 'ward', until: '2025-07-01', successors: ['26734'] },
    ],
    units: [
      {
        ...{ code: '26734', name: 'Tân Định', nameEn: 'Tan Dinh', kind: 'ward' },
        ...{ longitude: 106.69, latitude: 10.79, areaKm2: 1.2 },
      },
    ],
  });
  expect(await harness.call('POST', '/api/v1/inventory/import', { payload })).toMatchObject({ status: 200 });
});
afterAll(async () => {
  expect(await harness.close()).toEqual([]);
});

const get = (url: string) => harness.call('GET', `/api/v1/${url}`);

describe('a filter by what nobody knows', () => {
  it.each([
    ['devices?unit=99999', 'unit: expected the code of a unit of the inventory, got "99999"'],
    [
      'devices?unit=26735',
      'unit: expected the code of a unit of the inventory, got "26735", did you mean "26734"?',
    ],
    [
      'sites?unit=tan%20dinh',
      'unit: expected the code of a unit of the inventory, got "tan dinh", did you mean "26734" (Tân Định)?',
    ],
    [
      'devices?site=site-9',
      'site: expected the id of a site of the inventory, got "site-9", did you mean "site-0"?',
    ],
    [
      'alerts?device=node-00',
      'device: expected the id of a device of the inventory, got "node-00", did you mean "node-0"?',
    ],
    ['changes?device=nowhere', 'device: expected the id of a device of the inventory, got "nowhere"'],
    ['agents?unit=99999', 'unit: '],
    ['services?agency=so-khcm', 'agency: expected the id of an agency of the inventory, got "so-khcm"'],
    ['links?operator=viettel', 'operator: expected an operator of a link of the inventory, got "viettel"'],
    [
      'interfaces?link=link-9',
      'link: expected the id of a link of the inventory, got "link-9", did you mean "link-0"?',
    ],
    ['pools?resource=vcpu', 'resource: expected a resource of a pool of the inventory, got "vcpu"'],
    [
      'ledger?agent=gw-9',
      'agent: expected the id of an agent of the inventory, got "gw-9", did you mean "gw-1"?',
    ],
    ['quarantine?agent=nobody', 'agent: '],
    ['reconciliation?unit=99999', 'unit: '],
    [
      'states?of=service&id=service-9',
      'id: expected the id of a service of the inventory, got "service-9", did you mean "service-0"?',
    ],
    ['availability?of=agency&id=nowhere', 'id: expected the id of an agency'],
    ['availability?of=site&unit=99999', 'unit: '],
    [
      'availability?of=unit&geography=2025-06-30&unit=99999',
      'unit: expected the code of a unit of 2025-06-30, got "99999"',
    ],
    ['series?measurement=environment&field=smoke&tag.unit=99999', 'tag.unit: expected the code of a unit'],
    ['top?measurement=environment&field=smoke&tag.device=n-1', 'tag.device: expected the id of a device'],
    ['alerts/stats?unit=99999', 'unit: expected the code of a unit'],
    ['events?unit=99999', 'unit: expected the code of a unit'],
    ['ledger/completeness?unit=99999', 'unit: expected the code of a unit'],
  ])('%s is refused', async (url, detail) => {
    const { status, json } = await get(url);
    expect([status, json['code']]).toEqual([400, 'UNKNOWN_NAME']);
    expect(json['detail']).toContain(`querystring.${detail}`);
  });

  it('names all that are unknown, and where a former unit is today', async () => {
    const { json } = await get('devices?unit=26728&site=nowhere');
    expect(json['problems']).toEqual([
      expect.stringContaining(
        'querystring.unit: expected the code of a unit of the inventory, got "26728", ',
      ),
      'querystring.site: expected the id of a site of the inventory, got "nowhere"',
    ]);
    expect((await get('devices?unit=da%20kao')).json['detail']).toContain(
      'got "da kao", which was Đa Kao, today in "26734"',
    );
  });
});

describe('a filter by what is known', () => {
  it.each([
    'devices?unit=26740&state=down',
    'alerts?device=sensor-of-gw-1&severity=warning',
    'changes?unit=26734&since=-1s',
    'links?site=site-1&state=down',
    'top?measurement=disk&field=used_percent&tag.device=sda',
  ])('%s finds nothing, and says so', async (url) => {
    expect((await get(url)).status).toBe(200);
  });
});

it('a tag that is given as a parameter is told how', async () => {
  const { json } = await get('series?measurement=environment&field=smoke&unit=26734');
  expect(json).toMatchObject({
    code: 'UNKNOWN_PARAMETER',
    detail: 'unknown query parameter "unit", did you mean "tag.unit"?',
  });
});

it('links have a state, and are found by it', async () => {
  const { json } = await get('links?state=unknown&site=site-0');
  expect(
    (json['items'] as { id: string; state: string; inService: boolean }[]).map(
      ({ id, state }) => `${id} ${state}`,
    ),
  ).toEqual(['link-0 unknown', 'link-2 unknown']);
});

it('agents of which no version is known are counted, where a version is asked for', async () => {
  expect((await get('agents?version=<9.0.0')).json).toEqual({ items: [], withoutVersion: 3 });
  expect((await get('agents?version=<9.0.0&unit=26734')).json).toEqual({ items: [], withoutVersion: 1 });
  expect((await get('agents')).json).not.toHaveProperty('withoutVersion');
});

it.each([
  ['name', 'U+202E'],
  ['notes', 'U+200B'],
  ['contact', 'U+FEFF'],
])('a %s with an invisible character is refused, which is named: %s', async (field, named) => {
  const text = `a${String.fromCodePoint(parseInt(named.slice(2), 16))}b`;
  const site = {
    id: 'site-0',
    unit: '26734',
    name: 'x',
    kind: 'site',
    longitude: 106.69,
    latitude: 10.79,
    [field]: text,
  };
  const { status, json } = await harness.call('POST', '/api/v1/inventory/import', {
    payload: JSON.stringify({ sites: [site] }),
  });
  expect([status, json['code']]).toEqual([422, 'INVENTORY_REFUSED']);
  expect(JSON.stringify(json['problems'])).toContain(
    `${field}: expected a text without invisible format characters, got ${named} in it`,
  );
});
