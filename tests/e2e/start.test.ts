import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryDirectory, type TemporaryDirectory } from '../support/server-process.ts';
import { until } from '../support/until.ts';
import { PROGRAM, Wardwatch } from '../support/wardwatch.ts';

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

/** The first good answer. */
function untilGood<T>(ask: () => Promise<T>, isGood: (answer: T) => boolean): Promise<T> {
  return until(async () => {
    const answer = await ask();
    if (!isGood(answer)) throw new Error(`not good: ${JSON.stringify(answer).slice(0, 500)}`);
    return answer;
  });
}

/** Processes that have the scratch directory in their command line. */
function processesHere(): readonly string[] {
  return readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    try {
      const line = readFileSync(`/proc/${entry}/cmdline`, 'utf8').replaceAll('\0', ' ');
      return line.includes(scratch.path) ? [line] : [];
    } catch {
      return []; // It has ended.
    }
  });
}

describe('wardwatch start', () => {
  it('leaves no process behind when it is killed while its children start', async () => {
    await start().event('ready');
    await running?.end('SIGKILL');
    await untilGood(
      () => Promise.resolve(processesHere()),
      (left) => left.length === 0,
    );
  });

  it('runs on when the reader of its output is gone', async () => {
    const options = [
      '--units',
      '2',
      '--data-dir',
      join(scratch.path, 'data'),
      '--port',
      '0',
      '--broker-port',
      '0',
    ];
    const child = spawn(process.execPath, [PROGRAM, 'start', ...options, '--for', '4s'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    child.stdout.destroy();
    const [code] = (await once(child, 'close')) as [number | null];
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it("shows this machine's cpu and the city, stops cleanly, and continues at the second start", async () => {
    const first = start();
    const ready = (await first.event('ready')) as unknown as Ready;
    const token = ready.adminToken;
    expect(token).toMatch(/^wwt_/);
    type Latest = { rows: { fields: { usage_active?: number } }[] };
    const cpu = await untilGood(
      () => get<Latest>(ready, token, `/api/v1/latest?measurement=cpu&tag.agent=${ready.agent}`),
      ({ rows }) => rows.length > 0,
    );
    expect(cpu.rows[0]?.fields.usage_active).toBeGreaterThanOrEqual(0);
    type Units = { items: { agents: { live: number; never_seen: number } }[] };
    await untilGood(
      () => get<Units>(ready, token, '/api/v1/units'),
      ({ items }) =>
        items.length === 2 && items.every((unit) => unit.agents.live > 0 && unit.agents.never_seen === 0),
    );
    type Series = { series: { points: unknown[] }[] };
    await untilGood(
      () =>
        get<Series>(
          ready,
          token,
          '/api/v1/series?measurement=cellular&field=rsrp_dbm&every=1m&aggregate=p50&across=mean&groupBy=unit',
        ),
      ({ series }) => series.length === 2,
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

describe('configuration errors', () => {
  function write(name: string, text: string): string {
    const file = join(scratch.path, name);
    writeFileSync(file, text);
    return file;
  }

  /** The lines of its error; nothing else has happened. */
  async function complaints(command: string, config: string): Promise<string[]> {
    const ended = await new Wardwatch([command, '--config', config]).end();
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(existsSync(join(scratch.path, 'data'))).toBe(false);
    return ended.stderr.trim().split('\n');
  }

  it('in central.yaml are listed all at once: file, path, what was expected, value', async () => {
    const file = write(
      'central.yaml',
      'dataDirectory: ""\napi: { port: 99999, colour: red }\nstore: { kind: influx, url: "ftp://x" }\n',
    );
    const lines = await complaints('central', file);
    expect(lines.sort()).toEqual([
      `wardwatch: ${file}: api.colour: unknown setting`,
      expect.stringMatching(/: api.port: too big: expected number to be <=65535, got 99999$/),
      expect.stringMatching(/: dataDirectory: too small: expected string to have >=1 characters, got ""$/),
      `wardwatch: ${file}: store.url: expected http://host:port or https://host:port, got "ftp://x"`,
    ]);
  });

  it('in edge.yaml too, and a misspelt password is not shown', async () => {
    const file = write(
      'edge.yaml',
      `agent: Gateway 1
dataDirectory: ${join(scratch.path, 'data')}
broker: { url: "http://broker", pasword: hunter2 }
queue: { maxBytes: 10 }
collectors: [{ kind: server, intervalMs: 100 }]
`,
    );
    const lines = await complaints('edge', file);
    expect(lines.sort()).toEqual([
      `wardwatch: ${file}: agent: expected 1 to 64 of a-z 0-9 -, and not "central" or "wardwatch-canary" (central itself), got "Gateway 1"`,
      `wardwatch: ${file}: broker.pasword: unknown setting`,
      `wardwatch: ${file}: broker.url: expected mqtt://host:port or mqtts://host:port, got "http://broker"`,
      expect.stringMatching(/: collectors\[0\].intervalMs: too small: expected .* >=1000, got 100$/),
      `wardwatch: ${file}: queue.maxBytes: expected at least 1 MiB (1048576), got 10`,
    ]);
  });

  it('in rules, inventory and the files that central.yaml names are listed together', async () => {
    const rules = join(scratch.path, 'rules');
    mkdirSync(rules);
    const broken = write('rules/broken.yaml', 'kind: [\n');
    const loss = write(
      'rules/loss.yaml',
      `kind: threshold
name: { en: a, vi: b }
action: { en: a, vi: b }
eventType: noise
probableCause: degraded_signal
measurement: ping
field: ttl
entity: [url]
across: newest
op: above
for: soon
clearFor: 0s
levels: [{ severity: minor, raise: 50, clear: 50 }]
`,
    );
    const unknown = write(
      'rules/unknown.yaml',
      readFileSync(loss, 'utf8')
        .replace('noise', 'equipment')
        .replace('soon', '0s')
        .replace('ttl', 'colour')
        .replace('[url]', '[line]'),
    );
    const inventory = write(
      'inventory.yaml',
      'agents: [{ id: gw-1, kind: tower, site: s-1, unit: "00001" }]\n',
    );
    const config = {
      dataDirectory: join(scratch.path, 'data'),
      api: { tls: { certFile: '/nowhere/api.crt', keyFile: '/nowhere/api.key' } },
      broker: { kind: 'embedded', tls: { certFile: '/nowhere/mqtt.crt', keyFile: '/nowhere/mqtt.key' } },
      store: { kind: 'influx', url: 'http://127.0.0.1:1', password: { env: 'NOT_SET' } },
      rulesDirectory: rules,
      inventoryFile: inventory,
    };
    const lines = await complaints('central', write('central.yaml', JSON.stringify(config)));
    const cannotBeRead = (setting: string, path: string): unknown =>
      expect.stringContaining(`wardwatch: ${setting}: ${path} cannot be read: ENOENT`);
    expect(lines).toEqual([
      expect.stringContaining(`wardwatch: ${broken}: not valid YAML: `),
      expect.stringMatching(/loss.yaml: eventType: .*expected one of .*, got "noise"$/),
      `wardwatch: ${loss}: for: expected a duration such as 30s, 15m, 1h or 7d, got "soon"`,
      `wardwatch: ${unknown}: entity[0]: not a tag of ping, got "line"`,
      `wardwatch: ${unknown}: field: not a field of ping, got "colour"`,
      expect.stringMatching(/inventory.yaml: agents\[0\].kind: .*expected one of .*, got "tower"$/),
      cannotBeRead('api.tls.certFile', '/nowhere/api.crt'),
      cannotBeRead('api.tls.keyFile', '/nowhere/api.key'),
      'wardwatch: store.password: environment variable NOT_SET is not set',
      cannotBeRead('broker.tls.certFile', '/nowhere/mqtt.crt'),
      cannotBeRead('broker.tls.keyFile', '/nowhere/mqtt.key'),
    ]);
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
