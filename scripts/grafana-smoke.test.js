import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fillIn, targetsOf, timesOf, variablesOf } from './grafana-smoke/targets.js';

const PROGRAM = join(import.meta.dirname, 'grafana-smoke.js');
const OVERVIEW = {
  uid: 'city-overview',
  time: { from: 'now-6h', to: 'now' },
  templating: {
    list: [{ name: 'unit', type: 'query', query: 'SHOW TAG VALUES FROM "unit_state" WITH KEY = "unit"' }],
  },
  panels: [
    {
      title: 'Down',
      datasource: { type: 'influxdb', uid: 'wardwatch-influx' },
      targets: [
        {
          refId: 'A',
          query: 'SELECT last("down") FROM "unit_state" WHERE "unit" =~ /^$unit$/ AND $timeFilter',
        },
      ],
    },
    {
      type: 'row',
      title: 'More',
      panels: [
        { title: 'Alerts', targets: [{ refId: 'A', query: 'SELECT count("id") FROM "alert_event"' }] },
      ],
    },
  ],
};

/** A Grafana as far as the check asks it: answers by path, and keeps the queries. */
let server;
let answers;
let queries;
let folder;

beforeEach(async () => {
  queries = [];
  answers = {
    '/api/health': { database: 'ok', version: '12.4.3' },
    '/api/search': [{ uid: 'city-overview', title: 'City', folderTitle: 'Overview' }],
    '/api/ds/query': ({ queries: [query] }) => {
      queries.push(query);
      return { results: { [query.refId]: { frames: [{ data: { values: [[1_000], ['26737']] } }] } } };
    },
  };
  server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const answer = answers[new URL(request.url, 'http://x').pathname];
      const body = typeof answer === 'function' ? answer(JSON.parse(Buffer.concat(chunks))) : answer;
      response.statusCode = body.status ?? 200;
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  folder = mkdtempSync(join(tmpdir(), 'wardwatch-smoke-'));
  mkdirSync(join(folder, 'built/overview'), { recursive: true });
  writeFileSync(join(folder, 'built/overview/city-overview.json'), JSON.stringify(OVERVIEW));
  writeFileSync(join(folder, 'password'), 'secret-of-grafana\n');
});
afterEach(async () => {
  // Unless a test did.
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

function run(...args) {
  const given =
    args.length > 0
      ? args
      : [`http://127.0.0.1:${server.address().port}`, join(folder, 'password'), join(folder, 'built')];
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [PROGRAM, ...given]);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('close', (code) => resolve({ code, lines: output.trim().split('\n') }));
  });
}

describe('the check of a running Grafana', () => {
  it('asks every query with the values of its variables, and says what came', async () => {
    const { code, lines } = await run();
    expect(lines).toEqual([
      'ok    health: Grafana 12.4.3',
      'ok    overview/city-overview.json: "City" in folder "Overview"',
      'ok    overview/city-overview.json, Down, A: 1 rows',
      'ok    overview/city-overview.json, Alerts, A: 1 rows',
      '4 ok, 0 empty, 0 failed',
    ]);
    expect(code).toBe(0);
    expect(queries.map(({ query }) => query)).toEqual([
      'SHOW TAG VALUES FROM "unit_state" WITH KEY = "unit"',
      'SELECT last("down") FROM "unit_state" WHERE "unit" =~ /^26737$/ AND $timeFilter',
      'SELECT count("id") FROM "alert_event"',
    ]);
    expect(queries[1]).toMatchObject({ datasource: { uid: 'wardwatch-influx' }, intervalMs: 60_000 });
  });

  it('tells a Grafana that is not there, not well or too old', async () => {
    answers['/api/health'] = { database: 'failing', version: '12.4.3' };
    expect((await run()).lines[0]).toBe("FAIL  health: Grafana's own database: failing");
    answers['/api/health'] = { database: 'ok', version: '12.2.9' };
    expect((await run()).lines[0]).toBe('FAIL  health: version 12.2.9; the dashboards need 12.3 or newer');
    answers['/api/health'] = 'a page of some proxy';
    const { code, lines } = await run();
    expect([code, lines[0]]).toEqual([
      1,
      'FAIL  health: /api/health: expected JSON, got "a page of some proxy"',
    ]);
    const { port } = server.address();
    await new Promise((resolve) => server.close(resolve));
    const away = await run(`http://127.0.0.1:${port}`, join(folder, 'password'), join(folder, 'built'));
    expect(away.lines[0]).toMatch(/^FAIL {2}health: \/api\/health: .*ECONNREFUSED/);
  });

  it('tells a dashboard that is missing, and a query that fails, each with its place', async () => {
    answers['/api/search'] = [];
    answers['/api/ds/query'] = ({ queries: [{ refId, query }] }) =>
      query.includes('alert_event')
        ? { status: 400, results: { [refId]: { error: 'database not found: wardwatch', status: 400 } } }
        : { results: { [refId]: { frames: [{ data: { values: [[1], ['26737']] } }] } } };
    const { code, lines } = await run();
    expect(code).toBe(1);
    expect(lines).toContain(
      'FAIL  overview/city-overview.json: no dashboard with uid city-overview: was the folder mounted and provisioned?',
    );
    expect(lines).toContain(
      'FAIL  overview/city-overview.json, Alerts, A: database not found: wardwatch (SELECT count("id") FROM "alert_event")',
    );
    expect(lines.at(-1)).toBe('2 ok, 0 empty, 2 failed');
  });

  it('tells a login that is refused, and a dashboard without any data', async () => {
    answers['/api/search'] = { status: 401, message: 'Invalid username or password' };
    answers['/api/ds/query'] = ({ queries: [{ refId }] }) => ({ results: { [refId]: { frames: [] } } });
    const { lines } = await run();
    expect(lines).toContain(
      'FAIL  search: /api/search?type=dash-db&limit=5000: status 401: Invalid username or password',
    );
    expect(lines).toContain('FAIL  overview/city-overview.json: variable unit: no values');
    expect(lines).toContain('empty overview/city-overview.json, Alerts, A: no data');
    const [unit] = OVERVIEW.templating.list;
    const hidden = { ...OVERVIEW, templating: { list: [{ ...unit, hide: 2 }] } };
    writeFileSync(join(folder, 'built/overview/city-overview.json'), JSON.stringify(hidden));
    expect((await run()).lines.join()).not.toContain('no values');
    const plain = { ...OVERVIEW, templating: { list: [] } };
    writeFileSync(join(folder, 'built/overview/city-overview.json'), JSON.stringify(plain));
    expect((await run()).lines).toContain('FAIL  overview/city-overview.json: none of its queries has data');
  });

  it('says how it is used, and what it cannot read', async () => {
    expect(await run('http://127.0.0.1:1')).toMatchObject({
      code: 2,
      lines: [expect.stringContaining('usage: ')],
    });
    const empty = join(folder, 'none');
    mkdirSync(empty);
    const { lines } = await run('http://127.0.0.1:1', join(folder, 'password'), empty);
    expect(lines).toEqual([
      `grafana-smoke: ${empty} has no dashboards: wardwatch dashboards build makes them`,
    ]);
    writeFileSync(join(folder, 'built/overview/bad.json'), '{');
    const bad = await run('http://127.0.0.1:1', join(folder, 'password'), join(folder, 'built'));
    expect(bad.lines[0]).toMatch(/^grafana-smoke: .*overview\/bad\.json: Expected property name/);
  });
});

describe('queries with variables', () => {
  it('are filled in as Grafana does within a regular expression', () => {
    expect(
      fillIn('=~ /^$ifname$/ AND ${unit:raw} ${unit} $timeFilter', { ifname: 'Gi0/1', unit: 'a.b' }),
    ).toBe('=~ /^Gi0\\/1$/ AND a.b a\\.b $timeFilter');
  });

  it('take what is chosen, else what is first', () => {
    const list = [
      { name: 'rp', type: 'custom', query: 'Raw : raw, Hour : h1', current: {} },
      {
        name: 'rat',
        type: 'custom',
        current: { value: ['$__all'] },
        options: [{ value: '$__all' }, { value: '5g' }],
      },
      { name: 'unit', type: 'query', query: { query: 'SHOW TAG VALUES' } },
      { name: 'step', type: 'interval', hide: 2, auto: true, auto_min: '1h', query: '1h', current: {} },
    ];
    expect(variablesOf({ templating: { list } })).toEqual([
      { name: 'rp', isHidden: false, value: 'raw' },
      { name: 'rat', isHidden: false, value: '5g' },
      { name: 'unit', isHidden: false, query: 'SHOW TAG VALUES', datasource: undefined },
      { name: 'step', isHidden: true, value: '1h' },
    ]);
    expect(targetsOf({ panels: [{ title: 'Notes', type: 'text' }] })).toEqual([]);
  });

  it('begin and end with the time that the dashboard shows', () => {
    const nowMs = 1_800_000_000_000;
    expect(timesOf({ time: { from: 'now-6h' } }, nowMs)).toEqual({
      __from: '1799978400000',
      __to: '1800000000000',
    });
    expect(timesOf({}, nowMs).__from).toBe('1799989200000');
  });

  it('of every dashboard here need nothing that is not filled in, but what Grafana’s server fills in', () => {
    const folder = join(import.meta.dirname, '../dashboards/built/vi');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.json'),
    );
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const dashboard = JSON.parse(readFileSync(join(folder, file), 'utf8'));
      const values = timesOf(dashboard, 0);
      for (const { name } of variablesOf(dashboard)) values[name] = 'value';
      for (const { target } of targetsOf(dashboard)) {
        const left = [...fillIn(target.query, values).matchAll(/\$\{?\w+/g)].map(([name]) => name);
        expect(
          left.filter((name) => name !== '$timeFilter' && name !== '$__interval'),
          file,
        ).toEqual([]);
      }
    }
  });
});
