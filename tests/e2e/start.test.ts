import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryDirectory, type TemporaryDirectory } from '../support/server-process.ts';
import { Wardwatch } from '../support/wardwatch.ts';

let scratch: TemporaryDirectory;
let running: Wardwatch | undefined;
beforeEach(() => {
  scratch = temporaryDirectory('start');
});
afterEach(async () => {
  await running?.end('SIGKILL');
  running = undefined;
  scratch.remove();
});

function start(): Wardwatch {
  const ports = ['--port', '0', '--broker-port', '0'];
  running = new Wardwatch([
    'start',
    '--units',
    '2',
    '--data-dir',
    join(scratch.path, 'data'),
    '--json',
    ...ports,
  ]);
  return running;
}

interface Ready {
  readonly apiUrl: string;
  readonly adminToken?: string;
  readonly agent: string;
  readonly pageUrl: string;
}

async function get<T>(ready: Ready, token: string | undefined, path: string): Promise<T> {
  const answer = await fetch(`${ready.apiUrl}${path}`, {
    headers: { authorization: `Bearer ${token ?? ''}` },
  });
  expect(answer.status, path).toBe(200);
  return (await answer.json()) as T;
}

async function until<T>(ask: () => Promise<T>, good: (answer: T) => boolean, timeoutMs: number): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (good(answer)) return answer;
    if (Date.now() > deadline)
      throw new Error(`not in ${timeoutMs} ms: ${JSON.stringify(answer).slice(0, 500)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe('wardwatch start', () => {
  it("shows this machine's cpu and the city, stops cleanly, and continues at the second start", async () => {
    const first = start();
    const ready = (await first.event('ready')) as unknown as Ready;
    const token = ready.adminToken;
    expect(token).toMatch(/^wwt_/);
    type Latest = { rows: { fields: { usage_active?: number } }[] };
    const cpu = await until(
      () => get<Latest>(ready, token, `/api/v1/latest?measurement=cpu&tag.agent=${ready.agent}`),
      ({ rows }) => rows.length > 0,
      10_000,
    );
    expect(cpu.rows[0]?.fields.usage_active).toBeGreaterThanOrEqual(0);
    type Units = { items: { agents: { live: number; never_seen: number } }[] };
    await until(
      () => get<Units>(ready, token, '/api/v1/units'),
      ({ items }) =>
        items.length === 2 && items.every((unit) => unit.agents.live > 0 && unit.agents.never_seen === 0),
      20_000,
    );
    type Series = { series: { points: unknown[] }[] };
    await until(
      () =>
        get<Series>(
          ready,
          token,
          '/api/v1/series?measurement=cellular&field=rsrp_dbm&every=1m&aggregate=p50&group=unit',
        ),
      ({ series }) => series.length === 2,
      10_000,
    );
    expect((await get<{ items: unknown[] }>(ready, token, '/api/v1/quarantine')).items).toEqual([]);
    const stopped = await first.end('SIGINT');
    expect(stopped).toMatchObject({ code: 0, stderr: '' });

    const second = start();
    const again = (await second.event('ready')) as unknown as Ready;
    expect(again.adminToken).toBeUndefined();
    type Ledger = { items: { missing: unknown[]; storedPoints: number; completeness: number }[] };
    const ledger = await get<Ledger>(again, token, '/api/v1/ledger?limit=1000');
    expect(ledger.items.length).toBeGreaterThan(10);
    expect(ledger.items.every((entry) => entry.completeness === 1 && entry.missing.length === 0)).toBe(true);
    expect((await second.end('SIGTERM')).code).toBe(0);
  });
});

describe('mistakes', () => {
  it('in the configuration are listed all at once, with exit code 2 and nothing started', async () => {
    const file = join(scratch.path, 'central.yaml');
    writeFileSync(
      file,
      'dataDirectory: ""\napi: { port: 99999, colour: red }\nstore: { kind: influx, url: "ftp://x" }\n',
    );
    const ended = await new Wardwatch(['central', '--config', file]).end();
    expect(ended.code).toBe(2);
    for (const path of ['dataDirectory', 'api.port', 'api.colour', 'store.url']) {
      expect(ended.stderr).toMatch(new RegExp(`central.yaml: ${path}: .+`));
    }
  });

  it('a port in use is one clear line and exit code 3', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const args = [
      '--units',
      '1',
      '--port',
      String(port),
      '--broker-port',
      '0',
      '--data-dir',
      join(scratch.path, 'data'),
    ];
    const ended = await new Wardwatch(['start', ...args]).end();
    taken.close();
    expect(ended.code).toBe(3);
    expect(ended.stderr.trim()).toBe(`wardwatch: api: port 127.0.0.1:${port} is in use by another process`);
  });

  it('a data directory that cannot be used is one clear line and exit code 4', async () => {
    const running = start();
    await running.event('ready');
    const held = join(scratch.path, 'data');
    const file = join(scratch.path, 'a-file');
    writeFileSync(file, '');
    for (const [directory, reason] of [
      [held, /: already in use by process \d+$/],
      [join(file, 'data'), /: cannot be written: /],
    ] as const) {
      const args = ['--units', '1', '--port', '0', '--broker-port', '0', '--data-dir', directory];
      const ended = await new Wardwatch(['start', ...args]).end();
      expect(ended.code).toBe(4);
      expect(ended.stderr.trim().split('\n')).toHaveLength(1);
      expect(ended.stderr.trim()).toMatch(reason);
    }
  });

  it('an unknown option and an unknown command exit with 2', async () => {
    expect((await new Wardwatch(['start', '--colour']).end()).code).toBe(2);
    expect((await new Wardwatch(['begin']).end()).code).toBe(2);
  });
});
