import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiHarness } from './testing/api-harness.ts';

interface Page {
  readonly items: {
    kind: string;
    atMs: number;
    unit?: string;
    device?: string;
    agent?: string;
    detail: Record<string, unknown>;
  }[];
  readonly nextCursor?: string;
  readonly sinceMs: number;
  readonly toMs: number;
  readonly kinds: string[];
}

let harness: ApiHarness;

beforeAll(async () => {
  harness = await ApiHarness.open();
  await harness.advance(2_000);
  for (const expectedRevision of [0, 1]) {
    const payload = JSON.stringify({ expectedRevision, config: { collectors: [{ kind: 'server' }] } });
    await harness.call('PUT', '/api/v1/agents/gw-2/config', { payload });
  }
  await harness.advance(120_000);
});
afterAll(async () => {
  expect(await harness.close()).toEqual([]);
});

async function changes(query: string, token = harness.tokens.admin): Promise<Page> {
  const { status, json } = await harness.call('GET', `/api/v1/changes?${query}`, { token });
  expect(status, JSON.stringify(json)).toBe(200);
  return json as unknown as Page;
}

describe('what has changed in the last hour', () => {
  it('are alerts, agents, configs, states and what people did, in the order of time', async () => {
    const { items, sinceMs, toMs, kinds } = await changes('since=-1h');
    expect([toMs - sinceMs, kinds]).toEqual([3_600_001, ['agent', 'alert', 'audit', 'config', 'state']]);
    expect(items.map(({ atMs }) => atMs)).toEqual(items.map(({ atMs }) => atMs).toSorted());
    const of = (kind: string) => items.filter((item) => item.kind === kind);
    expect(of('alert')).toContainEqual(
      expect.objectContaining({
        device: 'node-0',
        agent: 'gw-1',
        unit: '26734',
        detail: expect.objectContaining({ change: 'fired', rule: 'room_smoke' }) as unknown,
      }),
    );
    expect(of('agent')).toContainEqual(
      expect.objectContaining({
        agent: 'gw-1',
        unit: '26734',
        detail: { before: 'live', phase: 'silent' },
      }),
    );
    expect(of('config').map(({ agent, unit, detail }) => [agent, unit, detail])).toEqual([
      ['gw-2', '26737', { revision: 1, actor: 'admin', ownFile: false }],
      ['gw-2', '26737', { revision: 2, actor: 'admin', ownFile: false }],
    ]);
    expect(of('state')).toContainEqual(
      expect.objectContaining({
        device: 'node-0',
        unit: '26734',
        detail: {
          ref: 'device:node-0',
          before: 'up',
          state: 'unknown',
          sinceMs: expect.any(Number) as number,
          roots: [],
        },
      }),
    );
    // What is expected and not known yet has not changed.
    expect(of('state').every(({ detail }) => detail['before'] !== undefined)).toBe(true);
    expect(of('audit').map(({ detail }) => detail['action'])).toContain('agent.config.put');
  });

  it('are told with phase and severity of that step, not of now', async () => {
    const { items } = await changes('since=-1h&kind=alert');
    let compared = 0;
    for (const { atMs, detail } of items) {
      const { json } = await harness.call('GET', `/api/v1/alerts/${String(detail['id'])}`);
      const { change: kind, phase, severity } = detail;
      expect(json['timeline']).toContainEqual(
        expect.objectContaining({ kind, phase, severity, recordedAtMs: atMs }),
      );
      if (phase !== json['phase']) compared++;
    }
    expect(compared).toBeGreaterThan(0);
  });

  it('are filtered by kind, unit and device', async () => {
    const kindsOf = async (query: string) => [
      ...new Set((await changes(query)).items.map((item) => item.kind)),
    ];
    expect(await kindsOf('kind=config,audit')).toEqual(expect.arrayContaining(['config', 'audit']));
    const { items } = await changes('unit=26737');
    expect(items.every((item) => item.unit === '26737')).toBe(true);
    expect([...new Set(items.map((item) => item.kind))].toSorted()).toEqual([
      'agent',
      'alert',
      'config',
      'state',
    ]);
    expect((await kindsOf('device=node-1')).toSorted()).toEqual(['alert', 'state']);
    const of = new Set((await changes('unit=26737&kind=state')).items.map(({ detail }) => detail['ref']));
    expect([...of].toSorted()).toEqual(['device:node-1', 'site:site-1', 'unit:26737']);
    const services = (await changes('kind=state')).items.filter(({ detail }) =>
      String(detail['ref']).startsWith('service:'),
    );
    expect(services).toContainEqual(
      expect.objectContaining({
        detail: expect.objectContaining({
          ref: 'service:service-0',
          before: 'up',
          state: 'unknown',
        }) as unknown,
      }),
    );
    expect((await changes('device=sensor-of-gw-1')).items).toEqual([]);
  });

  it('are each on exactly one page', async () => {
    const whole = (await changes('since=-1h&limit=1000')).items;
    const walked: unknown[] = [];
    let cursor: string | undefined = '';
    while (cursor !== undefined) {
      const page: Page = await changes(`since=-1h&limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`);
      walked.push(...page.items);
      cursor = page.nextCursor;
    }
    expect(walked).toEqual(whole);
    expect(whole.length).toBeGreaterThan(9);
  });

  it('are asked for from where the answer before ended', async () => {
    const { toMs } = await changes('since=-1h');
    await harness.advance(1_000);
    expect((await changes(`since=${toMs}&to=${toMs + 1}`)).items).toEqual([]);
    // What is to come is not passed over.
    expect((await changes('since=-1h&to=2040-01-01')).toMs).toBe(harness.parts.clock.now() + 1);
    await harness.call('POST', '/api/v1/tokens', { payload: JSON.stringify({ name: 'x', role: 'viewer' }) });
    await harness.advance(1_000);
    const { items } = await changes(`since=${toMs - 1}&kind=audit`);
    expect(items.map(({ detail }) => detail['action'])).toContain('token.create');
  });

  it('have no audit log for whoever is no admin', async () => {
    const { items, kinds } = await changes('since=-1h', harness.tokens.engineer);
    expect(kinds).toEqual(['agent', 'alert', 'config', 'state']);
    expect(items.some(({ kind }) => kind === 'audit')).toBe(false);
    const refused = await harness.call('GET', '/api/v1/changes?kind=audit,alert', {
      token: harness.tokens.viewer,
    });
    expect(refused).toMatchObject({
      status: 403,
      json: {
        code: 'ROLE_TOO_LOW',
        detail: 'querystring.kind: "audit" needs the role admin, the token has viewer',
      },
    });
  });
});

it.each([
  ['since=today&to=today', /^querystring\.since: expected a time before to, .* since=yesterday&to=today$/],
  ['since=soon', /^querystring\.since: expected a time: /],
  ['kind=alerts', /^querystring\.kind: expected one or more of agent, alert, audit, config, /],
  ['limit=0', /^querystring\.limit: /],
])('?%s is a mistake that the answer names', async (query, detail) => {
  const answer = await harness.call('GET', `/api/v1/changes?${query}`);
  expect(answer.status).toBe(400);
  expect(answer.json['detail']).toMatch(detail);
});
