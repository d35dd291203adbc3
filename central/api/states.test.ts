import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiHarness } from './testing/api-harness.ts';

let harness: ApiHarness;
let startMs: number;

function nodeUp(up: boolean) {
  const timeMs = harness.parts.clock.now();
  return { measurement: 'device', tags: { device: 'node-0' }, fields: { up }, timeMs };
}

/** Up, down, up; virtual time runs on while the store writes. */
beforeAll(async () => {
  harness = await ApiHarness.open();
  startMs = harness.parts.clock.now();
  for (const up of [true, false, true]) {
    await harness.send('gw-1', [nodeUp(up)]);
    await harness.advance(2_000);
  }
});
afterAll(async () => {
  expect(await harness.close()).toEqual([]);
});

async function items(url: string): Promise<Record<string, unknown>[]> {
  const { status, json } = await harness.call('GET', `/api/v1/${url}`);
  expect(status, url).toBe(200);
  return json['items'] as Record<string, unknown>[];
}

describe('states', () => {
  it('of devices, sites and units are listed with reason and evidence, and filtered', async () => {
    expect(await items('devices?unit=26734')).toMatchObject([
      {
        id: 'node-0',
        state: 'up',
        reason: 'gw-1 measured device.up = true',
        evidence: expect.arrayContaining([
          expect.objectContaining({ agent: 'gw-1', measurement: 'device', field: 'up', value: true }),
        ]) as unknown,
        inService: true,
      },
    ]);
    expect((await items('devices?state=up&kind=node&site=site-0')).map(({ id }) => id)).toEqual(['node-0']);
    expect(await items('sites?state=up&unit=26734')).toMatchObject([
      { id: 'site-0', devices: { up: 1, down: 0, unreachable: 0, unknown: 0 } },
    ]);
    expect((await items('devices?state=down,up&unit=26734')).map(({ id }) => id)).toEqual(['node-0']);
    expect(await items('devices?state=down')).toEqual([]);
    // Its agent reported smoke.
    expect((await items('units?state=alert')).map(({ code }) => code)).toContain('26734');
    expect(await items('units?state=unreachable')).toEqual([]);
  });

  it('lists take owners, parents, words and since when, each with what is found and what is not', async () => {
    const idsOf = async (url: string) => (await items(url)).map(({ id, code }) => id ?? code);
    const { json: site } = await harness.call('GET', '/api/v1/inventory/sites/site-0');
    const owned = { ...(site['entry'] as object), agency: 'agency-0' };
    const payload = JSON.stringify({ expectedRevision: site['revision'], entry: owned });
    await harness.call('PUT', '/api/v1/inventory/sites/site-0', { payload, token: harness.tokens.engineer });
    const since = startMs - 1;
    for (const [url, found] of [
      ['devices?agency=agency-0', ['node-0']],
      ['devices?agent=gw-1', ['node-0']],
      ['devices?q=NODE-0&order=state', ['node-0']],
      [`devices?since=${since}&state=up`, ['node-0']],
      ['devices?parent=node-0', []],
      ['sites?agency=agency-0', ['site-0']],
      ['sites?parent=site-0', []],
      ['sites?q=site-0&order=since', ['site-0']],
      ['links?unit=26734&agency=agency-0', ['link-0']],
      ['pools?q=pool-0', ['pool-0']],
      ['services?q=dich vu 0&order=state', ['service-0']],
      ['agents?since=-1h&q=gw-1', ['gw-1']],
      ['units?q=26734&order=state', ['26734']],
      ['units?agency=agency-0', ['26734']],
    ] as const)
      expect([url, await idsOf(url)]).toEqual([url, found]);
    const refused = await harness.call('GET', '/api/v1/devices?parent=node-00');
    expect([refused.status, refused.json['code']]).toEqual([400, 'UNKNOWN_NAME']);
    expect(refused.json['detail']).toMatch(
      /querystring.parent: expected the id of a site or a device.*"node-0"/,
    );
  });

  it('who was down then, and when it was so', async () => {
    const down = await items(`states?of=device&state=down&from=${startMs}&to=${startMs + 600_000}`);
    expect(down).toMatchObject([{ ref: 'device:node-0', unit: '26734', kind: 'node', roots: [] }]);
    const [{ fromMs = 0, toMs = 0 } = {}] = down as { fromMs?: number; toMs?: number }[];
    expect(toMs).toBeGreaterThan(fromMs);
    const at = Math.round((fromMs + toMs) / 2);
    expect(await items(`states?of=device&state=down&at=${at}`)).toHaveLength(1);
    expect(await items(`states?of=device&state=down&at=${toMs}`)).toEqual([]);
    expect(await items(`states?of=device&state=down`)).toEqual([]);
    expect(await items(`states?of=device&state=up&unit=26734`)).toMatchObject([{ id: 'node-0' }]);
  });

  it('nothing known does not look like nothing wrong', async () => {
    const url = '/api/v1/states?state=unreachable';
    for (const times of ['from=yesterdayT14:00&to=yesterdayT15:00', 'at=yesterdayT14:00']) {
      const { status, json } = await harness.call('GET', `${url}&${times}`);
      expect([status, json['code'], json['detail']]).toEqual([
        400,
        'QUERY_REFUSED',
        `states are known from ${new Date(harness.parts.stateHistory.knownFromMs('site') ?? 0).toISOString()} on, got a time before it`,
      ]);
    }
    for (const times of ['from=2040-01-01&to=2040-01-02', 'at=2040-01-01']) {
      const { status, json } = await harness.call('GET', `${url}&${times}`);
      expect([status, json['code']], times).toEqual([400, 'EMPTY_RANGE']);
    }
    const partly = await harness.call('GET', `${url}&from=yesterday`);
    expect(partly.json).toMatchObject({
      items: [],
      availableFromMs: harness.parts.stateHistory.knownFromMs('site'),
    });
    const whole = await harness.call('GET', `${url}&from=${harness.parts.clock.now() - 1_000}`);
    expect(whole.json).not.toHaveProperty('availableFromMs');
  });

  it('of services are kept like those of elements', async () => {
    await harness.advance(2_000);
    const found = await items(`states?of=service&id=service-0&from=${startMs}`);
    const down = found.filter(({ state }) => state === 'down');
    expect(down).toMatchObject([
      { ref: 'service:service-0', name: 'Dịch vụ 0', roots: ['device:node-0'], centralOff: false },
    ]);
    // Up before and after that, as it became known.
    expect(found.filter(({ state }) => state === 'up').length).toBeGreaterThanOrEqual(2);
    expect(await items(`states?of=service&state=down&from=${startMs}`)).toHaveLength(1);
  });

  it('are read by pages, each interval once', async () => {
    const url = `states?of=device&from=${startMs}&to=${startMs + 4_000}`;
    const whole = await items(url);
    const paged: unknown[] = [];
    for (let cursor = ''; ;) {
      const { json } = await harness.call('GET', `/api/v1/${url}&limit=1${cursor}`);
      paged.push(...(json['items'] as unknown[]));
      const next = json['nextCursor'];
      if (typeof next !== 'string') break;
      cursor = `&cursor=${next}`;
    }
    expect(whole.length).toBeGreaterThan(2);
    expect(paged).toEqual(whole);
  });

  it.each([
    ['states?at=1&from=2', 'INVALID_REQUEST'],
    ['states?from=5&to=5', 'EMPTY_RANGE'],
    ['availability?from=9&to=5', 'EMPTY_RANGE'],
    ['availability?from=2040-01-01&to=2041-01-01', 'EMPTY_RANGE'],
    ['alerts/stats?from=2040-01-01&to=2041-01-01', 'EMPTY_RANGE'],
    ['ledger/completeness?unit=26734&from=2040-01-01&to=2041-01-01', 'EMPTY_RANGE'],
    ['states?kind=spaceship', 'INVALID_REQUEST'],
    ['states?of=spaceship', 'INVALID_REQUEST'],
    ['sites?state=down,broken', 'INVALID_REQUEST'],
    ['states?of=service&state=unreachable', 'INVALID_REQUEST'],
    ['states?state=degraded', 'INVALID_REQUEST'],
    ['states?of=service&unit=26734', 'INVALID_REQUEST'],
    ['availability?of=service&kind=node', 'INVALID_REQUEST'],
    ['availability?of=site&geography=2025-06-30', 'INVALID_REQUEST'],
    ['availability?of=unit&geography=2025-06-31', 'INVALID_REQUEST'],
    ['availability?by=day&from=0', 'INVALID_REQUEST'],
    ['availability?by=year', 'INVALID_REQUEST'],
  ])('%s is refused: %s', async (url, code) => {
    const { status, json } = await harness.call('GET', `/api/v1/${url}`);
    expect([status, json['code']]).toEqual([400, code]);
  });
});

describe('availability', () => {
  it.each(['device', 'site', 'unit', 'service', 'agency'])('of each %s adds up to the whole', async (of) => {
    for (const item of await items(`availability?of=${of}&from=${startMs}`)) {
      const times = Object.values(item['timeMs'] as Record<string, number>);
      expect(times.reduce((sum, each) => sum + each, 0)).toBe(item['expectedMs']);
      const shares = Object.values(item['sharePercent'] as Record<string, number>);
      expect(shares.reduce((sum, each) => sum + each, 0)).toBeCloseTo(100, 9);
    }
  });

  it('of a unit is that of its devices, and what nobody knows counts as unknown', async () => {
    const [first, second] = await items(`availability?of=unit&from=${startMs}`);
    expect(first).toMatchObject({ id: '26734', name: 'Phường 0', elements: 1 });
    const { up = 0, down = 0 } = first?.['sharePercent'] as Record<string, number>;
    expect(Math.min(up, down)).toBeGreaterThan(5);
    const { unknown = 0 } = second?.['sharePercent'] as Record<string, number>;
    expect(second?.['completeness']).toBeCloseTo(1 - unknown / 100, 9);
  });

  it('before anything was followed nothing was expected', async () => {
    expect(await items('availability?from=1000&to=2000&unit=26734')).toEqual([
      expect.objectContaining({ id: 'site-0', expectedMs: 0 }),
    ]);
  });

  it('of a service and a month is one call', async () => {
    const [found, ...others] = await items('availability?of=service&id=service-0&from=this-month');
    expect(others).toEqual([]);
    expect(found).toMatchObject({ id: 'service-0', name: 'Dịch vụ 0', elements: 1 });
    expect(Object.keys(found?.['timeMs'] as object).sort()).toEqual(['degraded', 'down', 'unknown', 'up']);
    expect((found?.['sharePercent'] as Record<string, number>)['down']).toBeGreaterThan(0);
  });

  it('by days, weeks and months adds up to that of the whole range', async () => {
    for (const by of ['day', 'week', 'month']) {
      for (const of of ['device', 'unit', 'service']) {
        const whole = await items(`availability?of=${of}&from=-60d`);
        const parted = await items(`availability?of=${of}&from=-60d&by=${by}&tz=Asia/Ho_Chi_Minh`);
        expect(parted.map(({ parts: _parts, ...rest }) => rest)).toEqual(whole);
        for (const { parts, timeMs } of parted) {
          const list = parts as { fromMs: number; toMs: number; timeMs: Record<string, number> }[];
          for (const [state, ms] of Object.entries(timeMs as Record<string, number>))
            expect(list.reduce((sum, part) => sum + (part.timeMs[state] ?? 0), 0)).toBe(ms);
          for (const [at, part] of list.slice(1).entries()) expect(part.fromMs).toBe(list[at]?.toMs);
        }
      }
    }
  });

  it('by parts has shorter pages, and says so', async () => {
    const { json } = await harness.call('GET', '/api/v1/availability?of=device&by=day&from=-499d&limit=1000');
    expect((json['items'] as unknown[]).length).toBe(3);
    expect(json).not.toHaveProperty('nextCursor');
  });

  it('by the units of another day has the same total as by those of today', async () => {
    const former = (code: string, name: string, successors: string[]) => {
      return { code, name, kind: 'ward', until: '2025-07-01', successors };
    };
    const site = (id: string, unit: string, before?: string) => {
      const formerUnits =
        before === undefined ? {} : { formerUnits: [{ unit: before, until: '2025-07-01' }] };
      return { id, unit, name: id, kind: 'site', longitude: 106.69, latitude: 10.79, ...formerUnits };
    };
    const payload = JSON.stringify({
      formerUnits: [former('26737', 'Đa Kao', ['26734']), former('26734', 'Bến Nghé', ['26734', '26737'])],
      sites: [site('site-0', '26734', '26737'), site('site-1', '26737', '26734'), site('site-2', '26740')],
    });
    expect(await harness.call('POST', '/api/v1/inventory/import', { payload })).toMatchObject({
      status: 200,
    });
    type Times = { expectedMs: number; timeMs: Record<string, number> };
    const ask = async (query: string) => {
      const { json } = await harness.call(
        'GET',
        `/api/v1/availability?of=unit&from=${startMs}&to=${startMs + 3_000}${query}`,
      );
      return json as unknown as { items: (Times & { id: string; name: string })[]; unplaced?: Times };
    };
    const today = await ask('');
    expect(today.items.map(({ id, name }) => `${id} ${name}`)).toEqual([
      '26734 Phường 0',
      '26737 Phường 1',
      '26740 Phường 2',
    ]);
    const then = await ask('&geography=2025-06-30');
    // 26740 is the same ward in both; nobody changed it.
    expect(then.items.map(({ id, name }) => `${id} ${name}`)).toEqual([
      '26734 Bến Nghé',
      '26737 Đa Kao',
      '26740 Phường 2',
    ]);
    const total = ({ items: list, unplaced }: Awaited<ReturnType<typeof ask>>) =>
      [...list, ...(unplaced === undefined ? [] : [unplaced])].reduce(
        (sum, { expectedMs }) => sum + expectedMs,
        0,
      );
    expect(total(then)).toBe(total(today));
    expect(then.items[1]?.timeMs).toEqual(today.items[0]?.timeMs);
    const one = await ask('&geography=2025-06-30&unit=26737');
    expect(one.items.map(({ name }) => name)).toEqual(['Đa Kao']);
  });
});
