import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TokenLimits } from '../../access/limits.ts';
import { ApiHarness, type Answer } from '../testing/api-harness.ts';
import { describedRoutes } from '../testing/api-routes.ts';

const HOUR_MS = 3_600_000;
let harness: ApiHarness;
/** Of the second unit, and of the first agency. */
let token: string;
let ofAgency: string;
/** Of room_smoke, by device. */
let alerts: ReadonlyMap<string, string>;

beforeAll(async () => {
  harness = await ApiHarness.open();
  await harness.advance(2_000);
  token = limited({ units: ['26737'] });
  ofAgency = limited({ agencies: ['agency-0'] });
  const { json } = await harness.call('GET', '/api/v1/alerts?rule=room_smoke');
  alerts = new Map((json['items'] as Entry[]).map(({ id, entity }) => [entity['device'] ?? '', id]));
});
afterAll(async () => {
  expect(await harness.close()).toEqual([]);
});

interface Entry {
  readonly id: string;
  /** Of a unit, in place of the id. */
  readonly code?: string;
  readonly entity: Readonly<Record<string, string>>;
}

function limited(limits: TokenLimits): string {
  const { tokens, clock } = harness.parts;
  return tokens.create('ward 2', 'operator', clock.now(), null, { limits }).token;
}

function call(method: string, path: string, body?: unknown, as = token): Promise<Answer> {
  const payload = body === undefined ? {} : { payload: JSON.stringify(body) };
  return harness.call(method, `/api/v1${path}`, { token: as, ...payload });
}

async function idsIn(path: string, as = token): Promise<string[]> {
  const { json } = await call('GET', path, undefined, as);
  return (json['items'] as Entry[]).map(({ id, code = id }) => code);
}

describe('a token that is limited to a unit sees', () => {
  it.each([
    ['/units', ['26737']],
    ['/sites', ['site-1']],
    ['/devices', ['node-1']],
    ['/agents', ['gw-2']],
    // No line lies in this unit alone, and a service belongs to the whole city.
    ['/links', []],
    ['/services', []],
    ['/pools', ['pool-1']],
    ['/silences', []],
    ['/maintenance', []],
  ])('of %s only %j', async (path, expected) => {
    expect(await idsIn(path)).toEqual(expected);
  });

  it('the coverage of its unit, and no pool of another', async () => {
    const { json } = await call('GET', '/coverage');
    expect(json['items']).toMatchObject([{ unit: '26737' }]);
    expect(await call('GET', '/coverage?unit=26734')).toMatchObject({ status: 403 });
    expect(await call('GET', '/pools/pool-1')).toMatchObject({ status: 200 });
    const other = await call('GET', '/pools/pool-0');
    expect(other).toMatchObject({ status: 403, json: { code: 'OUTSIDE_LIMITS' } });
    expect(other.json['detail']).toContain('leaves out pool "pool-0"');
  });

  it('its own by their exact ids, and is told which of the ids asked for are not its own', async () => {
    expect(await idsIn('/sites?id=site-1')).toEqual(['site-1']);
    expect(await idsIn('/devices?id=node-1')).toEqual(['node-1']);
    const refused = await call('GET', '/devices?id=node-0,node-1');
    expect(refused).toMatchObject({ status: 403, json: { code: 'OUTSIDE_LIMITS' } });
    expect(refused.json['detail']).toContain('leaves out device "node-0"');
    expect((await call('GET', '/links?id=link-0')).status).toBe(403);
  });

  it('its alerts, page by page and one by one, and no others', async () => {
    const own = alerts.get('node-1');
    expect(await idsIn('/alerts?rule=room_smoke&limit=1')).toEqual([own]);
    expect((await call('GET', '/alerts?limit=1')).json).not.toHaveProperty('nextCursor');
    for (const path of ['', '/explain', '/deliveries']) {
      expect((await call('GET', `/alerts/${own}${path}`)).status).toBe(200);
      const other = await call('GET', `/alerts/${alerts.get('node-0')}${path}`);
      expect(other).toMatchObject({ status: 403, json: { code: 'OUTSIDE_LIMITS' } });
    }
  });

  it('what hangs on its own things, as far as that is its own, and is told that there is more', async () => {
    const { status, json } = await call('GET', '/blast-radius?of=site:site-1');
    expect(status).toBe(200);
    expect(json['devices']).toMatchObject([{ id: 'node-1' }]);
    const whole = (await call('GET', '/blast-radius?of=site:site-1', undefined, harness.tokens.viewer)).json;
    expect(whole).not.toHaveProperty('isPartial');
    expect(json['services']).toEqual([]);
    expect(json['isPartial']).toBe((whole['services'] as unknown[]).length > 0 ? true : undefined);
    const other = await call('GET', '/blast-radius?of=site:site-0');
    expect(other).toMatchObject({ status: 403, json: { code: 'OUTSIDE_LIMITS' } });
    expect((await call('GET', '/blast-radius?of=pool:pool-0')).status).toBe(403);
    expect((await call('GET', '/blast-radius?of=pool:pool-1')).status).toBe(200);
  });

  it('of what is searched for its own', async () => {
    const idsOf = async (q: string, as?: string): Promise<string[]> => {
      const { json } = await call('GET', `/search?q=${q}`, undefined, as);
      return (json['hits'] as Entry[]).map(({ id }) => id).sort();
    };
    expect(await idsOf('node', harness.tokens.viewer)).toEqual(expect.arrayContaining(['node-0', 'node-1']));
    expect(await idsOf('node')).toEqual(['node-1', 'node-1/ge-0/0/1']);
    expect(await idsOf('site-0')).toEqual([]);
    expect((await idsOf('pool')).filter((id) => !id.startsWith('pool-1'))).toEqual([]);
  });

  // An empty list would read as if nothing was wrong there.
  it.each([
    ['/alerts?unit=26734', 'unit: "26734"'],
    ['/alerts?device=node-0', 'device: "node-0"'],
    ['/devices?site=site-0', 'site: "site-0"'],
    ['/devices?unit=26734&limit=1', 'unit: "26734"'],
    ['/sites?agency=agency-0', 'agency: "agency-0"'],
    ['/units?unit=26734', 'unit: "26734"'],
    ['/agents?unit=26734', 'unit: "26734"'],
    ['/incidents?unit=26734', 'unit: "26734"'],
  ])('by no filter what is outside: %s is refused', async (path, problem) => {
    expect(await call('GET', path)).toMatchObject({
      ...{ status: 403, json: { code: 'OUTSIDE_LIMITS', problems: [`querystring.${problem}`] } },
    });
  });

  it('an empty list where a filter leaves nothing of its own', async () => {
    expect(await idsIn('/alerts?unit=26737&shelved=true')).toEqual([]);
    expect(await idsIn('/devices?unit=26737&q=nothing')).toEqual([]);
  });

  it('its incidents', async () => {
    const all = await idsIn('/incidents', harness.tokens.viewer);
    const own = await idsIn('/incidents');
    expect([all.length, own.length]).toEqual([3, 1]);
    const { json } = await call('GET', `/incidents/${own[0]}`);
    expect(json['members']).toMatchObject([{ id: alerts.get('node-1') }]);
    expect(json).toMatchObject({ alerts: 1, openAlerts: 1, suppressedAlerts: 0 });
    const other = all.find((id) => !own.includes(id));
    expect(await call('GET', `/incidents/${other}`)).toMatchObject({ status: 403 });
  });

  it('of a rule only how many of its alerts are open', async () => {
    const seen = (as: string): Promise<unknown> =>
      call('GET', '/rules/room_smoke', undefined, as).then(({ json }) => json['activeAlerts']);
    expect([await seen(harness.tokens.viewer), await seen(token), await seen(ofAgency)]).toEqual([3, 1, 0]);
    const { json } = await call('GET', '/rules?q=room_smoke');
    expect(json['items']).toMatchObject([{ id: 'room_smoke', activeAlerts: 1 }]);
  });

  it('samples, states, changes and events where it asks for what is its own', async () => {
    const samples = '/latest?measurement=environment';
    expect(await call('GET', `${samples}&tag.unit=26737`)).toMatchObject({ status: 200 });
    expect(await call('GET', '/states?unit=26737')).toMatchObject({ status: 200 });
    expect(await call('GET', '/changes?unit=26737')).toMatchObject({ status: 200 });
    expect(await call('GET', samples)).toMatchObject({
      ...{ status: 403, json: { code: 'OUTSIDE_LIMITS' } },
    });
    const both = await call('GET', `${samples}&tag.unit=26737&tag.unit=26734`);
    expect(both.json['problems']).toEqual(['querystring.tag.unit: "26734"']);
    // A device alone leaves agents and configurations of the whole city in the list.
    expect(await call('GET', '/changes?device=node-1')).toMatchObject({ status: 403 });
    expect(await call('GET', '/states?unit=26734')).toMatchObject({ status: 403 });
    for (const path of ['/states', '/availability']) {
      for (const query of ['id=site-1', 'of=device&id=node-1', 'of=unit&id=26737', 'of=unit&unit=26737'])
        expect([path, query, (await call('GET', `${path}?${query}`)).status]).toEqual([path, query, 200]);
      for (const query of ['', 'id=site-0', 'of=device&id=node-0', 'of=unit&id=26734', 'of=link&id=link-0'])
        expect([path, query, (await call('GET', `${path}?${query}`)).status]).toEqual([path, query, 403]);
    }
    // A code of another day may be that of another place.
    const former = await call('GET', '/availability?of=unit&unit=26737&geography=2025-06-30');
    expect(former).toMatchObject({ status: 403, json: { code: 'OUTSIDE_LIMITS' } });
    expect(await call('GET', '/events?unit=26734')).toMatchObject({ status: 403 });
  });
});

it('a token that is limited to an agency sees what that owns', async () => {
  expect(await idsIn('/links', ofAgency)).toEqual(['link-0']);
  // A place of others, with a line of its own.
  expect(await idsIn('/links?site=site-0', ofAgency)).toEqual(['link-0']);
  expect(await idsIn('/alerts?site=site-0', ofAgency)).toEqual([]);
  expect(await call('GET', '/alerts?unit=26740', undefined, ofAgency)).toMatchObject({ status: 403 });
  expect(await idsIn('/sites', ofAgency)).toEqual([]);
  expect(await idsIn('/alerts', ofAgency)).toEqual([]);
  expect(await call('GET', '/states?of=link&agency=agency-0', undefined, ofAgency)).toMatchObject({
    status: 200,
  });
});

it('a route that says nothing of limits is closed to such a token, so a new one is', async () => {
  const open: string[] = [];
  for (const { method, url, needsToken } of await describedRoutes(harness)) {
    if (!needsToken) continue;
    const { status, json } = await harness.call(method, url, { token });
    // A role that is too low is refused before.
    if (status !== 403) open.push(`${method} ${url.replace('/api/v1', '')}`);
    else expect(['OUTSIDE_LIMITS', 'ROLE_TOO_LOW']).toContain(json['code']);
  }
  expect(open.filter((route) => !/^\w+ \/(alerts|silences|maintenance|incidents)\b/.test(route))).toEqual([
    'GET /units',
    'GET /sites',
    'GET /devices',
    'GET /agencies',
    'GET /pools',
    // That there is none of such a name.
    'GET /pools/gw-1',
    'GET /links',
    // Without a word to search for.
    'GET /search',
    'GET /services',
    // Without saying of what.
    'GET /blast-radius',
    'GET /coverage',
    'GET /agents',
    'GET /catalogue',
    'GET /rules',
    'GET /rules/gw-1',
    'GET /on-call',
    // Of which it is told its own: events.test.ts.
    'GET /events',
    'GET /me',
    'GET /city',
  ]);
  expect(await harness.call('GET', '/plain', { token })).toMatchObject({ status: 403 });
  expect(await call('GET', '/alerts/stats')).toMatchObject({ status: 403 });
  expect(await call('POST', '/page-links')).toMatchObject({ status: 403 });
});

describe('a token that is limited to a unit acts', () => {
  it('on its own alerts', async () => {
    const own = alerts.get('node-1');
    expect(await call('POST', `/alerts/${own}/acknowledge`, {})).toMatchObject({ status: 200 });
    expect((await call('POST', '/alerts/acknowledge', { ids: [own, 'a-nothing'] })).json).toMatchObject({
      ...{ done: [own], unknown: ['a-nothing'] },
    });
  });

  it('on no other alert, by any route, and is told which', async () => {
    const other = alerts.get('node-0');
    const before = (await call('GET', `/alerts/${other}`, undefined, harness.tokens.viewer)).json;
    const soonMs = harness.parts.clock.now() + HOUR_MS;
    const acts = [
      ['POST', `/alerts/${other}/acknowledge`, {}],
      ['POST', '/alerts/acknowledge', { ids: [alerts.get('node-1'), other] }],
      ['DELETE', `/alerts/${other}/acknowledge`, undefined],
      ['POST', `/alerts/${other}/assign`, { assignee: 'Lan' }],
      ['POST', `/alerts/${other}/comment`, { text: 'x' }],
      ['POST', `/alerts/${other}/close`, { text: 'x' }],
      ['POST', `/alerts/${other}/shelve`, { text: 'x', untilMs: soonMs }],
      ['DELETE', `/alerts/${other}/shelve`, undefined],
    ] as const;
    for (const [method, path, body] of acts) {
      const answer = await call(method, path, body);
      expect(answer, path).toMatchObject({
        status: 403,
        json: {
          code: 'OUTSIDE_LIMITS',
          problems: [`alert "${other}" (site site-0, unit 26734)`],
          detail: `the token is limited to unit 26737, which leaves out alert "${other}" (site site-0, unit 26734)`,
        },
      });
    }
    const after = (await call('GET', `/alerts/${other}`, undefined, harness.tokens.viewer)).json;
    expect(after).toEqual(before);
  });

  it('with silences that take nothing else', async () => {
    const endsAtMs = harness.parts.clock.now() + HOUR_MS;
    const make = (match: unknown): Promise<Answer> =>
      call('POST', '/silences', { match, endsAtMs, reason: 'work' });
    const made = await make({ unit: ['26737'], rule: ['room_*'] });
    expect(made).toMatchObject({ status: 201, json: { takesNow: 1, by: 'ward 2' } });
    const id = String(made.json['id']);
    expect(await idsIn('/silences')).toEqual([id]);
    for (const [match, problem] of [
      [{ unit: ['26737', '26734'] }, 'unit "26734"'],
      [{ unit: ['26737'], site: ['site-0'] }, 'site "site-0"'],
      [{ device: ['node-1', 'nothing-0'] }, 'device "nothing-0"'],
      [{ everything: true }, 'what a silence takes without unit, site, device or link'],
      [{ rule: ['room_*'] }, 'what a silence takes without unit, site, device or link'],
      [{ agent: ['gw-2'] }, 'what a silence takes without unit, site, device or link'],
      [{ unit: ['__proto__'] }, 'unit "__proto__"'],
    ] as const) {
      expect((await make(match)).json, JSON.stringify(match)).toMatchObject({
        ...{ code: 'OUTSIDE_LIMITS', problems: [problem] },
      });
    }
    const [foreign] = await idsIn('/silences?limit=1&state=active', harness.tokens.viewer).then((ids) =>
      ids.filter((each) => each !== id),
    );
    expect(foreign).toBeUndefined();
    expect(await call('DELETE', '/silences/s-1')).toMatchObject({ status: 403 });
    expect(await call('GET', '/silences/s-1')).toMatchObject({ status: 403 });
    expect(await call('DELETE', `/silences/${id}`)).toMatchObject({ status: 200 });
  });

  it('with maintenance of nothing else', async () => {
    const startsAtMs = harness.parts.clock.now() + HOUR_MS;
    const schedule = { repeats: 'once', startsAtMs, endsAtMs: startsAtMs + HOUR_MS };
    const plan = { reason: 'work', approvedBy: 'An', schedule };
    const { operator } = harness.tokens;
    const both = { covers: ['site:site-1', 'site:site-0'], ...plan };
    const wider = await call('POST', '/maintenance', both, operator);
    expect(wider.status).toBe(201);
    const made = await call('POST', '/maintenance', { covers: ['site:site-1'], ...plan });
    expect(made.status).toBe(201);
    const id = String(made.json['id']);
    expect(await idsIn('/maintenance')).toEqual([id]);
    // Of the other one, which it may not read, it gets no reason either.
    expect(made.json['overlaps']).toEqual([]);
    const again = { covers: ['site:site-1'], ...plan, expectedRevision: 1 };
    expect((await call('PUT', `/maintenance/${id}`, again)).json['overlaps']).toEqual([]);
    const seen = await call('PUT', `/maintenance/${id}`, { ...again, expectedRevision: 2 }, operator);
    expect(seen.json['overlaps']).toMatchObject([{ id: wider.json['id'], reason: 'work' }]);
    for (const [more, problem] of [
      [{ covers: ['site:site-1', 'device:node-0'] }, 'device "node-0"'],
      [{ covers: ['link:link-1'] }, 'link "link-1"'],
      [{ covers: ['agency:agency-1'] }, 'agency "agency-1"'],
      [{ covers: ['unit:26737'], withDependents: true }, 'what hangs on it (withDependents)'],
    ] as const) {
      const body = { ...plan, ...more };
      const refused = { status: 403, json: { code: 'OUTSIDE_LIMITS', problems: [problem] } };
      expect(await call('POST', '/maintenance', body)).toMatchObject(refused);
      expect(await call('PUT', `/maintenance/${id}`, { ...body, expectedRevision: 3 })).toMatchObject(
        refused,
      );
    }
    for (const [method, path] of [
      ['GET', '/maintenance/m-1'],
      ['DELETE', '/maintenance/m-1'],
      ['POST', '/maintenance/m-1/end'],
    ] as const)
      expect(await call(method, path)).toMatchObject({ status: 403, json: { code: 'OUTSIDE_LIMITS' } });
    expect(await call('DELETE', `/maintenance/${id}`)).toMatchObject({ status: 200 });
  });
});

describe('a limited token', () => {
  const make = (body: unknown): Promise<Answer> => call('POST', '/tokens', body, harness.tokens.admin);
  const viewer = { name: 'ward', role: 'viewer' };

  it('is made by an administrator, listed and audited with its limits', async () => {
    const limits = { units: ['26734', '26740'], agencies: ['agency-2'] };
    const made = await make({ ...viewer, limits });
    expect(made).toMatchObject({ status: 201, json: { limits } });
    const { json } = await call('GET', '/audit?limit=1', undefined, harness.tokens.admin);
    expect((json['items'] as { target: string }[])[0]?.target).toContain(
      'limited to units 26734, 26740; agency agency-2',
    );
    expect(await idsIn('/devices', String(made.json['token']))).toEqual(['node-0', 'node-2']);
  });

  it.each([
    ['no lists', {}],
    ['an empty list', { units: [] }],
    ['a unit that is none', { units: ['Bến Nghé'] }],
    ['a unit that the inventory lacks', { units: ['99999'] }],
    ['an agency that the inventory lacks', { agencies: ['none'] }],
    ['a name of every object', { agencies: ['constructor'] }],
    ['SQL', { units: ["26737') OR 1=1 --"] }],
    ['a number', { units: [26737] }],
    ['a text', { units: '26737' }],
    ['another list', { units: ['26737'], sites: ['site-1'] }],
    ['very many', { units: Array(201).fill('26737') }],
    ['null', null],
  ])('is not made with %s', async (_, limits) => {
    expect(await make({ ...viewer, limits })).toMatchObject({
      ...{ status: 400, json: { code: 'INVALID_REQUEST' } },
    });
  });

  it.each(['engineer', 'admin'])('is no %s', async (role) => {
    const answer = await make({ name: 'ward', role, limits: { units: ['26737'] } });
    expect(answer.json['problems']).toEqual([
      `body.role: expected the role viewer or operator for a token with limits, got ${role}`,
    ]);
  });

  it('of which the limits cannot be read sees nothing', async () => {
    const { tokens, clock } = harness.parts;
    const broken = { units: ['no code'] };
    const made = tokens.create('broken', 'operator', clock.now(), null, { limits: broken });
    expect(await idsIn('/sites', made.token)).toEqual([]);
    expect(await idsIn('/alerts', made.token)).toEqual([]);
  });
});
