import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sample } from '../../contract/sample.ts';
import { ApiHarness } from './testing/api-harness.ts';

interface Top {
  readonly fromMs?: number;
  readonly entries: {
    tags: Record<string, string>;
    value: unknown;
    timeMs?: number;
    stale?: boolean;
    series?: number;
  }[];
  readonly total: number;
  readonly truncated: boolean;
  readonly staleLeftOut?: number;
}

let harness: ApiHarness;

beforeAll(async () => {
  harness = await ApiHarness.open();
});
afterAll(async () => {
  expect(await harness.close()).toEqual([]);
});

const now = (): number => harness.parts.clock.now();

async function top(query: string): Promise<Top> {
  const { status, json } = await harness.call('GET', `/api/v1/top?${query}`);
  expect(status, JSON.stringify(json)).toBe(200);
  return json as unknown as Top;
}

function line(device: string, name: string, in_bps: number, timeMs = now()): Sample {
  return {
    measurement: 'interface',
    tags: { device, interface: name, unit: device === 'node-0' ? '26734' : '26737' },
    fields: { in_bps },
    timeMs,
  };
}

// All with stale=include: the clock of the harness leaps while the store works. What is stale: top/current-values.test.ts.
describe('the busiest lines now', () => {
  beforeAll(async () => {
    await harness.send('gw-1', [line('node-0', 'a', 10), line('node-0', 'b', 50), line('node-0', 'c', 30)]);
    await harness.send('gw-2', [line('node-1', 'a', 40)]);
  });
  const values = ({ entries }: Top) => entries.map(({ value }) => value);

  it('come greatest first, with a sign that there are more', async () => {
    const two = await top('measurement=interface&field=in_bps&stale=include&limit=2');
    expect(two).toMatchObject({ order: 'desc', unit: 'bit/s', total: 4, truncated: true, staleLeftOut: 0 });
    expect(values(two)).toEqual([50, 40]);
    expect(two.entries[0]).toMatchObject({
      tags: { agent: 'gw-1', interface: 'b', unit: '26734' },
    });
    expect(two.entries[0]?.timeMs).toBeLessThanOrEqual(now());
    const all = await top('measurement=interface&field=in_bps&stale=include');
    expect(all.truncated).toBe(false);
  });

  it('or the idlest first', async () => {
    expect(values(await top('measurement=interface&field=in_bps&stale=include&order=asc&limit=2'))).toEqual([
      10, 30,
    ]);
  });

  it('are filtered by tags and put together by unit', async () => {
    expect(values(await top('measurement=interface&field=in_bps&stale=include&tag.interface=a'))).toEqual([
      40, 10,
    ]);
    const units = await top('measurement=interface&field=in_bps&stale=include&groupBy=unit&across=sum');
    expect(units.entries).toMatchObject([
      { tags: { unit: '26734' }, value: 90, series: 3 },
      { tags: { unit: '26737' }, value: 40, series: 1 },
    ]);
  });

  it('or over a range, by an aggregate of what is stored', async () => {
    const minutes = [9, 8, 7, 6];
    const at = now();
    await harness.send(
      'gw-1',
      minutes.flatMap((minute) => [
        line('node-0', 'a', minute === 8 ? 900 : 0, at - minute * 60_000),
        line('node-0', 'b', 100, at - minute * 60_000),
      ]),
    );
    const range = 'measurement=interface&field=in_bps&from=-10m&to=-5m';
    expect(values(await top(`${range}&aggregate=max`))).toEqual([900, 100]);
    expect(values(await top(range))).toEqual([225, 100]);
    const device = await top(`${range}&aggregate=mean&across=sum&groupBy=device`);
    expect(device.entries).toEqual([{ tags: { device: 'node-0' }, value: 325 }]);
    expect(device.fromMs).toBe(now() - 10 * 60_000);
  });
});

describe('values that are no numbers', () => {
  it('have an order and are counted', async () => {
    const smoke = 'measurement=environment&field=smoke&stale=include';
    await harness.send('gw-3', [
      {
        measurement: 'environment',
        tags: { device: 'node-2', sensor: 'cellar' },
        fields: { smoke: false },
        timeMs: now(),
      },
    ]);
    const { entries } = await top(smoke);
    expect(entries[0]?.value).toBe(true);
    expect(entries.at(-1)?.value).toBe(false);
    const counted = await top(`${smoke}&groupBy=sensor&across=sum`);
    expect(counted.entries[0]).toEqual(expect.objectContaining({ tags: {}, value: 6, series: 6 }));
  });
});

it.each([
  ['order=up', /^querystring\.order: .*"desc"\|"asc", got "up"$/],
  ['limit=0', /^querystring\.limit: .*, got "0"$/],
  ['limit=1001', /^querystring\.limit: .*, got "1001"$/],
  ['limit=ten', /^querystring\.limit: .*, got "ten"$/],
  ['groupBy=unit', /^querystring\.across: expected sum, .*: how the series of one unit are put together$/],
  ['across=sum', /^querystring\.across: expected together with groupBy/],
  ['aggregate=max', /^querystring\.aggregate: expected together with from or to/],
  ['from=-1h&stale=include', /^querystring\.stale: expected without from and to/],
  ['from=-1h&aggregate=share', /^querystring\.aggregate: Invalid option/],
  ['from=last-year', /^querystring\.from: expected a time: .*, got "last-year"$/],
  ['from=today&to=today', /^querystring\.from: expected a time before to/],
  ['tz=Mars', /^querystring\.tz: expected a time zone/],
  ['groupBy=colour&across=sum', /has no tag "colour"/],
  ['stale=maybe', /^querystring\.stale: /],
])('?%s is a mistake that the answer names', async (query, detail) => {
  const answer = await harness.call('GET', `/api/v1/top?measurement=interface&field=in_bps&${query}`);
  expect(answer.status).toBe(400);
  expect(answer.json['detail']).toMatch(detail);
});

it('of a time before central watched is refused: no entries would look as if nothing was measured', async () => {
  const ask = (range: string) =>
    harness.call('GET', `/api/v1/top?measurement=interface&field=in_bps&${range}`);
  expect(await ask('from=2020-01-01&to=2020-01-02')).toMatchObject({
    status: 400,
    json: {
      code: 'QUERY_REFUSED',
      detail: `central has watched since ${new Date(harness.parts.stateHistory.knownFromMs() ?? 0).toISOString()}, got a range before it`,
    },
  });
  expect(await ask('from=-10s&tag.interface=z')).toMatchObject({ status: 200, json: { total: 0 } });
});
