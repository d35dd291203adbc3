import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { UserError } from '../../runtime/errors.ts';
import { collectorKinds } from '../collectors/index.ts';
import { checkPushedConfig } from '../remote-config/check-pushed-config.ts';
import { loadKinds } from './collectors-config.ts';
import { checkEdgeConfig, loadEdgeConfig } from './edge-config.ts';

const minimal = {
  agent: 'gw-26734-01',
  dataDirectory: '/var/lib/wardwatch-edge',
  broker: { url: 'mqtt://127.0.0.1' },
};
const check = (value: object) => checkEdgeConfig('edge.yaml', { ...minimal, ...value });

const kinds = collectorKinds.map(({ kind }) => kind).join(', ');

async function problemsOf(run: () => Promise<unknown>): Promise<readonly string[]> {
  try {
    await run();
  } catch (error) {
    if (error instanceof UserError) return error.problems;
    throw error;
  }
  return [];
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('edge.yaml', () => {
  it('loads from the example', async () => {
    const config = await loadEdgeConfig(join(import.meta.dirname, '../../examples/edge.yaml'));
    expect(config).toMatchObject({ agent: 'gw-26737-01', unit: '26737', queue: { maxAgeHours: 360 } });
    expect(config.collectors.map(({ name, kind }) => [name, kind.kind])).toEqual([
      ['server', 'server'],
      ['ping-uplink', 'ping'],
      ['portal', 'ping'],
    ]);
  });

  it('requires three settings, and monitors this machine every 10 s when no collector is listed', async () => {
    const config = await check({});
    expect(config.collectors).toMatchObject([{ name: 'server', intervalMs: 10_000, timeoutMs: 10_000 }]);
    expect(config.queue).toEqual({ maxBytes: 268_435_456, maxAgeHours: 360 });
    expect(config.host).not.toBe('');
  });

  it('with many mistakes reports all of them, each with path, expectation and value', async () => {
    const mistakes = {
      agent: 'Gateway 1',
      unit: 26734,
      colour: 'red',
      broker: { url: 'http://broker', pasword: 'hunter2' },
      queue: { maxBytes: 10 },
      collectors: [
        { kind: 'sever' },
        { kind: 'server', intervalMs: 100, procPath: 'proc', depth: 3 },
        { kind: 'ping', targets: ['-f', { address: 'ok', port: 1 }], count: 0 },
        { intervalMs: 5 },
      ],
    };
    expect([...(await problemsOf(() => check(mistakes)))].sort()).toEqual(
      [
        'edge.yaml: agent: expected 1 to 64 of a-z 0-9 -, and not "central" or "wardwatch-canary" (central itself), got "Gateway 1"',
        'edge.yaml: broker.pasword: unknown setting',
        'edge.yaml: broker.url: expected mqtt://host:port or mqtts://host:port, got "http://broker"',
        `edge.yaml: collectors[0].kind: expected one of ${kinds}, got "sever"`,
        'edge.yaml: collectors[1].depth: unknown setting',
        'edge.yaml: collectors[1].intervalMs: too small: expected number to be >=1000, got 100',
        'edge.yaml: collectors[1].procPath: expected an absolute path, got "proc"',
        'edge.yaml: collectors[2].count: too small: expected number to be >=1, got 0',
        'edge.yaml: collectors[2].targets[0]: expected an IP address or a host name, got "-f"',
        'edge.yaml: collectors[2].targets[1].port: unknown setting',
        'edge.yaml: collectors[3].kind: invalid input: expected string, received undefined',
        'edge.yaml: colour: unknown setting',
        'edge.yaml: queue.maxBytes: expected at least 1 MiB (1048576), got 10',
        'edge.yaml: unit: invalid input: expected string, received number, got 26734',
      ].sort(),
    );
  });

  it('loads the code of the kinds that it names, and of no others', async () => {
    const named = async (collectors?: unknown) => [...(await loadKinds(collectors)).keys()];
    expect(await named([{ kind: 'ping' }, { kind: 'ups' }, { kind: 'ping' }])).toEqual(['ping', 'ups']);
    expect(await named()).toEqual(['server']);
    for (const rubbish of [null, 'ping', {}, [null, 'ping', { kind: 7 }, { kind: 'sever' }]]) {
      expect(await named(rubbish)).toEqual([]);
    }
  });

  it('names a kind whose code cannot be loaded, as does the check of a config from central', async () => {
    const telegraf = collectorKinds.find(({ kind }) => kind === 'telegraf');
    if (telegraf === undefined) throw new Error('no such kind');
    vi.spyOn(telegraf, 'load').mockRejectedValue(new Error('no such module'));
    const collectors = [{ kind: 'telegraf' }];
    const problems = ['collector telegraf cannot be loaded: no such module'];
    expect(await problemsOf(() => check({ collectors }))).toEqual(problems);
    expect(await checkPushedConfig({ collectors }, undefined)).toEqual({ ok: false, problems });
  });

  it('refuses two collectors of one name, and the name of the agent itself', async () => {
    const ping = { kind: 'ping', targets: ['10.0.0.1'] };
    expect(await problemsOf(() => check({ collectors: [ping, ping, { ...ping, name: 'agent' }] }))).toEqual([
      'edge.yaml: collectors[1].name: expected a name of its own (two of one kind need names), got "ping"',
      'edge.yaml: collectors[2].name: expected a name of its own (two of one kind need names), got "agent"',
    ]);
  });

  it('refuses an interval too short for a burst of pings, and a timeout longer than the interval', async () => {
    const ping = { kind: 'ping', targets: ['10.0.0.1'], count: 20 };
    const collectors = [
      { ...ping, intervalMs: 10_000 },
      { kind: 'server', timeoutMs: 20_000 },
    ];
    expect(await problemsOf(() => check({ collectors }))).toEqual([
      'edge.yaml: collectors[0].intervalMs: expected at least 20000 for what a run has to do, got 10000',
      'edge.yaml: collectors[1].timeoutMs: expected at most intervalMs (10000), got 20000',
    ]);
  });
});

it('documents every setting of the example in docs/edge.md', () => {
  const docs = readFileSync(join(import.meta.dirname, '../../docs/edge.md'), 'utf8');
  const example = readFileSync(join(import.meta.dirname, '../../examples/edge.yaml'), 'utf8');
  const settings = new Set([...example.matchAll(/^[ -]*([a-zA-Z]+):/gm)].map(([, name]) => name ?? ''));
  expect([...settings].filter((name) => !docs.includes(`\`${name}\``))).toEqual([]);
});
