import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiHarness, type Answer } from './testing/api-harness.ts';
import { backtestLineSchema, type BacktestLine } from './rules/backtest-answer.ts';

let harness: ApiHarness;
beforeAll(async () => {
  harness = await ApiHarness.open();
});
afterAll(async () => {
  expect(await harness.close()).toEqual([]);
});

function ask(body: unknown, query = ''): Promise<Answer> {
  return harness.call('POST', `/api/v1/rules/backtest${query}`, { payload: JSON.stringify(body) });
}

function linesOf({ text }: Answer): BacktestLine[] {
  return text
    .trim()
    .split('\n')
    .map((line) => backtestLineSchema.parse(JSON.parse(line)));
}

describe('POST /rules/backtest', () => {
  it('raises over what is stored the alerts that central raised', async () => {
    const answer = await ask({ id: 'room_smoke' }, '?from=-6h');
    expect(answer).toMatchObject({ status: 200, type: 'application/jsonl' });
    const last = linesOf(answer).at(-1);
    const result = last !== undefined && 'result' in last ? last.result : undefined;
    const raised = await harness.call('GET', '/api/v1/alerts?rule=room_smoke&limit=1000');
    const devices = (raised.json['items'] as { entity: { device: string }; startedAtMs: number }[]).map(
      ({ entity, startedAtMs }) => `${entity.device} ${startedAtMs}`,
    );
    expect(
      result?.alerts.listed.map(({ entity, startedAtMs }) => `${entity['device']} ${startedAtMs}`).sort(),
    ).toEqual(devices.sort());
    expect(devices.length).toBeGreaterThan(0);
    expect(result?.alerts.told).toBe(0);
  });

  it('takes a rule as its file has it, in YAML, too', async () => {
    const yaml = `
kind: threshold
name: { en: Warm, vi: Ấm }
action: { en: Look., vi: Xem. }
eventType: environmental
probableCause: temperature_unacceptable
measurement: environment
field: temperature_celsius
entity: [device, sensor]
across: newest
op: above
levels: [{ severity: minor, raise: 20, clear: 10 }]
for: 0s
clearFor: 0s`;
    const answer = await ask({ rule: yaml }, '?from=-6h');
    expect(linesOf(answer).at(-1)).toHaveProperty('result.rows');
  });

  it.each([
    [{ id: 'room_smok' }, '', 404, 'RULE_NOT_FOUND'],
    [{}, '', 400, 'INVALID_REQUEST'],
    [{ rule: {}, changes: {} }, '', 400, 'INVALID_REQUEST'],
    [{ id: 'room_smoke' }, '?from=-40d', 400, 'INVALID_REQUEST'],
    [{ id: 'central_stalled' }, '?device=d', 400, 'INVALID_REQUEST'],
    [{ id: 'agent_silent' }, '', 422, 'NOT_OVER_HISTORY'],
    [{ rule: 'kind: [' }, '', 422, 'RULE_REFUSED'],
    [{ rule: '&a [*a]' }, '', 422, 'RULE_REFUSED'],
    [{ id: '__proto__' }, '', 400, 'INVALID_REQUEST'],
  ])('refuses %j%s', async (body, query, status, code) => {
    expect(await ask(body, query)).toMatchObject({ status, json: { code } });
  });

  it('names every problem of a rule', async () => {
    const { json } = await ask({ id: 'memory_low', changes: { for: 5, fro: '5m', field: 'free' } });
    expect(json['problems']).toEqual([
      'the body: for: expected a duration such as 30s, 15m, 1h or 7d, got 5',
      'the body: fro: unknown setting',
    ]);
  });

  it('runs one at a time for each token, and gives the place back', async () => {
    const [one, other] = await Promise.all([
      ask({ id: 'room_smoke' }, '?from=-24h'),
      ask({ id: 'room_smoke' }, '?from=-24h'),
    ]);
    expect([one.status, other.status].sort()).toEqual([200, 429]);
    expect((await ask({ id: 'room_smoke' })).status).toBe(200);
  });

  it('reads a rule only with a place: many that take long to refuse do not hold up everything else', async () => {
    const nested = { rule: '{a: '.repeat(4_000) };
    const [, refused] = await Promise.all([ask({ id: 'room_smoke' }, '?from=-24h'), ask(nested)]);
    expect(refused).toMatchObject({ status: 429, json: { code: 'TOO_MANY_BACKTESTS' } });
    expect(await ask(nested)).toMatchObject({ status: 422, json: { code: 'RULE_REFUSED' } });
    expect((await ask({ id: 'room_smoke' })).status).toBe(200);
  });

  it('refuses the text of a rule above 16 KiB without reading it', async () => {
    expect(await ask({ rule: '{a: '.repeat(15_000) })).toMatchObject({
      status: 400,
      json: { code: 'INVALID_REQUEST' },
    });
  });

  it('is not for viewers', async () => {
    const { viewer } = harness.tokens;
    const payload = JSON.stringify({ id: 'room_smoke' });
    const answer = await harness.call('POST', '/api/v1/rules/backtest', { payload, token: viewer });
    expect(answer.status).toBe(403);
  });
});
