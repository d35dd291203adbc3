import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiHarness } from './testing/api-harness.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Midnight in UTC+7. */
const MIDNIGHT_MS = Date.UTC(2027, 0, 13, 17);

interface Answer {
  readonly fromMs: number;
  readonly toMs: number;
  readonly everyMs?: number;
  readonly timeZone?: string;
  readonly partial?: number[];
  readonly series: { tags: Record<string, string>; points: [number, unknown][] }[];
  readonly truncated: boolean;
  readonly nextCursor?: string;
}

let harness: ApiHarness;

beforeAll(async () => {
  harness = await ApiHarness.open();
  const minutes = Array.from({ length: 10 }, (_, minute) => minute);
  await harness.send(
    'gw-1',
    // Traffic of two lines: 10 measured six times a minute, 30 once; not in the minutes 4 and 5.
    minutes
      .filter((minute) => minute !== 4 && minute !== 5)
      .flatMap((minute) => [
        ...[0, 1, 2, 3, 4, 5].map((at) => line('a', MIDNIGHT_MS + minute * MINUTE_MS + at * 10_000, 10)),
        line('b', MIDNIGHT_MS + minute * MINUTE_MS, 30),
      ]),
  );
});
afterAll(async () => {
  expect(await harness.close()).toEqual([]);
});

function line(name: string, timeMs: number, value: number) {
  return {
    measurement: 'interface',
    tags: { device: 'node-0', interface: name },
    fields: { in_bps: value },
    timeMs,
  };
}

async function ask(query: string): Promise<Answer> {
  const url = `/api/v1/series?measurement=interface&field=in_bps&${query}`;
  const { status, json } = await harness.call('GET', url);
  expect(status, JSON.stringify(json)).toBe(200);
  return json as unknown as Answer;
}

const tenMinutes = `from=${MIDNIGHT_MS}&to=${MIDNIGHT_MS + 10 * MINUTE_MS}`;

describe('traffic of all lines', () => {
  it('is the sum across series, however often each was measured', async () => {
    const { series } = await ask(`${tenMinutes}&every=10m&aggregate=mean&across=sum`);
    expect(series).toEqual([{ tags: {}, points: [[MIDNIGHT_MS, 40]] }]);
  });

  it('is that of each group, or of each line by itself', async () => {
    const grouped = await ask(`${tenMinutes}&every=10m&across=sum&groupBy=device`);
    expect(grouped.series).toEqual([{ tags: { device: 'node-0' }, points: [[MIDNIGHT_MS, 40]] }]);
    const apart = await ask(`${tenMinutes}&every=10m`);
    expect(apart.series.map(({ tags, points }) => [tags['interface'], points])).toEqual([
      ['a', [[MIDNIGHT_MS, 10]]],
      ['b', [[MIDNIGHT_MS, 30]]],
    ]);
  });

  it('takes the former name of groupBy', async () => {
    const [now, before] = await Promise.all(
      ['groupBy', 'group'].map((name) => ask(`${tenMinutes}&every=10m&across=max&${name}=device`)),
    );
    expect(now).toEqual(before);
  });
});

describe('days', () => {
  const query = 'every=1d&aggregate=count&across=sum';

  it('begin at midnight of the time zone, which the answer names', async () => {
    const day = await ask(`${tenMinutes}&${query}&tz=Asia/Ho_Chi_Minh`);
    expect(day).toMatchObject({ everyMs: DAY_MS, timeZone: 'Asia/Ho_Chi_Minh' });
    expect(day.series[0]?.points).toEqual([[MIDNIGHT_MS, 56]]);
  });

  it('are those of the configuration without it', async () => {
    const day = await ask(`${tenMinutes}&${query}`);
    expect(day.timeZone).toBe('UTC');
    expect(day.series[0]?.points).toEqual([[MIDNIGHT_MS - 17 * 3_600_000, 56]]);
  });

  it('and all other buckets that the range or the present cuts are marked', async () => {
    const from = `from=${MIDNIGHT_MS + 90_000}&to=${MIDNIGHT_MS + 10 * MINUTE_MS}`;
    expect((await ask(`${from}&every=1m`)).partial).toEqual([MIDNIGHT_MS + MINUTE_MS]);
    expect((await ask(`${tenMinutes}&every=1m`)).partial).toEqual([]);
    expect((await ask(`${tenMinutes}&every=1d&tz=Asia/Ho_Chi_Minh`)).partial).toEqual([MIDNIGHT_MS]);
    expect(await ask(tenMinutes)).not.toHaveProperty('partial');
  });
});

describe('states', () => {
  const flags = (device: string, values: readonly boolean[]) =>
    values.map((smoke, at) => ({
      measurement: 'environment',
      tags: { device },
      fields: { smoke },
      timeMs: MIDNIGHT_MS + at * MINUTE_MS,
    }));
  const smoke = async (query: string) => {
    const url = `/api/v1/series?measurement=environment&field=smoke&${tenMinutes}&every=1h&${query}`;
    const { json } = await harness.call('GET', url);
    return (json['series'] as { state?: unknown; points: [number, number][] }[]).map(({ state, points }) => [
      state,
      points.map(([, value]) => value),
    ]);
  };
  beforeAll(async () => {
    await harness.send('gw-1', flags('node-0', [true, false, false, false]));
    await harness.send('gw-2', flags('node-1', [true, true]));
  });

  it('are a share of time, the mean of a flag', async () => {
    expect(await smoke('tag.device=node-0')).toEqual([[undefined, [0.25]]]);
    expect(await smoke('aggregate=mean&across=mean')).toEqual([[undefined, [0.625]]]);
    expect(await smoke('across=p50')).toEqual([[undefined, [0.25]]]);
  });

  it('are each a series of its own, and together 1', async () => {
    expect(await smoke('aggregate=share&tag.device=node-0')).toEqual([
      [false, [0.75]],
      [true, [0.25]],
    ]);
    expect(await smoke('aggregate=share&across=sum')).toEqual([
      [false, [0.75]],
      [true, [1.25]],
    ]);
  });
});

it('has what 95 % of the lines stay below', async () => {
  const { series } = await ask(`${tenMinutes}&every=10m&across=p95`);
  expect(series).toEqual([{ tags: {}, points: [[MIDNIGHT_MS, 30]] }]);
});

describe('a range of words', () => {
  it('is counted in the zone of the query', async () => {
    // By the clock of this central it is 15 January, 15:00 in UTC+7.
    const week = await ask('from=-2d&to=today&tz=Asia/Ho_Chi_Minh&every=1d&aggregate=count&across=sum');
    expect([week.fromMs, week.toMs]).toEqual([harness.parts.clock.now() - 2 * DAY_MS, MIDNIGHT_MS + DAY_MS]);
    expect(week.series[0]?.points).toEqual([[MIDNIGHT_MS, 56]]);
  });
});

describe('a gap', () => {
  const values = async (fill: string) => {
    const { series } = await ask(`${tenMinutes}&every=1m&across=sum${fill}`);
    return series[0]?.points
      .slice(3, 7)
      .map(([timeMs, value]) => [(timeMs - MIDNIGHT_MS) / MINUTE_MS, value]);
  };

  it.each([
    ['', [3, 6, 7, 8], [40, 40, 40, 40]],
    ['&fill=none', [3, 6, 7, 8], [40, 40, 40, 40]],
    ['&fill=null', [3, 4, 5, 6], [40, null, null, 40]],
    ['&fill=previous', [3, 4, 5, 6], [40, 40, 40, 40]],
  ])('with %s', async (fill, minutes, expected) => {
    expect(await values(fill)).toEqual(minutes.map((minute, at) => [minute, expected[at]]));
  });

  it('is not filled where that would make too many points', async () => {
    const url = `/api/v1/series?measurement=interface&field=in_bps&from=0&to=${MIDNIGHT_MS}&every=1s&fill=null`;
    expect((await harness.call('GET', url)).status).toBe(200);
    const filled = await harness.call('GET', url.replace(`to=${MIDNIGHT_MS}`, `to=${MIDNIGHT_MS + 60_000}`));
    expect(filled).toMatchObject({ status: 400, json: { code: 'QUERY_REFUSED' } });
    expect(filled.json['detail']).toMatch(
      /^querystring\.fill: would make \d+ points, the most is 50000; ask/,
    );
  });
});

describe('more than 50,000 points', () => {
  const START_MS = MIDNIGHT_MS - DAY_MS;
  const SECONDS = 26_000;

  it('are cut at the older end with a sign, and each is on exactly one page', async () => {
    for (let from = 0; from < SECONDS; from += 2_000) {
      const seconds = Array.from({ length: Math.min(2_000, SECONDS - from) }, (_, at) => from + at);
      for (const name of ['a', 'b'])
        await harness.send(
          'gw-1',
          seconds.map((second) => line(name, START_MS + second * 1_000, second)),
        );
    }
    const range = `from=${START_MS}&to=${START_MS + DAY_MS - 1}`;
    const first = await ask(range);
    expect(first.truncated).toBe(true);
    const newest = START_MS + (SECONDS - 1) * 1_000;
    expect(first.series.map(({ points }) => points.at(-1)?.[0])).toEqual([newest, newest]);
    const second = await ask(`${range}&cursor=${String(first.nextCursor)}`);
    expect(second).toMatchObject({ truncated: false, fromMs: START_MS, toMs: first.fromMs });
    const times = [...second.series, ...first.series].flatMap(({ tags, points }) =>
      tags['interface'] === 'a' ? points.map(([timeMs]) => timeMs) : [],
    );
    expect(times).toEqual(Array.from({ length: SECONDS }, (_, at) => START_MS + at * 1_000));
  }, 60_000);
});

describe('the latest rows', () => {
  it('are all read, page by page', async () => {
    const seen: unknown[] = [];
    let cursor = '';
    do {
      const url = `/api/v1/latest?measurement=environment&limit=2${cursor}`;
      const { json } = await harness.call('GET', url);
      seen.push(...(json['rows'] as { tags: { device: string } }[]).map(({ tags }) => tags.device));
      const { nextCursor } = json as { nextCursor?: string };
      cursor = nextCursor === undefined ? '' : `&cursor=${nextCursor}`;
    } while (cursor !== '');
    const devices = [1, 2, 3].flatMap((n) => [`node-${n - 1}`, `sensor-of-gw-${n}`]);
    expect(seen.toSorted()).toEqual(devices.toSorted());
  });

  it('of another run of central are not gone on with', async () => {
    const cursor = Buffer.from('00000000 2', 'utf8').toString('base64url');
    const answer = await harness.call('GET', `/api/v1/latest?measurement=environment&cursor=${cursor}`);
    expect(answer).toMatchObject({
      status: 400,
      json: { code: 'BAD_CURSOR', detail: 'central has started anew since; begin again' },
    });
  });
});
