import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiHarness } from './testing/api-harness.ts';

interface Alert {
  readonly id: string;
  readonly rule: string;
  readonly severity: string;
  readonly unit?: string;
  readonly openedAtMs: number;
  readonly entity: Readonly<Record<string, string>>;
}

let harness: ApiHarness;
let middleMs: number;

beforeAll(async () => {
  harness = await ApiHarness.open();
  await harness.advance(5_000);
  middleMs = harness.parts.clock.now();
  await harness.advance(1_000);
  const timeMs = harness.parts.clock.now();
  await harness.send('gw-1', [
    { measurement: 'power', tags: { device: 'node-0' }, fields: { on_battery: true }, timeMs },
  ]);
  const tags = { device: 'node-1', sensor: 'Tủ b' };
  await harness.send('gw-2', [{ measurement: 'environment', tags, fields: { water_leak: true }, timeMs }]);
});
afterAll(async () => {
  expect(await harness.close()).toEqual([]);
});

async function alerts(query = ''): Promise<Alert[]> {
  const { status, json } = await harness.call('GET', `/api/v1/alerts?${query}`);
  expect(status, JSON.stringify(json)).toBe(200);
  return json['items'] as Alert[];
}

describe('the list of alerts', () => {
  it('has alerts of several rules and gravities', async () => {
    const all = await alerts();
    expect(new Set(all.map(({ severity }) => severity)).size).toBeGreaterThan(1);
    expect(new Set(all.map(({ rule }) => rule)).size).toBeGreaterThan(2);
  });

  it.each<[string, (alert: Alert) => boolean]>([
    ['unit=26734', ({ unit }) => unit === '26734'],
    ['site=site-0', ({ unit }) => unit === '26734'],
    ['device=node-1', ({ entity }) => entity['device'] === 'node-1'],
    ['rule=room_smoke', ({ rule }) => rule === 'room_smoke'],
    ['severity=critical', ({ severity }) => severity === 'critical'],
    [
      'rule=room_smoke&device=node-2',
      ({ rule, entity }) => rule === 'room_smoke' && entity['device'] === 'node-2',
    ],
    // In the title: "Smoke in the room", "Có khói trong phòng máy".
    ['q=SMOKE', ({ rule }) => rule === 'room_smoke'],
    ['q=co khoi', ({ rule }) => rule === 'room_smoke'],
    ['q=node-2', ({ entity }) => entity['device'] === 'node-2'],
    // The name of the unit.
    ['q=phuong 2', ({ unit }) => unit === '26740'],
    ['q=ward 1', ({ unit }) => unit === '26737'],
  ])('with ?%s has those and no others', async (query, isMeant) => {
    const found = await alerts(query);
    expect(found.map(({ id }) => id)).toEqual((await alerts()).filter(isMeant).map(({ id }) => id));
    expect(found.length).toBeGreaterThan(0);
  });

  it.each([
    'q=%25',
    'q=__',
    "q=' OR 1",
    'device=sensor-of-gw-1&severity=warning',
    'rule=room_smok',
    'q=tags%22%3A',
  ])('with ?%s is empty', async (query) => expect(await alerts(query)).toEqual([]));

  it('has those that were recorded since a time', async () => {
    const since = await alerts(`since=${middleMs}`);
    expect(since.length).toBeGreaterThan(0);
    expect(since.every(({ openedAtMs }) => openedAtMs >= middleMs)).toBe(true);
    expect(since.length).toBeLessThan((await alerts('since=-1h')).length);
  });

  it('comes newest, oldest or gravest first, each alert on one page', async () => {
    const newest = await alerts('order=newest');
    expect(await alerts()).toEqual(newest);
    expect(await alerts('order=oldest')).toEqual(newest.toReversed());
    const gravest = await alerts('order=severity');
    const ranks = gravest.map(({ severity }) => ['critical', 'major', 'minor', 'warning'].indexOf(severity));
    expect(ranks).toEqual(ranks.toSorted());
    for (const order of ['oldest', 'severity']) {
      const walked: Alert[] = [];
      let cursor: string | undefined = '';
      while (cursor !== undefined) {
        const next: string = cursor === '' ? '' : `&cursor=${cursor}`;
        const { json } = await harness.call('GET', `/api/v1/alerts?order=${order}&limit=2${next}`);
        walked.push(...(json['items'] as Alert[]));
        cursor = json['nextCursor'] as string | undefined;
      }
      expect(walked).toEqual(await alerts(`order=${order}`));
    }
  });
});

describe('the statistics of alerts', () => {
  it('name the noisiest rules, how many stand, and how many come', async () => {
    const { json } = await harness.call('GET', '/api/v1/alerts/stats?from=-1h');
    expect(json).toMatchObject({ activeLongerThan24h: 0, truncated: false });
    expect(json['fired']).toBe((await alerts('since=-1h')).length);
    expect(json['rules']).toContainEqual({
      rule: 'room_smoke',
      title: { en: 'Smoke in the room', vi: 'Có khói trong phòng máy' },
      fired: 3,
      active: 3,
    });
    const all = await harness.call('GET', '/api/v1/alerts/stats?from=0');
    expect(all.json['observedFromMs']).toBe(harness.parts.stateHistory.knownFromMs());
    expect(all.json['per10Min']).toMatchObject({ mean: all.json['fired'] });
    // Nobody has answered, and there is no calendar.
    expect(json).toMatchObject({ timeToAcknowledge: { alerts: 0 }, unacknowledged: json['active'] });
    expect(json['timeToAcknowledge']).not.toHaveProperty('medianMs');
    expect(json['per10Min']).not.toHaveProperty('peopleOnCall');
    const one = await harness.call('GET', '/api/v1/alerts/stats?from=-1h&limit=1&unit=26740');
    expect(one.json).toMatchObject({ fired: expect.any(Number) as unknown });
    expect(one.json['rules']).toHaveLength(1);
  });
});

it('the time to acknowledge is that of the first answer, by severity as well', async () => {
  const [smoke] = (await alerts('severity=critical')).filter(({ rule }) => rule === 'room_smoke');
  const openedAtMs = Number(smoke?.['openedAtMs']);
  const statistics = async () => (await harness.call('GET', '/api/v1/alerts/stats?from=-1h')).json;
  const before = await statistics();
  const acknowledge = async (text: string): Promise<number> => {
    const payload = JSON.stringify({ text });
    const { json } = await harness.call('POST', `/api/v1/alerts/${smoke?.id}/acknowledge`, { payload });
    return (json['acknowledgement'] as { atMs: number }).atMs;
  };
  const wholeSeconds = (ms: number): number => Math.floor(ms / 1_000) * 1_000;
  const tookMs = wholeSeconds((await acknowledge('on my way')) - openedAtMs);
  await harness.advance(5_000);
  expect((await acknowledge('there is a fire')) - openedAtMs).toBeGreaterThan(tookMs);
  const expected = { alerts: 1, medianMs: tookMs, p90Ms: tookMs };
  const after = await statistics();
  expect(after['timeToAcknowledge']).toEqual(expected);
  expect(after['unacknowledged']).toBe(Number(before['unacknowledged']) - 1);
  expect(after['severities']).toContainEqual(
    expect.objectContaining({ severity: 'critical', timeToAcknowledge: expected }),
  );
});

it.each([
  ['/alerts?order=worst', /^querystring\.order: .*, got "worst"$/],
  ['/alerts?q=', /^querystring\.q: expected 1 to 100 characters, got ""$/],
  [`/alerts?q=${'x'.repeat(101)}`, /^querystring\.q: expected 1 to 100 characters, got "x+…$/],
  ['/alerts?since=1.5', /^querystring\.since: expected a time: .*, got "1.5"$/],
  ['/alerts?severity=bad', /^querystring\.severity: /],
  ['/alerts?tz=Mars', /^querystring\.tz: expected a time zone/],
  ['/alerts/stats?from=now&to=-1h', /^querystring\.from: expected a time before to/],
  ['/alerts/stats?limit=0', /^querystring\.limit: /],
])('%s is a mistake that the answer names', async (path, detail) => {
  const answer = await harness.call('GET', `/api/v1${path}`);
  expect(answer.status).toBe(400);
  expect(answer.json['detail']).toMatch(detail);
});
