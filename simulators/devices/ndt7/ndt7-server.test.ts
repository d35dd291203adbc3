import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { systemClock } from '../../../runtime/clock.ts';
import { silentLogger } from '../../../runtime/logger.ts';
import { DEFAULT_LIMITS, type Ndt7Limits } from './limits.ts';
import { createNdt7Server, type Ndt7Server } from './ndt7-server.ts';
import { SUBPROTOCOL } from './protocol.ts';

const MB = 1_000_000;
let server: Ndt7Server | undefined;

afterEach(async () => {
  await server?.stop();
  server = undefined;
});

async function start(limits: Partial<Ndt7Limits> = {}): Promise<Ndt7Server> {
  server = createNdt7Server({
    host: '127.0.0.1',
    port: 0,
    limits: { ...DEFAULT_LIMITS, ...limits },
    clock: systemClock,
    log: silentLogger,
  });
  await server.start(AbortSignal.timeout(9_000));
  return server;
}

/** A client that records what it receives. */
function client(path: string, protocol = SUBPROTOCOL) {
  const ws = new WebSocket(`${server?.url()}${path}`, protocol, { perMessageDeflate: false });
  const texts: { AppInfo: { NumBytes: number; ElapsedTime: number }; Test: string }[] = [];
  const seen = { bytes: 0, texts, ws };
  ws.on('message', (data, isBinary) => {
    if (isBinary) seen.bytes += (data as Buffer).length;
    else texts.push(JSON.parse((data as Buffer).toString()) as (typeof texts)[number]);
  });
  ws.on('error', () => undefined);
  return seen;
}

async function closeCode(ws: WebSocket): Promise<number> {
  const [code] = (await once(ws, 'close')) as [number];
  return code;
}

describe('a download', () => {
  it('sends data at the rate of the line, with measurements, and ends at its byte limit', async () => {
    const ndt7 = await start({ maxBitsPerSecond: 40 * MB, maxTestBytes: 4 * MB });
    const seen = client('/ndt/v7/download?client_name=x');
    const startMs = performance.now();
    expect(await closeCode(seen.ws)).toBe(1_000);
    const seconds = (performance.now() - startMs) / 1_000;
    expect(seen.bytes).toBeGreaterThan(3.7 * MB);
    expect(seen.bytes).toBeLessThanOrEqual(4 * MB);
    expect((8 * seen.bytes) / MB / seconds).toBeLessThan(50);
    expect(seen.texts.length).toBeGreaterThanOrEqual(2);
    expect(seen.texts[0]).toMatchObject({
      Test: 'download',
      AppInfo: { NumBytes: expect.any(Number) as number },
    });
    await expect.poll(() => ndt7.counts()).toEqual({ active: 0, tests: 1, refused: 0, bytes: seen.bytes });
  });

  it('ends when the client sends data, which is not allowed', async () => {
    await start({ maxBitsPerSecond: MB });
    const { ws } = client('/ndt/v7/download');
    await once(ws, 'open');
    ws.send(Buffer.alloc(10));
    expect(await closeCode(ws)).toBe(1_003);
  });

  it('is terminated when the client reads nothing', async () => {
    const ndt7 = await start({ maxTestMs: 500 });
    const { ws } = client('/ndt/v7/download');
    await once(ws, 'open');
    ws.pause();
    await expect.poll(() => ndt7.counts(), { timeout: 3_000 }).toMatchObject({ active: 0, tests: 1 });
  });
});

describe('an upload', () => {
  it('receives measurements of what has arrived', async () => {
    await start();
    const seen = client('/ndt/v7/upload');
    await once(seen.ws, 'open');
    seen.ws.send(Buffer.alloc(100_000));
    await expect.poll(() => seen.texts.at(-1)?.AppInfo.NumBytes).toBe(100_000);
    expect(seen.texts.at(-1)?.AppInfo.ElapsedTime).toBeGreaterThan(200_000);
    seen.ws.close();
    await closeCode(seen.ws);
  });

  it('ends at its byte limit, and at a message that is too large', async () => {
    await start({ maxTestBytes: MB });
    const { ws } = client('/ndt/v7/upload');
    await once(ws, 'open');
    ws.send(Buffer.alloc(MB + 1));
    expect(await closeCode(ws)).toBe(1_000);
    const large = client('/ndt/v7/upload').ws;
    await once(large, 'open');
    large.send(Buffer.alloc(17 * 1024 * 1024), () => undefined);
    expect([1_006, 1_009]).toContain(await closeCode(large));
    expect(server?.counts().active).toBe(0);
  });
});

describe('a client is refused that', () => {
  const answer = async (path: string, protocol?: string): Promise<number | undefined> => {
    const { ws } = client(path, protocol);
    const [, response] = (await once(ws, 'unexpected-response')) as [unknown, { statusCode?: number }];
    return response.statusCode;
  };

  it('requests another path or protocol, or exceeds maxClients', async () => {
    await start({ maxClients: 1, maxBitsPerSecond: MB });
    expect(await answer('/ndt/v7/sideload')).toBe(404);
    expect(await answer('/ndt/v7/download', 'chat')).toBe(400);
    const { ws } = client('/ndt/v7/download');
    await once(ws, 'open');
    expect(await answer('/ndt/v7/upload')).toBe(503);
    expect(server?.counts()).toMatchObject({ active: 1, tests: 1, refused: 3 });
    ws.terminate();
    await expect.poll(() => server?.counts().active).toBe(0);
  });

  it('sends plain HTTP', async () => {
    const ndt7 = await start();
    const response = await fetch(ndt7.url().replace('ws:', 'http:'));
    expect(response.status).toBe(426);
  });

  it('sends garbage, or its request too slowly', async () => {
    const ndt7 = await start();
    const open = (): Socket => connect(Number(new URL(ndt7.url()).port), '127.0.0.1');
    const garbage = open();
    garbage.on('error', () => undefined).resume();
    garbage.end('\x16\x03\x01\x00garbage\r\n\r\n');
    await once(garbage, 'close');
    const dripping = open();
    dripping.on('error', () => undefined).resume();
    dripping.write('GET / HTTP/1.1\r\nX: ');
    const timer = setInterval(() => dripping.write('x'), 100);
    const startMs = performance.now();
    await once(dripping, 'close');
    clearInterval(timer);
    expect(performance.now() - startMs).toBeLessThan(8_000);
  });
});

it('stops with tests under way', async () => {
  const ndt7 = await start({ maxBitsPerSecond: MB });
  const { ws } = client('/ndt/v7/download');
  await once(ws, 'open');
  const closed = closeCode(ws);
  await ndt7.stop();
  expect(await closed).toBe(1_006);
  await ndt7.stop();
});
