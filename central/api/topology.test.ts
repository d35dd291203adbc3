import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sample } from '../../contract/sample.ts';
import { ApiHarness } from './testing/api-harness.ts';

let harness: ApiHarness;

const PLACE = { unit: '26740', longitude: 106.69, latitude: 10.79 };

beforeAll(async () => {
  harness = await ApiHarness.open();
  const payload = JSON.stringify({
    sites: [
      { id: 'city', name: 'City', kind: 'city', ...PLACE },
      { id: 'school', name: 'School', kind: 'site', ...PLACE },
    ],
    devices: [
      { id: 'core', kind: 'node', site: 'city', unit: '26740', agent: 'gw-1' },
      { id: 'school-1', kind: 'node', site: 'school', unit: '26740', agent: 'gw-1' },
      { id: 'school-2', kind: 'node', site: 'school', unit: '26740', agent: 'gw-1' },
    ],
  });
  expect(await harness.call('POST', '/api/v1/inventory/import', { payload })).toMatchObject({ status: 200 });
  await measure();
});
afterAll(async () => {
  expect(await harness.close()).toEqual([]);
});

/** The core and the school see each other; within the school one end reports. */
async function measure(): Promise<void> {
  const timeMs = harness.parts.clock.now();
  const identity = (device: string): Sample => {
    return {
      measurement: 'device_identity',
      tags: { device },
      fields: { name: `${device}.example.vn` },
      timeMs,
    };
  };
  const sees = (device: string, port: string, remote: string, remotePort: string): Sample => ({
    ...{ measurement: 'lldp_neighbor', tags: { device, interface: port }, timeMs },
    fields: { remote_device: `${remote}.example.vn`, remote_interface: remotePort, neighbors_count: 1 },
  });
  await harness.send('gw-1', [
    ...['core', 'school-1', 'school-2'].map(identity),
    sees('core', 'xe-0/1', 'school-1', 'ge-0/24'),
    sees('school-1', 'ge-0/24', 'core', 'xe-0/1'),
    sees('school-1', 'ge-0/1', 'school-2', 'eth0'),
  ]);
  await harness.advance(61_000);
}

interface View {
  readonly id: string;
  readonly confidence: string;
  readonly change: { readonly kind: string; readonly id: string; readonly revision: number };
}

async function proposals(query = ''): Promise<readonly View[]> {
  const { status, json } = await harness.call('GET', `/api/v1/topology/proposals${query}`);
  expect(status).toBe(200);
  return json['items'] as View[];
}

const names = (views: readonly View[]): string[] =>
  views.map(({ confidence, change: { kind, id } }) => `${confidence} ${kind}/${id}`);

async function proposalOf(entry: string): Promise<View> {
  const [view] = (await proposals()).filter(({ change }) => `${change.kind}/${change.id}` === entry);
  if (view === undefined) throw new Error(`nothing is proposed for ${entry}`);
  return view;
}

const post = (view: View, action: string, body: object, token = harness.tokens.admin) =>
  harness.call('POST', `/api/v1/topology/proposals/${view.id}/${action}`, {
    token,
    payload: JSON.stringify(body),
  });

describe('proposals of the measured wiring', () => {
  it('say what would change, by which evidence', async () => {
    expect(names(await proposals())).toEqual([
      'high links/core-school-1',
      'high sites/school',
      'medium devices/school-2',
    ]);
    expect(await proposalOf('sites/school')).toMatchObject({
      kind: 'parents',
      sites: ['school'],
      units: ['26740'],
      change: {
        revision: harness.parts.managedInventory.find('sites', 'school')?.revision,
        fields: [{ field: 'parents', after: ['city'] }],
        text: 'sites/school changed: parents none → ["city"]',
      },
      evidence: [
        { source: 'lldp', device: 'core', interface: 'xe-0/1', sees: 'school-1', agent: 'gw-1' },
        { device: 'school-1', interface: 'ge-0/24', as: 'core.example.vn, port xe-0/1' },
      ],
    });
  });

  it('are found by unit, site, confidence and kind', async () => {
    expect(names(await proposals('?unit=26734'))).toEqual([]);
    expect(names(await proposals('?site=city'))).toEqual(['high links/core-school-1']);
    expect(names(await proposals('?confidence=medium&site=school&unit=26740'))).toEqual([
      'medium devices/school-2',
    ]);
    expect(names(await proposals('?kind=parents&limit=1'))).toEqual(['high sites/school']);
  });

  it('are adopted by who has seen the entry as it is, and are proposed no more', async () => {
    const view = await proposalOf('links/core-school-1');
    expect((await post(view, 'adopt', { expectedRevision: 0 }, harness.tokens.operator)).status).toBe(403);
    expect(await post(view, 'adopt', { expectedRevision: 3 })).toMatchObject({
      status: 409,
      json: { code: 'REVISION_MOVED' },
    });
    expect(await post(view, 'adopt', { expectedRevision: 0 }, harness.tokens.engineer)).toMatchObject({
      status: 200,
      json: {
        changedBy: 'engineer',
        entry: {
          id: 'core-school-1',
          kind: 'other',
          ends: [
            { site: 'city', device: 'core', interface: 'xe-0/1' },
            { site: 'school', device: 'school-1', interface: 'ge-0/24' },
          ],
        },
      },
    });
    expect(names(await proposals())).toEqual(['high sites/school', 'medium devices/school-2']);
    expect(await post(view, 'adopt', { expectedRevision: 0 })).toMatchObject({
      status: 404,
      json: { code: 'PROPOSAL_NOT_FOUND' },
    });
    const site = await proposalOf('sites/school');
    expect(await post(site, 'adopt', { expectedRevision: site.change.revision })).toMatchObject({
      status: 200,
      json: { entry: { parents: ['city'] } },
    });
    const audit = (await harness.call('GET', '/api/v1/audit?limit=2')).json['items'];
    expect(audit).toMatchObject([
      { action: 'inventory.put', target: expect.stringContaining('sites/school changed: parents') as string },
      { action: 'inventory.put', actor: 'engineer' },
    ]);
  });

  it('are dismissed with a reason that is kept and audited, and listed on their own from then on', async () => {
    const view = await proposalOf('devices/school-2');
    expect((await post(view, 'dismiss', { reason: 'x' }, harness.tokens.viewer)).status).toBe(403);
    expect((await post(view, 'dismiss', { reason: ' ' })).status).toBe(400);
    expect(
      await post(view, 'dismiss', { reason: 'a cable for a test' }, harness.tokens.operator),
    ).toMatchObject({
      status: 200,
      json: { reason: 'a cable for a test', actor: 'operator' },
    });
    expect(await proposals()).toEqual([]);
    await measure();
    expect(await proposals()).toEqual([]);
    expect(await proposals('?dismissed=true')).toMatchObject([
      { id: view.id, dismissed: { reason: 'a cable for a test', actor: 'operator' } },
    ]);
    expect((await harness.call('GET', '/api/v1/audit?limit=1')).json['items']).toMatchObject([
      {
        action: 'topology.dismiss',
        target: expect.stringMatching(/devices\/school-2 changed: .*; a cable for a test$/) as string,
      },
    ]);
  });
});
