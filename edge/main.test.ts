import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { batchBodySchema } from '../contract/batch.ts';
import { decodeBatch, encodeBatch, encodeLossBody } from '../contract/codec.ts';
import { systemClock } from '../runtime/clock.ts';
import { UserError } from '../runtime/errors.ts';
import { silentLogger } from '../runtime/logger.ts';
import { checkEdgeConfig } from './config/edge-config.ts';
import { runEdge } from './main.ts';
import { openQueue } from './queue/open-queue.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wardwatch-edge-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** A URL at which nothing listens. */
async function unusedUrl(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `mqtt://127.0.0.1:${port}`;
}

const configOf = (url: string, more: object = {}) =>
  checkEdgeConfig('edge.yaml', {
    agent: 'gw-1',
    host: 'h1',
    unit: '26734',
    dataDirectory: directory,
    broker: { url },
    ...more,
  });

const queueBytes = (): number => {
  const files = existsSync(join(directory, 'queue')) ? readdirSync(join(directory, 'queue')) : [];
  const segments = files.filter((file) => file.endsWith('.seg'));
  return segments.reduce((bytes, file) => bytes + statSync(join(directory, 'queue', file)).size, 0);
};

const reopen = () =>
  openQueue({
    directory: join(directory, 'queue'),
    maxBytes: 256 * 1024 * 1024,
    maxAgeMs: 86_400_000,
    segmentBytes: 4 * 1024 * 1024,
    commitDelayMs: 200,
    commitMaxRecords: 64,
    clock: systemClock,
    log: silentLogger,
    encodeLoss: encodeLossBody,
  });

describe('an agent whose broker is unreachable', () => {
  it('has its first samples and its own health on disk within seconds', async () => {
    const shutdown = new AbortController();
    let ready = 0;
    const running = runEdge({
      config: await configOf(await unusedUrl()),
      shutdown: shutdown.signal,
      log: silentLogger,
      onReady: () => ready++,
    });
    // The agent's own health is written first and is small; the rest are measurements of this machine.
    await expect.poll(queueBytes, { timeout: 5_000 }).toBeGreaterThan(1_500);
    shutdown.abort();
    await running;
    expect(ready).toBe(1);

    const queue = await reopen();
    const measured = new Set<string>();
    for (const { seq } of queue.pending(0, 100)) {
      const body = await queue.read(seq);
      if (body === undefined) throw new Error(`batch ${seq} is gone`);
      const batch = decodeBatch(
        encodeBatch({ epoch: queue.epoch, seq, lowest: 1, sentAtMs: 1, backfill: false }, body),
      );
      expect(batchBodySchema.safeParse(batch).success).toBe(true);
      for (const table of batch.tables) measured.add([table.measurement, ...table.tags].join(' '));
    }
    await queue.close();
    expect([...measured]).toEqual(
      expect.arrayContaining([
        'cpu host unit cpu',
        'mem host unit',
        'system host unit',
        'disk host unit path device fstype mode',
        'agent host unit',
        'agent host unit collector',
      ]),
    );
  });

  it('locks its data directory, and releases it when it ends', async () => {
    const shutdown = new AbortController();
    const config = await configOf(await unusedUrl());
    await new Promise<void>((onReady) => {
      const first = runEdge({ config, shutdown: shutdown.signal, log: silentLogger, onReady });
      void first.catch(() => undefined);
    });
    const second = runEdge({ config, shutdown: shutdown.signal, log: silentLogger });
    await expect(second).rejects.toMatchObject({ exitCode: 4 });
    shutdown.abort();
    await expect
      .poll(() =>
        runEdge({ config, shutdown: AbortSignal.abort(), log: silentLogger }).then(
          () => 'ran',
          () => 'held',
        ),
      )
      .toBe('ran');
  });
});

describe('messages for the operator', () => {
  it('warn of a password in the clear, without the password', async () => {
    const output = new PassThrough();
    const log = pino({ level: 'trace' }, output);
    const broker = { url: 'mqtt://broker.invalid', username: 'gw-1', password: 'hunter2' };
    await runEdge({ config: await configOf('mqtt://x', { broker }), shutdown: AbortSignal.abort(), log });
    const logged = await text(output.end());
    expect(logged).toContain('the password crosses the network in the clear');
    expect(logged).not.toContain('hunter2');
  });

  it('report a missing configuration file with exit code 2', async () => {
    const running = runEdge({ configFile: join(directory, 'edge.yaml'), shutdown: AbortSignal.abort() });
    await expect(running).rejects.toBeInstanceOf(UserError);
    await expect(running).rejects.toMatchObject({ exitCode: 2 });
  });
});
