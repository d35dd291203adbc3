import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiHarness, type Answer } from './testing/api-harness.ts';

let harness: ApiHarness;
beforeEach(async () => {
  harness = await ApiHarness.open();
});
afterEach(async () => {
  expect(await harness.close()).toEqual([]);
});

const put = (path: string, entry: unknown, expectedRevision: number, token = harness.tokens.engineer) =>
  harness.call('PUT', `/api/v1/inventory/${path}`, {
    payload: JSON.stringify({ expectedRevision, entry }),
    token,
  });
const get = async (path: string) => (await harness.call('GET', `/api/v1${path}`)).json;
const importYaml = (text: string, query = '') =>
  harness.call('POST', `/api/v1/inventory/import${query}`, {
    payload: text,
    type: 'application/yaml',
    token: harness.tokens.engineer,
  });
const problemsOf = ({ json }: Answer): unknown => json['problems'];

const sensor = { id: 'sensor-9', kind: 'sensor', site: 'site-0', unit: '26734', agent: 'gw-1' };

describe('one entry of the inventory', () => {
  it('is added, changed and removed by whoever has seen what is there now', async () => {
    const added = await put('devices/sensor-9', sensor, 0);
    expect(added).toMatchObject({
      status: 200,
      json: { kind: 'devices', id: 'sensor-9', changedBy: 'engineer', entry: sensor },
    });
    const first = Number(added.json['revision']);
    const changed = await put('devices/sensor-9', { ...sensor, agent: 'gw-2' }, first);
    expect(changed.json).toMatchObject({ revision: first + 1, entry: { agent: 'gw-2' } });

    const late = await put('devices/sensor-9', { ...sensor, name: 'Cửa phòng máy' }, first);
    expect(late).toMatchObject({
      status: 409,
      json: {
        code: 'REVISION_MOVED',
        detail: `devices/sensor-9 is at revision ${first + 1}, by engineer; expectedRevision was ${first}`,
      },
    });
    const again = await put('devices/sensor-9', sensor, 0);
    expect(again).toMatchObject({ status: 409, json: { code: 'REVISION_MOVED' } });

    const url = `/api/v1/inventory/devices/sensor-9?expectedRevision=`;
    expect(await harness.call('DELETE', `${url}${first}`)).toMatchObject({ status: 409 });
    expect(await harness.call('DELETE', `${url}${first + 1}`)).toMatchObject({ status: 204 });
    expect(await harness.call('GET', '/api/v1/inventory/devices/sensor-9')).toMatchObject({
      status: 404,
      json: { code: 'ENTRY_NOT_FOUND' },
    });
  });

  it('that did not change keeps its revision', async () => {
    const { json } = await put('devices/sensor-9', sensor, 0);
    expect((await put('devices/sensor-9', sensor, Number(json['revision']))).json).toEqual(json);
  });

  it('is known by what makes it unique: device and name of a port, id and resource of a pool', async () => {
    expect(await get(`/inventory/interfaces/${encodeURIComponent('node-0/ge-0/0/1')}`)).toMatchObject({
      entry: { device: 'node-0', name: 'ge-0/0/1' },
    });
    expect(await get('/inventory/pools/pool-1%2Fstorage')).toMatchObject({ entry: { site: 'site-1' } });
  });

  it('with mistakes is refused with all of them, and the nearest known name', async () => {
    const answer = await put(
      'devices/sensor-9',
      { ...sensor, site: 'site-7', agent: 'gw-7', unit: '26735' },
      0,
    );
    expect(answer).toMatchObject({ status: 422, json: { code: 'INVENTORY_REFUSED' } });
    expect(problemsOf(answer)).toEqual([
      expect.stringMatching(
        /^devices\/sensor-9: site: no such entry, got "site-7", did you mean "site-\d"\?$/,
      ),
      expect.stringMatching(/^devices\/sensor-9: unit: no such entry, got "26735", did you mean "\d{5}"\?$/),
      expect.stringMatching(/^devices\/sensor-9: agent: no such entry, got "gw-7", did you mean "gw-\d"\?$/),
    ]);
    expect(problemsOf(await put('devices/sensor-9', { ...sensor, kind: 'sensr', port: 3 }, 0))).toEqual([
      expect.stringMatching(/^devices\/sensor-9: kind: .*, got "sensr"$/),
      'devices/sensor-9: port: unknown setting',
    ]);
    expect(problemsOf(await put('devices/sensor-8', sensor, 0))).toEqual([
      'devices/sensor-8: the entry is devices/sensor-9',
    ]);
    expect(problemsOf(await put('devices/sensor-9', '['.repeat(50), 0))).toHaveLength(1);
  });

  it('that others name is not removed', async () => {
    const { revision } = await get('/inventory/agents/gw-1');
    const answer = await harness.call(
      'DELETE',
      `/api/v1/inventory/agents/gw-1?expectedRevision=${String(revision)}`,
    );
    expect(problemsOf(answer)).toEqual([
      expect.stringMatching(/^devices\/node-0 \(in the inventory\): agent: no such entry, got "gw-1"/),
    ]);
  });
});

describe('many writes of single entries', () => {
  it('wait, whichever route they take, and are pointed to the import', async () => {
    const path = '/api/v1/inventory/agencies/agency-8';
    const rename = async (name: string): Promise<Answer> =>
      put(
        'agencies/agency-8',
        { id: 'agency-8', name },
        Number((await harness.call('GET', path)).json['revision'] ?? 0),
      );
    const statuses: number[] = [];
    for (let turn = 0; turn < 20; turn++) statuses.push((await rename(`Sở ${turn}`)).status);
    expect(new Set(statuses)).toEqual(new Set([200]));

    const refused = await rename('Sở 20');
    expect(refused).toMatchObject({
      status: 429,
      headers: { 'retry-after': '1' },
      json: { code: 'TOO_MANY_REQUESTS', detail: expect.stringContaining('/inventory/import') as string },
    });
    expect(await harness.call('DELETE', `${path}?expectedRevision=1`)).toMatchObject({ status: 429 });
    expect(
      await harness.call('POST', '/api/v1/devices/unexpected/sensor-of-gw-2/adopt', {
        token: harness.tokens.engineer,
      }),
    ).toMatchObject({ status: 429 });
    expect(await get('/inventory/agencies/agency-8')).toMatchObject({ entry: { name: 'Sở 19' } });

    expect(await importYaml('agencies: [{ id: agency-8, name: Sở 21 }]')).toMatchObject({ status: 200 });
    await harness.advance(1_000);
    expect((await rename('Sở 22')).status).toBe(200);
  });
});

describe('an import', () => {
  const text = `
agencies:
  - { id: agency-0, name: Sở Khoa học và Công nghệ }
  - { id: agency-9, name: Sở Y tế, contact: 028 0000 0000 }
devices:
  - { id: sensor-9, kind: sensor, site: site-0, unit: '26734', agent: gw-1, agency: agency-9 }
`;

  it('says first what would change, and then changes it, or not if somebody was faster', async () => {
    const before = Number((await importYaml('agencies: []')).json['revision']);
    const dry = await importYaml(text, '?dryRun=true');
    expect(dry).toMatchObject({
      status: 200,
      json: {
        revision: before,
        dryRun: true,
        counts: { added: 2, changed: 1, removed: 0 },
        added: [
          { kind: 'agencies', id: 'agency-9' },
          { kind: 'devices', id: 'sensor-9' },
        ],
        changed: [
          {
            kind: 'agencies',
            id: 'agency-0',
            fields: [{ field: 'name', before: 'Sở 0', after: 'Sở Khoa học và Công nghệ' }],
          },
        ],
        removed: [],
        truncated: false,
      },
    });
    expect(await get('/agencies')).toMatchObject({ items: [{ name: 'Sở 0' }, {}, {}] });

    const done = await importYaml(text, `?expectedRevision=${before}`);
    expect(done.json).toMatchObject({
      revision: before + 1,
      dryRun: false,
      counts: { added: 2, changed: 1 },
    });
    expect(await importYaml(text, `?expectedRevision=${before}`)).toMatchObject({
      status: 409,
      json: { code: 'REVISION_MOVED' },
    });
    expect((await importYaml(text)).json).toMatchObject({ counts: { added: 0, changed: 0, removed: 0 } });
  });

  it('removes what its lists lack only if it is asked to, and never from lists that it does not have', async () => {
    const fewer = 'services:\n  - { id: service-0, name: Dịch vụ 0, needs: [device:node-0] }\n';
    expect((await importYaml(fewer)).json).toMatchObject({ counts: { removed: 0 } });
    expect((await importYaml(fewer, '?prune=true')).json).toMatchObject({
      counts: { added: 0, changed: 0, removed: 2 },
      removed: [
        { kind: 'services', id: 'service-1' },
        { kind: 'services', id: 'service-2' },
      ],
    });
    expect(await get('/links')).toMatchObject({ items: [{}, {}, {}] });
  });

  it('with mistakes changes nothing, and names all of them, by list, position and id', async () => {
    const before = await get('/inventory/changes');
    const answer = await importYaml(`
agencies:
  - { id: agency-9, name: Sở Y tế }
devices:
  - { id: sensor-8, kind: sensor, site: site-0, unit: '26734', agent: gw-1, agency: agency-77 }
  - { id: node-0, kind: node, site: site-0, unit: '26734', agent: gw-1, parents: [node-1] }
  - { id: node-1, kind: node, site: site-1, unit: '26737', agent: gw-2, parents: [node-0] }
  - { id: sensor-9, kind: sensr, site: site-1, unit: '26737', agent: gw-1 }
  - { id: sensor-8, kind: sensor, site: site-1, unit: '26737', agent: gw-1 }
interfaces:
  - { device: sensor-9, name: eth0 }
`);
    expect(answer).toMatchObject({ status: 422, json: { code: 'INVENTORY_REFUSED' } });
    expect(problemsOf(answer)).toEqual([
      expect.stringMatching(/^the body: devices\[3\]\.kind: .*, got "sensr"$/),
      expect.stringContaining(
        'the body: devices[4].id: expected a unique id in one site, not in site-0 and in site-1, got "sensor-8" again',
      ),
      expect.stringContaining(
        'the body: devices[0].agency: no such entry, got "agency-77", did you mean "agency-',
      ),
      expect.stringMatching(/^the body: devices\[\d\]\.parents: .*node-0.*node-1/),
    ]);
    expect(await get('/inventory/changes')).toEqual(before);
  });

  it.each([
    ['YAML that is none', 'devices: [', 422, /not valid YAML/],
    ['brackets without end', '['.repeat(100_000), 422, /nested more than 100 levels deep/],
    ['a list that does not exist', 'device: []', 400, /[Uu]nrecognized key.*device/],
    ['a list that is none', 'devices: 7', 400, /expected array/],
    [
      'an entry nested deeply',
      `{"devices":[${'['.repeat(5_000)}${']'.repeat(5_000)}]}`,
      422,
      /nested too deeply/,
    ],
    [
      'much YAML that is not as an export',
      `# ${'x'.repeat(300_000)}\ndevices: [ ]`,
      422,
      /larger than 262144 bytes/,
    ],
  ])('of %s is refused', async (_, body, status, problem) => {
    const answer = await importYaml(body);
    expect(answer.status).toBe(status);
    expect(JSON.stringify(problemsOf(answer))).toMatch(problem);
  });

  it('takes 16 MiB and no more, and not one after the other', async () => {
    const large = `# ${'x'.repeat(16 * 1024 * 1024)}\n`;
    expect(await importYaml(large)).toMatchObject({ status: 413, json: { code: 'BODY_TOO_LARGE' } });
    const almost = `agencies: []\n# ${'x'.repeat(16 * 1024 * 1024 - 100)}\n`;
    const statuses: number[] = [];
    for (let turn = 0; turn < 5; turn++) statuses.push((await importYaml(almost)).status);
    expect(statuses).toEqual([200, 200, 200, 200, 429]);
  });

  it('of an export changes nothing, and brings all of it back where there is nothing', async () => {
    await importYaml(text);
    const exported = await harness.call('GET', '/api/v1/inventory/export', { token: harness.tokens.viewer });
    expect(exported).toMatchObject({ status: 200, type: 'application/yaml' });
    expect((await importYaml(exported.text, '?prune=true')).json).toMatchObject({
      counts: { added: 0, changed: 0, removed: 0 },
    });
    const other = await ApiHarness.open();
    const empty =
      'units: []\nsites: []\nagents: []\ndevices: []\nlinks: []\npools: []\nservices: []\nagencies: []\ninterfaces: []\n';
    const send = (payload: string) =>
      other.call('POST', '/api/v1/inventory/import?prune=true', { payload, type: 'application/yaml' });
    expect((await send(empty)).json).toMatchObject({ counts: { added: 0, changed: 0 } });
    expect((await send(exported.text)).status).toBe(200);
    const again = await other.call('GET', '/api/v1/inventory/export');
    expect(again.text.split('\n').slice(1)).toEqual(exported.text.split('\n').slice(1));
    await other.close();
  });
});

describe('the history of the inventory', () => {
  it('has every change with before and after, who and when, and the audit log names it', async () => {
    const { json } = await put('devices/sensor-9', sensor, 0);
    await put('devices/sensor-9', { ...sensor, agent: 'gw-2' }, Number(json['revision']));
    const { items } = (await get('/inventory/changes?kind=devices&id=sensor-9')) as { items: unknown[] };
    expect(items).toMatchObject([
      {
        actor: 'engineer',
        kind: 'devices',
        id: 'sensor-9',
        before: { agent: 'gw-1' },
        after: { agent: 'gw-2' },
        fields: [{ field: 'agent', before: 'gw-1', after: 'gw-2' }],
      },
      { after: sensor },
    ]);
    expect(items[1]).not.toHaveProperty('before');
    const audit = (await get('/audit?limit=1')) as { items: { action: string; target: string }[] };
    expect(audit.items[0]).toMatchObject({
      actor: 'engineer',
      action: 'inventory.put',
      target: expect.stringMatching(
        /^revision \d+: devices\/sensor-9 changed: agent "gw-1" → "gw-2"$/,
      ) as string,
    });
  });
});

describe('an import of CSV', () => {
  const importCsv = (text: string, query = 'kind=devices') =>
    harness.call('POST', `/api/v1/inventory/import-csv?${query}`, {
      payload: text,
      type: 'text/csv',
      token: harness.tokens.engineer,
    });

  it('adds the entries of one list to what is there, as Excel writes it', async () => {
    const answer = await importCsv('\uFEFFid;kind;site;unit;agent\r\nsensor-9;sensor;site-0;26734;gw-1\r\n');
    expect(answer.json).toMatchObject({
      counts: { added: 1, changed: 0, removed: 0 },
      added: [{ kind: 'devices', id: 'sensor-9' }],
    });
    expect(await get('/devices?unit=26734')).toMatchObject({ items: [{ id: 'node-0' }, sensor] });
  });

  it('is refused in another type, and for a list that does not exist', async () => {
    expect(await importCsv('id\n', 'kind=device')).toMatchObject({ status: 400 });
    const yaml = { payload: 'devices: []', type: 'application/yaml' };
    expect(await harness.call('POST', '/api/v1/inventory/import-csv?kind=devices', yaml)).toMatchObject({
      status: 415,
    });
  });
});

describe('the search', () => {
  it('finds what the inventory has now, without diacritics', async () => {
    expect(await get('/search?q=phuong%201')).toMatchObject({ hits: [{ kind: 'unit', id: '26737' }] });
    await put('agencies/agency-9', { id: 'agency-9', name: 'Sở Y tế' }, 0);
    expect(await get('/search?q=so%20y%20te')).toMatchObject({
      hits: [{ kind: 'agency', id: 'agency-9', name: 'Sở Y tế' }],
      total: 1,
      truncated: false,
    });
    expect(await get('/search?q=phuong&limit=1&kind=unit')).toMatchObject({ total: 3, truncated: true });
  });
});

describe('the lists of the inventory', () => {
  it('are filtered by what their entries name', async () => {
    const idsOf = async (path: string): Promise<unknown> =>
      ((await get(path)) as { items: { id?: string; device?: string }[] }).items.map(
        ({ id, device }) => id ?? device,
      );
    expect(await idsOf('/links?site=site-1')).toEqual(['link-0', 'link-1']);
    expect(await idsOf('/links?site=site-1&device=node-1')).toEqual(['link-1']);
    expect(await idsOf('/links?agency=agency-2')).toEqual(['link-2']);
    expect(await idsOf('/links?site=site-1&agency=agency-2')).toEqual([]);
    expect(await idsOf('/interfaces?device=node-2')).toEqual(['node-2']);
    expect(await idsOf('/interfaces?link=link-1')).toEqual(['node-1']);
    expect(await idsOf('/pools?site=site-0')).toEqual(['pool-0']);
    expect(await idsOf('/services?agency=agency-0')).toEqual([]);
  });
});
