import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkConfig } from '../runtime/config.ts';
import { silentLogger } from '../runtime/logger.ts';
import { centralConfigSchema } from './config/config.ts';
import { createCentral, type Central } from './main.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wardwatch-first-token-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

async function start(more: object = {}): Promise<Central> {
  const settings = {
    dataDirectory: directory,
    api: { port: 0 },
    broker: { kind: 'embedded', port: 0 },
    ...more,
  };
  const central = createCentral(checkConfig('test', settings, centralConfigSchema), {
    log: silentLogger,
    version: '0.0.0-test',
    env: {},
    checkAgentConfig: async () => [],
  });
  await central.start(new AbortController().signal);
  return central;
}

async function status(central: Central, token: string | undefined): Promise<number> {
  const headers = { authorization: `Bearer ${token ?? ''}` };
  return (await fetch(`${central.apiUrl()}/api/v1/tokens`, { headers })).status;
}

it('a first start that is killed before anybody sees its token costs nothing: the next one has another', async () => {
  const first = await start();
  const unseen = first.firstAdminToken();
  await first.stop();

  const second = await start();
  const seen = second.firstAdminToken();
  expect(seen).toMatch(/^wwt_/);
  expect(await status(second, unseen)).toBe(401);
  expect(await status(second, seen)).toBe(200);
  expect(second.firstAdminToken()).toBeUndefined();
  await second.stop();

  const third = await start();
  expect(third.firstAdminToken()).toBeUndefined();
  expect(await status(third, seen)).toBe(200);
  await third.stop();
});

it('the token of firstTokenFile opens the API', async () => {
  const file = join(directory, 'first-token');
  const given = `wwt_${'a'.repeat(32)}`;
  writeFileSync(file, `${given}\n`);
  const central = await start({ firstTokenFile: file });
  expect(await status(central, given)).toBe(200);
  await central.stop();
});
