import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request, type RequestOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pino } from 'pino';
import { checkConfig } from '../runtime/config.ts';
import { EXIT } from '../runtime/errors.ts';
import { silentLogger, type Logger } from '../runtime/logger.ts';
import { centralConfigSchema } from './config/config.ts';
import { selfSigned } from './config/testing/self-signed.ts';
import {
  certificateExpiries,
  needsAttention,
  warnOfExpiry,
  whyExpires,
} from './health/certificate-expiry.ts';
import { inEnglish } from './health/reasons/english.ts';
import { createCentral, type Central } from './main.ts';

const DAY_MS = 86_400_000;
let directory: string;
let central: Central | undefined;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wardwatch-tls-'));
});
afterEach(async () => {
  await central?.stop();
  central = undefined;
  rmSync(directory, { recursive: true });
});

function write(name: string, text: string): string {
  const file = join(directory, name);
  writeFileSync(file, text);
  return file;
}

function open(
  tls: { cert: string; key: string; ca?: string | undefined },
  log: Logger = silentLogger,
): Central {
  const api = {
    port: 0,
    tls: {
      certFile: write('api.crt', tls.cert),
      keyFile: write('api.key', tls.key),
      ...(tls.ca !== undefined && { caFile: tls.ca }),
    },
  };
  const raw = { dataDirectory: join(directory, 'data'), api, broker: { kind: 'embedded', port: 0 } };
  central = createCentral(checkConfig('test', raw, centralConfigSchema), {
    log,
    version: 'test',
    env: {},
    checkAgentConfig: () => Promise.resolve([]),
  });
  return central;
}

/** Status and body, or why there was no connection. */
function ask(path: string, options: RequestOptions): Promise<string> {
  const url = new URL(path, central?.apiUrl());
  return new Promise((resolve) => {
    const asked = request(url, { rejectUnauthorized: false, agent: false, ...options }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
      answer.on('end', () => resolve(`${answer.statusCode} ${text}`));
    });
    asked.on('error', (error) => resolve(`refused: ${error.message}`));
    asked.end();
  });
}

const signal = new AbortController().signal;

describe('api.tls.caFile', () => {
  it('lets in callers with a certificate of that authority only; they need their token all the same', async () => {
    const [server, known, stranger] = [selfSigned('central'), selfSigned('noc'), selfSigned('stranger')];
    await open({ ...server, ca: write('ca.crt', known.cert) }).start(signal);
    expect(await ask('/healthz', {})).toMatch(/^refused: /);
    expect(await ask('/healthz', stranger)).toMatch(/^refused: /);
    expect(await ask('/healthz', known)).toMatch(/^200 /);
    expect(await ask('/api/v1/units', known)).toMatch(/^401 /);
  });

  it('that is missing or no certificate keeps central from starting, by name', async () => {
    const server = selfSigned('central');
    for (const [ca, problem] of [
      [join(directory, 'missing.crt'), /^api\.tls\.caFile: .*missing\.crt cannot be read: ENOENT/],
      [write('ca.crt', 'not a certificate'), /^api\.tls\.caFile: expected PEM: /],
    ] as const) {
      const start = open({ ...server, ca }).start(signal);
      await expect(start).rejects.toMatchObject({
        exitCode: EXIT.badConfig,
        message: expect.stringMatching(problem) as string,
      });
    }
  });
});

describe('a certificate that expires', () => {
  const at = (days: number) => new Date(Date.now() + days * DAY_MS);

  it('is served as before, and shown by /readyz, the metrics and the log', async () => {
    const lines: string[] = [];
    const log = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });
    await open(selfSigned('central', at(-3.5)), log).start(signal);
    const [status = '', ...body] = (await ask('/readyz', {})).split(' ');
    expect(status).toBe('200');
    const ready = JSON.parse(body.join(' ')) as { checks: { name: string }[] };
    expect(ready).toMatchObject({ ready: true });
    expect(ready.checks.find(({ name }) => name === 'certificates')).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/^api\.tls\.certFile expired 3 days ago, at /) as string,
    });
    const headers = { authorization: `Bearer ${central?.createAdminToken() ?? ''}` };
    const metric = /wardwatch_certificate_expiry_seconds\{certificate="api\.tls\.certFile"\} (\d+)/;
    const [, expiry] = metric.exec(await ask('/metrics', { headers })) ?? [];
    expect(Math.abs(Number(expiry) - at(-3.5).getTime() / 1_000)).toBeLessThan(60);
    expect(lines.join('')).toContain('certificate: api.tls.certFile expired 3 days ago');
  });

  it('is warned of 30 days before, and once a day', () => {
    const nowMs = Date.UTC(2026, 0, 1);
    const expiry = (days: number) => {
      const { cert } = selfSigned('x', new Date(nowMs + days * DAY_MS));
      return certificateExpiries({ 'broker.tls': { cert } });
    };
    const lines: string[] = [];
    const log = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });
    warnOfExpiry([...expiry(31), ...expiry(29), ...expiry(-1)], nowMs, log);
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
      'certificate: broker.tls.certFile expires in 29 days, at 2026-01-30T00:00:00.000Z',
      'certificate: broker.tls.certFile expired 1 day ago, at 2025-12-31T00:00:00.000Z',
    ]);
  });

  it('is the first of a chain, and the last of a bundle of authorities', () => {
    const [soon, late] = [at(5), at(500)].map((time) => selfSigned('x', time).cert);
    const found = certificateExpiries({
      'broker.tls': { cert: `${soon}${late}`, ca: `${soon}\n${late}` },
      'api.tls': {},
    });
    const nowMs = Date.now();
    expect(found.map((each) => [each.setting, needsAttention(each, nowMs)])).toEqual([
      ['broker.tls.certFile', true],
      ['broker.tls.caFile', false],
    ]);
    expect(inEnglish([whyExpires(found[0]!, nowMs)])).toContain('expires in 4 days');
  });
});
