import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UserError } from '../../runtime/errors.ts';
import { runRulesBacktest, type BacktestOptions } from './rules-backtest.ts';

const AT_MS = Date.UTC(2026, 10, 30);
const PROGRESS = { progress: { atMs: AT_MS, done: 0.5, values: 10, alerts: 0 } };
const RESULT = {
  result: {
    fromMs: AT_MS - 86_400_000,
    toMs: AT_MS,
    series: 2,
    rows: 20,
    values: 20,
    alerts: {
      total: 1_200,
      bySeverity: { warning: 0, minor: 1_199, major: 1, critical: 0 },
      entities: 2,
      open: 1,
      told: 1,
      byDay: [{ day: '2026-11-29', fired: 1_200, isWhole: true }],
      listed: [
        {
          rule: 'memory_low',
          entity: { host: 'srv-1' },
          severity: 'major',
          startedAtMs: AT_MS - 3_600_000,
          firedAtMs: AT_MS - 2_700_000,
          endedAtMs: AT_MS - 1_800_000,
          valueText: '4 %',
        },
      ],
      isCut: false,
    },
    gaps: { count: 0, totalMs: 0, listed: [] },
    notJudged: ['breaches that had begun before the time asked for begin with it'],
  },
};

let directory: string;
let server: Server;
let printed: string;
let asked: { url: string; body: string }[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wardwatch-backtest-'));
  writeFileSync(join(directory, 'token'), 'wwt_token\n');
  printed = '';
  asked = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  rmSync(directory, { recursive: true });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function listen(answer: RequestListener): Promise<string> {
  server = createServer((request, reply) => {
    let body = '';
    request.on('data', (part) => (body += String(part)));
    request.on('end', () => {
      asked.push({ url: request.url ?? '', body });
      answer(request, reply);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function run(
  answer: RequestListener,
  id: string | undefined,
  changes: Partial<BacktestOptions> = {},
): Promise<void> {
  const url = await listen(answer);
  const options = { url, tokenFile: join(directory, 'token'), from: '-24h', to: 'now', ...changes };
  await runRulesBacktest(id, options, AbortSignal.timeout(20_000));
}

async function problemsOf(work: Promise<void>): Promise<readonly string[]> {
  try {
    await work;
  } catch (error) {
    if (error instanceof UserError) return [`exit ${error.exitCode}`, ...error.problems];
    throw error;
  }
  return [];
}

const lines =
  (...parts: readonly unknown[]): RequestListener =>
  (_request, reply) => {
    reply.writeHead(200, { 'content-type': 'application/jsonl' });
    reply.end(parts.map((part) => `${JSON.stringify(part)}\n`).join(''));
  };

describe('wardwatch rules backtest', () => {
  it('asks central, and prints days, alerts and what was not judged', async () => {
    await run(lines(PROGRESS, RESULT), 'memory_low', { changes: '{ for: 5m }', unit: '26737' });
    expect(asked).toEqual([
      {
        url: '/api/v1/rules/backtest?from=-24h&to=now&unit=26737',
        body: '{"id":"memory_low","changes":{"for":"5m"}}',
      },
    ]);
    expect(printed).toBe(`2026-11-29T00:00:00Z to 2026-11-30T00:00:00Z: 2 series, 20 rows, 20 values
1200 alerts about 2 entities (1199 minor, 1 major), 1 open at the end; a route takes 1

DAY         ALERTS
2026-11-29    1200

FIRED                 LASTED  SEVERITY  VALUE  ENTITY
2026-11-29T23:15:00Z  30 min  major     4 %    host=srv-1
… and 1199 more

Not judged:
  breaches that had begun before the time asked for begin with it
`);
  });

  it('sends a rule file under its own name', async () => {
    const file = join(directory, 'my_rule.yaml');
    writeFileSync(file, 'kind: threshold\nfor: 5m\n');
    await run(lines(RESULT), undefined, { rule: file, json: true });
    expect(asked[0]?.body).toBe('{"id":"my_rule","rule":{"kind":"threshold","for":"5m"}}');
    expect(JSON.parse(printed)).toEqual(RESULT);
  });

  it.each([
    [
      'a failure',
      lines(PROGRESS, { error: { code: 'STORE_UNAVAILABLE', detail: 'the store is away' } }),
      ['exit 1', 'STORE_UNAVAILABLE: the store is away'],
    ],
    [
      'an answer that breaks off',
      lines(PROGRESS),
      ['exit 1', expect.stringMatching(/: the answer broke off$/)],
    ],
    [
      'another program',
      lines({ hello: 1 }),
      ['exit 1', expect.stringMatching(/: does not answer like central$/)],
    ],
    [
      'a refusal',
      ((_request, reply) => {
        reply.writeHead(422, { 'content-type': 'application/problem+json' });
        reply.end(JSON.stringify({ code: 'RULE_REFUSED', detail: 'x', problems: ['the body: for: wrong'] }));
      }) satisfies RequestListener,
      ['exit 2', 'the body: for: wrong'],
    ],
  ])('names %s', async (_what, answer, problems) => {
    expect(await problemsOf(run(answer, 'memory_low'))).toEqual(problems);
  });

  it('refuses what is not a question before it asks', async () => {
    expect(await problemsOf(run(lines(RESULT), undefined))).toEqual([
      'exit 2',
      'rules backtest: expected either the id of a running rule or --rule FILE',
    ]);
    expect(asked).toEqual([]);
  });
});
