import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiHarness } from './testing/api-harness.ts';

let harness: ApiHarness;
beforeAll(async () => {
  harness = await ApiHarness.open();
});
afterAll(async () => {
  expect(await harness.close()).toEqual([]);
});

async function idsOf(query: string): Promise<string[]> {
  const { json } = await harness.call('GET', `/api/v1/rules?${query}`);
  return (json['items'] as { id: string }[]).map(({ id }) => id);
}

describe('GET /rules', () => {
  it('has every rule that runs, with its levels, limits and version', async () => {
    const { json } = await harness.call('GET', '/api/v1/rules');
    const items = json['items'] as { id: string }[];
    expect(items.map(({ id }) => id)).toEqual([...items.map(({ id }) => id)].sort());
    expect(items.find(({ id }) => id === 'memory_low')).toMatchObject({
      version: 1,
      kind: 'threshold',
      name: { en: 'Little memory left', vi: 'Còn ít bộ nhớ' },
      origin: 'shipped',
      measurement: 'mem',
      condition: 'mem.available_percent below',
      valueUnit: '%',
      entity: ['host'],
      levels: [
        { severity: 'minor', limit: '10 → 15', forMs: 900_000 },
        { severity: 'major', limit: '5 → 10', forMs: 900_000 },
      ],
      clearForMs: 300_000,
    });
    expect(json).not.toHaveProperty('refused');
  });

  it.each([
    ['kind=clock_skew', ['agent_clock_off']],
    ['measurement=swap', ['swap_full']],
    ['measurement=environment&severity=critical', ['room_smoke', 'room_water']],
    ['q=khoi trong phong', ['room_smoke']],
    ['q=CON IT bo nho', ['memory_low']],
    ['origin=own', []],
    ['owner=nobody', []],
    ['kind=none', []],
  ])('is filtered by %s', async (query, ids) => {
    expect(await idsOf(query)).toEqual(ids);
  });

  it('says how many alerts each has open', async () => {
    const { json } = await harness.call('GET', '/api/v1/rules/room_smoke');
    const active = await harness.call('GET', '/api/v1/alerts?rule=room_smoke&state=active&limit=1000');
    expect(json['activeAlerts']).toBe((active.json['items'] as unknown[]).length);
    expect(json['activeAlerts']).toBeGreaterThan(0);
  });

  it('shows the versions of a rule with their content', async () => {
    const { json } = await harness.call('GET', '/api/v1/rules/room_smoke');
    expect(json['versions']).toMatchObject([
      { version: 1, source: 'shipped', hash: json['hash'], content: { field: 'smoke', op: 'equals' } },
    ]);
  });

  it('knows no rule that does not run', async () => {
    const answer = await harness.call('GET', '/api/v1/rules/__proto__');
    expect(answer).toMatchObject({ status: 404, json: { code: 'RULE_NOT_FOUND' } });
  });

  it('names the version of the rule with each alert', async () => {
    const { json } = await harness.call('GET', '/api/v1/alerts?rule=room_smoke&limit=1');
    expect(json['items']).toMatchObject([{ ruleVersion: 1 }]);
  });
});
