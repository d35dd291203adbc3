import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyInventoryFile, type Device, type InventoryFile } from '../../contract/inventory.ts';
import type { Sample } from '../../contract/sample.ts';
import { coverageSample } from '../rollups/coverage-sample.ts';
import { ApiHarness } from './testing/api-harness.ts';

const MINUTE_MS = 60_000;
/** On the minute. */
const START_MS = 1_800_000_000_000;

const UNITS = ['26734', '26737', '26740'] as const;
const place = (unit: string) => ({ unit, longitude: 106.69, latitude: 10.79 });
const modem = (id: string, unit: string): Device => ({
  id,
  kind: 'modem',
  agent: `gw-${unit}`,
  site: `site-${unit}`,
  unit,
});
const INVENTORY: InventoryFile = {
  ...emptyInventoryFile(),
  units: UNITS.map((code) => ({
    ...{ code, name: `Phường ${code}`, nameEn: `Ward ${code}`, kind: 'ward' },
    ...{ longitude: 106.69, latitude: 10.79, areaKm2: 1.2 },
  })),
  sites: UNITS.map((unit) => ({ id: `site-${unit}`, name: 'Site', kind: 'site', ...place(unit) })),
  agents: UNITS.map((unit) => ({ id: `gw-${unit}`, kind: 'gateway', site: `site-${unit}`, unit })),
  devices: [modem('m-1', '26734'), modem('m-2', '26734'), modem('m-3', '26737')],
};

let harness: ApiHarness;

/** Of one minute; six samples of each modem. */
function minute(
  at: number,
  { operator, rat, covered }: { operator: string; rat: string; covered: number },
): Sample {
  const counts = { samples: 6, covered, modems: 1, dips: 0, dipS: 0, fallBacks: 0 };
  return coverageSample({ unit: '26734', operator, rat, ...counts }, START_MS + at * MINUTE_MS);
}

/** Eight minutes, of which one modem has no network for one, one is silent in the last four, and one ward has nothing to measure with. */
beforeAll(async () => {
  const startMs = START_MS + 8 * MINUTE_MS + 30_000;
  harness = await ApiHarness.open({ inventory: INVENTORY, timeZone: 'Asia/Ho_Chi_Minh', startMs });
  const minutes = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((at) => [
    minute(at, {
      operator: 'viettel',
      ...(at === 2 ? { rat: 'none', covered: 0 } : { rat: 'nr', covered: 6 }),
    }),
    ...(at < 4 ? [minute(at, { operator: 'mobifone', rat: 'lte', covered: 0 })] : []),
  ]);
  harness.parts.ingest.own.write(minutes);
  await harness.advance(1_000);
});
afterAll(async () => {
  expect(await harness.close()).toEqual([]);
});

const range = `from=${START_MS}&to=${START_MS + 8 * MINUTE_MS}`;
const coverage = async (query: string) => (await harness.call('GET', `/api/v1/coverage?${query}`)).json;

describe('the coverage of units', () => {
  it('is the share of samples at the minimum, by operator and technology', async () => {
    const { items, ...about } = await coverage(`unit=26734&${range}`);
    expect(about).toEqual({
      ...{ fromMs: START_MS, toMs: START_MS + 8 * MINUTE_MS, minimumRsrpDbm: -110 },
      resolution: [{ of: 'raw', fromMs: START_MS, toMs: START_MS + 8 * MINUTE_MS }],
    });
    const none = { dips: 0, dipS: 0, fallBacks: 0 };
    expect(items).toMatchObject([
      {
        ...{ unit: '26734', name: 'Phường 26734', modems: 2, ...none },
        operators: [
          // Too few to say a share.
          { operator: 'mobifone', samples: 24, coveredSamples: 0, rats: [{ rat: 'lte', samples: 24 }] },
          {
            ...{ operator: 'viettel', ...none },
            rats: [
              { rat: 'none', samples: 6, coveredSamples: 0 },
              { rat: 'nr', samples: 42, coveredSamples: 42, coveredPercent: 100, atMostPercent: 100 },
            ],
          },
        ],
      },
    ]);
    const [{ operators, completeness }] = items as [
      { operators: Record<string, unknown>[]; completeness: number },
    ];
    expect(operators[0]).not.toHaveProperty('coveredPercent');
    expect(operators[1]?.['coveredPercent']).toBeCloseTo((100 * 42) / 48);
    expect(operators[1]?.['atLeastPercent']).toBeCloseTo(75.3, 1);
    // Eight minutes of one modem, and four of the other.
    expect(completeness).toBe(0.75);
  });

  it('is unknown, not good or bad, where nothing was measured', async () => {
    const { items } = await coverage(range);
    const [, silent, without] = items as Record<string, unknown>[];
    expect(silent).toMatchObject({ unit: '26737', modems: 1, completeness: 0, samples: 0, operators: [] });
    expect(without).toMatchObject({ unit: '26740', modems: 0, samples: 0, operators: [] });
    expect(silent).not.toHaveProperty('coveredPercent');
    expect(without).not.toHaveProperty('completeness');
  });

  it('may be that of one operator or technology; how complete the data is stays that of the unit', async () => {
    const unitOf = async (query: string) =>
      ((await coverage(`unit=26734&${range}&${query}`))['items'] as Record<string, unknown>[])[0];
    expect(await unitOf('operator=mobifone')).toMatchObject({ samples: 24, completeness: 0.75 });
    expect(await unitOf('rat=nr')).toMatchObject({ samples: 42, operators: [{ operator: 'viettel' }] });
    expect(await unitOf('operator=vinaphone')).toMatchObject({ samples: 0, operators: [] });
  });

  it('may come with the worst first; those of which nothing is known are the last', async () => {
    const { items, nextCursor } = await coverage(`${range}&order=worst&limit=1`);
    expect(items).toMatchObject([{ unit: '26734' }]);
    const rest = await coverage(`${range}&order=worst&cursor=${String(nextCursor)}`);
    expect((rest['items'] as { unit: string }[]).map(({ unit }) => unit)).toEqual(['26737', '26740']);
  });

  it('is that of the minutes that are over, the day without it', async () => {
    const nowMs = harness.parts.clock.now();
    const { fromMs, toMs } = await coverage('from=-10s');
    expect([Number(toMs) % MINUTE_MS, Number(toMs) - Number(fromMs)]).toEqual([0, MINUTE_MS]);
    expect(Number(toMs)).toBeLessThanOrEqual(nowMs);
  });

  it.each([
    [
      'operator=vietel',
      'querystring.operator: expected the operator of a mobile network, got "vietel", did you mean "viettel"?',
    ],
    ['unit=26735&operator=viettel', /^querystring\.unit: expected the code of a unit .*"26735"[^;]*$/],
    ['rat=5g', /^querystring\.rat: /],
    [`operator=${'x'.repeat(65)}`, /^querystring\.operator: /],
    ['from=now&to=-1h', /^querystring\.from: expected a time before to/],
    ['tz=Mars', /^querystring\.tz: expected a time zone/],
  ])('refuses %s, and says why', async (query, detail) => {
    const answer = await harness.call('GET', `/api/v1/coverage?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.json['detail']).toEqual(
      typeof detail === 'string' ? detail : (expect.stringMatching(detail) as unknown),
    );
  });
});

it('each minute is written from what modems sent, as any other series', async () => {
  const MINUTES = 2;
  for (let step = 0; step < 6 * MINUTES; step++) {
    const timeMs = harness.parts.clock.now();
    const tags = { device: 'm-3', operator: 'vinaphone', rat: 'nrnsa' };
    harness.receive('gw-26737', [{ measurement: 'cellular', tags, fields: { rsrp_dbm: -95 }, timeMs }]);
    await harness.tick(10_000);
  }
  await harness.advance(1_000);
  const url = '/api/v1/series?measurement=coverage&field=samples&tag.unit=26737&every=1m&across=sum';
  const { json } = await harness.call('GET', url);
  const [{ points }] = json['series'] as [{ points: [number, number][] }];
  expect(points.map(([, samples]) => samples)).toContain(6);
  expect(await coverage('unit=26737&from=-3m')).toMatchObject({
    items: [{ operators: [{ operator: 'vinaphone', rats: [{ rat: 'nrnsa' }] }] }],
  });
  const quality = await harness.call('GET', '/api/v1/series?measurement=alarm_quality&field=alarm_rate');
  expect(quality.json['series']).toHaveLength(1);
});
