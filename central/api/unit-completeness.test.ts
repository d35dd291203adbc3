import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiHarness } from './testing/api-harness.ts';

let harness: ApiHarness;

beforeAll(async () => {
  harness = await ApiHarness.open();
});
afterAll(async () => {
  expect(await harness.close()).toEqual([]);
});

async function completeness(query: string) {
  const { status, json } = await harness.call('GET', `/api/v1/ledger/completeness?${query}`);
  expect(status, JSON.stringify(json)).toBe(200);
  return json;
}

describe('the data of a ward and an hour', () => {
  it('is complete where all of its agents have stored and nothing is open', async () => {
    expect(await completeness('unit=26734&from=-1m&to=now')).toMatchObject({
      unit: '26734',
      complete: true,
      completeness: 1,
      nothingFrom: [],
      lostPoints: 0,
      agents: [{ agent: 'gw-1', storedPoints: 2 }],
    });
  });

  it('is of whole hours of the zone, and not complete where nothing came', async () => {
    const yesterday = await completeness(
      'unit=26734&from=yesterdayT14:00&to=yesterdayT15:00&tz=Asia/Ho_Chi_Minh',
    );
    expect(yesterday).toMatchObject({ complete: false, nothingFrom: ['gw-1'], storedPoints: 0 });
    expect(Number(yesterday['toMs']) - Number(yesterday['fromMs'])).toBe(3_600_000);
    expect(yesterday).not.toHaveProperty('completeness');
  });

  it('is not complete where central was off and nobody has sent what was measured meanwhile', async () => {
    const OFF_MS = 20 * 60_000;
    await harness.advance(11_000);
    harness.standStill(OFF_MS);
    await harness.advance(2_000);
    const after = await completeness('unit=26734&from=-1m&to=now');
    expect(after).toMatchObject({ complete: false, nothingFrom: [], lostPoints: 0, lateBatches: 0 });
    expect(Math.abs(Number(after['centralOffMs']) - OFF_MS)).toBeLessThan(10_000);
    const { ledger, clock } = harness.parts;
    const measuredAtMs = clock.now() - OFF_MS / 2;
    const late = { agent: 'gw-1', epoch: 'abcdefgh', measuredAtMs, refusedPoints: 0, storedPoints: 6 };
    ledger.recordStored([{ ...late, seq: 2, lowest: 2, losses: [] }], clock.now());
    expect(await completeness('unit=26734&from=-1m&to=now')).toMatchObject({
      complete: true,
      lateBatches: 1,
    });
  });

  it('is not complete with a loss, and says how much is missing', async () => {
    const { ledger, clock } = harness.parts;
    const batch = { agent: 'gw-2', epoch: 'abcdefgh', measuredAtMs: clock.now(), refusedPoints: 0 };
    ledger.recordStored(
      [
        {
          ...batch,
          seq: 9,
          lowest: 7,
          storedPoints: 6,
          losses: [{ from: 2, to: 3, points: 2, fromMs: 0, toMs: 1, reason: 'queue-full' }],
        },
      ],
      clock.now(),
    );
    expect(await completeness('unit=26737&from=-1m')).toMatchObject({
      complete: false,
      lostPoints: 2,
      completeness: 0.8,
      missingBatches: 3,
      awaitedBatches: 2,
    });
  });
});

it.each([
  [
    'unit=26738',
    /^querystring\.unit: expected the code of a unit of the inventory, got "26738", did you mean "267\d\d"\?$/,
  ],
  ['', /^querystring\.unit: /],
  ['unit=26734&from=now&to=-1h', /^querystring\.from: expected a time before to/],
])('?%s is a mistake that the answer names', async (query, detail) => {
  const answer = await harness.call('GET', `/api/v1/ledger/completeness?${query}`);
  expect(answer.status).toBe(400);
  expect(answer.json['detail']).toMatch(detail);
});

it.each([
  ['version=old', /^querystring\.version: expected a version such as 0\.2\.0, .*, got "old"$/],
  ['kind=modem', /^querystring\.kind: /],
  ['order=age', /^querystring\.order: /],
  ['q=', /^querystring\.q: expected 1 to 100 characters/],
])('/agents?%s is a mistake that the answer names', async (query, detail) => {
  const answer = await harness.call('GET', `/api/v1/agents?${query}`);
  expect(answer.status).toBe(400);
  expect(answer.json['detail']).toMatch(detail);
});
