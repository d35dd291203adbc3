import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiHarness } from './testing/api-harness.ts';

let harness: ApiHarness;
beforeAll(async () => {
  harness = await ApiHarness.open();
});
afterAll(async () => {
  expect(await harness.close()).toEqual([]);
});

const post = (path: string, body: object, token = harness.tokens.engineer) =>
  harness.call('POST', `/api/v1${path}`, { payload: JSON.stringify(body), token });
const get = async (path: string) => (await harness.call('GET', `/api/v1${path}`)).json;
const audited = async () =>
  ((await get('/audit?limit=3'))['items'] as { action: string; target: string }[]).map(
    ({ action, target }) => `${action} ${target}`,
  );

describe('the quarantine', () => {
  it('is looked at by group, taken in again by engineers and given up by administrators', async () => {
    const { clock, quarantine } = harness.parts;
    const raw = {
      baseMs: clock.now(),
      tags: ['device'],
      fields: ['smoke'],
      row: [['node-0'], -5_000, [true]],
    };
    const row = {
      agent: 'gw-1',
      code: 'foreign-device',
      reason: 'not its own',
      measurement: 'environment',
      raw,
    };
    quarantine.add(row);
    quarantine.add({ ...row, raw: { ...raw, row: [['node-0'], -5_000, ['yes']] } });
    const { groups } = await get('/quarantine/groups');
    expect(groups).toContainEqual(
      expect.objectContaining({
        code: 'foreign-device',
        measurement: 'environment',
        count: 2,
        replayable: 2,
      }),
    );
    const groupsBy = async (query: string) =>
      ((await get(`/quarantine/groups?${query}`))['groups'] as { code: string }[]).map(({ code }) => code);
    expect(await groupsBy('agent=gw&code=foreign-device&measurement=environment&from=-1h')).toEqual([
      'foreign-device',
    ]);
    expect(await groupsBy('agent=gw-1')).toContain('foreign-device');
    for (const other of ['agent=gw-11', 'code=foreign', 'measurement=env', 'from=2999-01-01'])
      expect(await groupsBy(other), other).not.toContain('foreign-device');
    expect(await get('/quarantine/groups?agent=none')).toMatchObject({
      ...{ groups: [], total: 0, entries: 0 },
      codes: expect.arrayContaining(['foreign-device']) as unknown,
      measurements: expect.arrayContaining(['environment']) as unknown,
    });
    const asked = { agent: 'gw-1', code: 'foreign-device' };
    expect(await post('/quarantine/replay', asked, harness.tokens.operator)).toMatchObject({ status: 403 });
    expect(await post('/quarantine/replay', {})).toMatchObject({ status: 400 });
    expect(await post('/quarantine/replay', { all: true, ids: [1] })).toMatchObject({ status: 400 });
    expect((await post('/quarantine/replay', asked)).json).toEqual({
      taken: 1,
      refused: 1,
      notReplayable: 0,
    });
    await harness.advance(3_000);
    const { items } = await get('/quarantine?code=foreign-device');
    expect(items).toMatchObject([
      { id: 5, state: 'waiting', decision: { actor: 'engineer', tries: 1, code: 'wrong-type' } },
      { id: 4, state: 'replayed' },
    ]);
    const from = clock.now() - 60_000;
    const { series } = await get(
      `/series?measurement=environment&field=smoke&tag.device=node-0&from=${from}`,
    );
    expect(JSON.stringify(series)).toContain(String(raw.baseMs - 5_000));
    expect(await post('/quarantine/discard', { ids: [5], reason: 'a typo' })).toMatchObject({ status: 403 });
    const given = { ids: [5], reason: 'a typo' };
    expect((await post('/quarantine/discard', given, harness.tokens.admin)).json).toEqual({ discarded: 1 });
    expect(await get('/quarantine/entries/5')).toMatchObject({
      state: 'discarded',
      decision: { reason: 'a typo' },
    });
    expect((await harness.call('GET', '/api/v1/quarantine/entries/999')).json).toMatchObject({
      code: 'QUARANTINE_ENTRY_NOT_FOUND',
    });
    expect(await audited()).toEqual(
      expect.arrayContaining([
        'quarantine.replay agent gw-1, code foreign-device: 1 taken in, 1 refused again',
        'quarantine.discard entries 5: 1 given up: a typo',
      ]),
    );
  });
});

describe('a roll-out', () => {
  const change = { config: { collectors: [{ kind: 'server' }] } };

  it('is shown, begun, paused, cancelled and rolled back by engineers, and told', async () => {
    const asked = { select: { units: ['26734', '26737'] }, change };
    expect(await post('/rollout-previews', asked, harness.tokens.operator)).toMatchObject({ status: 403 });
    expect((await post('/rollout-previews', asked)).json).toMatchObject({
      ...{ agents: 2, stages: [1, 2], unchanged: [] },
      groups: [
        { agents: ['gw-1', 'gw-2'], diff: ['config: – → {"collectors":[{"kind":"server"}]}'], problems: [] },
      ],
    });
    const begun = await post('/rollouts', { ...asked, reason: 'first config' });
    expect(begun).toMatchObject({ status: 201, json: { id: 4, state: 'running', agents: 2 } });
    expect(await post('/rollouts', { ...asked, reason: 'again' })).toMatchObject({
      ...{ status: 409, json: { code: 'ROLLOUT_OVERLAPS' } },
    });
    expect((await post('/rollouts/4/pause', {})).json).toMatchObject({ state: 'paused' });
    expect((await post('/rollouts/4/pause', {})).json).toMatchObject({ code: 'ROLLOUT_STATE' });
    expect((await post('/rollouts/4/cancel', {})).json).toMatchObject({ state: 'cancelled' });
    expect(await get('/rollouts/4')).toMatchObject({ members: [{ agent: 'gw-1' }, { agent: 'gw-2' }] });
    expect((await post('/rollouts/99/cancel', {})).json).toMatchObject({ code: 'ROLLOUT_NOT_FOUND' });
    expect(await audited()).toEqual([
      ...['rollout.cancel 4', 'rollout.pause 4', 'rollout.create 4: 2 agents: first config'],
    ]);
  });

  it.each([
    [{}, 'expected ids'],
    [{ all: true, kind: 'gateway' }, 'expected ids'],
    [{ ids: ['gw-9'] }, 'ids: expected the id of an edge agent, got "gw-9", did you mean "gw-1"?'],
    [{ units: ['99999'] }, 'units: expected the code of a unit of the inventory, got "99999"'],
    [{ units: ['26734', '99999'] }, 'units: expected the code of a unit of the inventory, got "99999"'],
    [
      { sites: ['site-0', 'site-x'] },
      'sites: expected the id of a site of the inventory, got "site-x", did you mean "site-0"?',
    ],
    [
      { agencies: ['nobody'], ids: ['gw-1'] },
      'agencies: expected the id of an agency of the inventory, got "nobody"',
    ],
    [{ ids: ['gw-1'], units: ['26737'] }, 'no edge agent fits'],
  ])('needs agents that there are: %j', async (select, detail) => {
    const answer = await post('/rollout-previews', { select, change });
    expect(answer).toMatchObject({
      status: 400,
      json: { detail: expect.stringContaining(detail) as string },
    });
  });

  it.each(['/rollout-previews', '/rollouts'])('refuses a config nested without end: %s', async (path) => {
    const deep = `${'['.repeat(8_000)}${']'.repeat(8_000)}`;
    const reason = path === '/rollouts' ? '"reason":"r",' : '';
    const answer = await harness.call('POST', `/api/v1${path}`, {
      payload: `{"select":{"all":true},${reason}"change":{"config":{"collectors":${deep}}}}`,
      token: harness.tokens.engineer,
    });
    expect(answer).toMatchObject({ status: 400 });
    expect(JSON.stringify(answer.json)).toContain('expected at most 16 levels');
  });
});

it.each(['quarantine/entries', 'rollouts', 'agents/gw-1/config/revisions'])(
  'numbers of %s are digits, and nothing else that counts as one',
  async (path) => {
    for (const text of ['0x10', '1e1', '1.0', '%205', '+5', '05', '0', '-1', '9007199254740993'])
      expect((await harness.call('GET', `/api/v1/${path}/${text}`)).json, text).toMatchObject({
        code: 'INVALID_REQUEST',
        detail: expect.stringContaining('expected a number in digits') as string,
      });
  },
);
