import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { internetSpeedKind } from '../../edge/collectors/internet-speed/internet-speed.ts';
import { systemClock, type Clock } from '../../runtime/clock.ts';
import { silentLogger } from '../../runtime/logger.ts';

const SUBPROTOCOL = 'net.measurementlab.ndt.v7';
const MIB = 1024 * 1024;
const signal = AbortSignal.timeout(110_000);
const sockets = new Set<Socket>();
let server: Server | undefined;
let webSockets: WebSocketServer | undefined;
let directory: string;

const hasty: Clock = {
  ...systemClock,
  sleep: (delayMs, stop) => systemClock.sleep(delayMs >= 1_000 ? delayMs / 20 : delayMs, stop),
};

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wardwatch-speed-'));
  mkdirSync(join(directory, 'net'));
  writeFileSync(join(directory, 'net/dev'), 'a\nb\nppp0: 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n');
});
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  server?.close();
  webSockets?.close();
  webSockets = undefined;
  rmSync(directory, { recursive: true, force: true });
});

async function listen(onConnection: (socket: Socket) => void): Promise<number> {
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A server that answers each request with these bytes, whatever it says. */
const answering = (behave: (socket: Socket, request: string) => void): Promise<number> =>
  listen((socket) => socket.once('data', (data) => behave(socket, data.toString())));

/** The right answer to the upgrade; what follows is the test's. */
function upgrade(request: string, protocol = SUBPROTOCOL): string {
  const key = /sec-websocket-key: (\S+)/i.exec(request)?.[1] ?? '';
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  return [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${accept}`,
    `Sec-WebSocket-Protocol: ${protocol}`,
    '\r\n',
  ].join('\r\n');
}

/** A WebSocket server that speaks the subprotocol and then does what the test says. */
async function webSocketServer(behave: (ws: WebSocket, path: string) => void): Promise<number> {
  webSockets = new WebSocketServer({ host: '127.0.0.1', port: 0, handleProtocols: () => SUBPROTOCOL });
  webSockets.on('connection', (ws, request) => {
    ws.on('error', () => undefined);
    behave(ws, request.url ?? '');
  });
  await once(webSockets, 'listening');
  return (webSockets.address() as AddressInfo).port;
}

function downloadWell(ws: WebSocket): void {
  ws.send(randomBytes(1_000));
  ws.close(1_000);
}

async function test(port: number, { scheme = 'ws', durationMs = 1_000 } = {}) {
  const url = `${scheme}://127.0.0.1:${port}`;
  const config = internetSpeedKind.configSchema.parse({
    server: url,
    contractedDownloadMbps: 50,
    contractedUploadMbps: 25,
    interface: 'ppp0',
    procPath: directory,
    durationMs,
  });
  const collector = internetSpeedKind.create(config, { clock: hasty, log: silentLogger, commonTags: {} });
  const startMs = performance.now();
  const { samples, errors } = await collector.collect(signal);
  const { fields } = samples[0] ?? { fields: {} };
  const problems = errors.map(({ message }) => message);
  for (const problem of problems) expect(problem).toContain(`internet_speed ${url}: `);
  return { fields, problems: problems.join('\n'), tookMs: performance.now() - startMs };
}

/** Status and reason, and nothing that looks like a figure. */
function expectFailed(fields: object): void {
  expect(fields).toEqual({ status: 'failed', result_code: 2, reason: expect.any(String) as string });
}

describe('a server that is no ndt7 server is a failure that names it', () => {
  it.each<[string, (socket: Socket, request: string) => void, RegExp]>([
    ['speaks something else', (socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'), /Parse Error/],
    ['hangs up', (socket) => socket.destroy(), /socket hang up|ECONNRESET/],
    ['does not know the path', (socket) => socket.end('HTTP/1.1 404 Not Found\r\n\r\n'), /404/],
    [
      'has headers without end',
      (socket) => socket.write(`HTTP/1.1 101 X\r\n${'a: b\r\n'.repeat(20_000)}`),
      /overflow/i,
    ],
    [
      'sends us elsewhere',
      (socket) => socket.end('HTTP/1.1 302 Found\r\nLocation: ws://127.0.0.1/\r\n\r\n'),
      /302/,
    ],
    [
      'speaks another subprotocol',
      (socket, request) => socket.write(upgrade(request, 'chat')),
      /subprotocol/,
    ],
    [
      'breaks off right after the greeting',
      (socket, request) => socket.end(upgrade(request)),
      /connection closed after/,
    ],
    [
      'sends noise for frames',
      (socket, request) => socket.write(Buffer.concat([Buffer.from(upgrade(request)), randomBytes(100_000)])),
      /frame|RSV|opcode|mask|connection closed/i,
    ],
    [
      'announces a frame of 2^53 bytes',
      (socket, request) =>
        socket.write(
          Buffer.concat([Buffer.from(upgrade(request)), Buffer.from('827f001fffffffffffff', 'hex')]),
        ),
      /payload|frame/i,
    ],
  ])('when it %s', async (_what, behave, expected) => {
    const { fields, problems } = await test(await answering(behave));
    expectFailed(fields);
    expect(problems).toMatch(expected);
  });

  it('when it speaks no TLS where TLS is wanted', async () => {
    const port = await answering((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const { fields, problems } = await test(port, { scheme: 'wss' });
    expectFailed(fields);
    expect(problems).toMatch(/SSL|TLS|wrong version/i);
  });

  it('within ten seconds when it drips its greeting byte by byte', async () => {
    const port = await answering((socket, request) => {
      const greeting = upgrade(request);
      let at = 0;
      const timer = setInterval(() => socket.write(greeting.charAt(at++ % 60)), 200);
      socket.once('close', () => clearInterval(timer));
    });
    const { fields, problems, tookMs } = await test(port);
    expectFailed(fields);
    expect(problems).toContain('no WebSocket within 10000 ms');
    expect(tookMs).toBeLessThan(14_000);
  });
});

describe('a server that misbehaves in the test is a failure that names it', () => {
  it('when it stalls half-way', async () => {
    const port = await webSocketServer((ws, path) => {
      if (path.endsWith('download')) ws.send(randomBytes(100_000));
      else ws.pause();
    });
    const { fields, problems, tookMs } = await test(port, { durationMs: 10_000 });
    expectFailed(fields);
    expect(problems).toContain('download: nothing moved for 5000 ms');
    expect(problems).toContain('upload: nothing moved for 5000 ms');
    expect(tookMs).toBeLessThan(14_000);
  });

  it('when it closes half-way without a word', async () => {
    const port = await webSocketServer((ws, path) => {
      if (path.endsWith('download')) ws.send(randomBytes(100_000));
      setTimeout(() => ws.terminate(), 300);
    });
    const { fields, problems } = await test(port);
    expectFailed(fields);
    expect(problems).toMatch(/download: the connection closed after \d+ ms \(code 1006\)/);
    expect(problems).toMatch(/upload: the connection closed after \d+ ms \(code 1006\)/);
  });

  it('when it sends no data, or only texts that are rubbish', async () => {
    const port = await webSocketServer((ws) => {
      for (const text of [
        '',
        '{',
        'null',
        '[]',
        '{"TCPInfo":5}',
        '{"AppInfo":{"NumBytes":-1}}',
        'x'.repeat(MIB),
      ]) {
        ws.send(text);
      }
    });
    const { fields, problems } = await test(port);
    expectFailed(fields);
    expect(problems).toContain('download: the server sent no data');
    expect(problems).toContain('upload: the server sent no measurement');
  });

  it('when it floods us with measurements', async () => {
    const port = await webSocketServer((ws) => {
      for (let text = 0; text < 10_000; text++) ws.send('{"AppInfo":{"NumBytes":1,"ElapsedTime":1}}');
    });
    const { fields, problems } = await test(port);
    expectFailed(fields);
    expect(problems).toContain('more than 400 measurements');
  });

  it('when it sends data in an upload', async () => {
    const port = await webSocketServer((ws) => ws.send(randomBytes(1_000)));
    const { problems } = await test(port);
    expect(problems).toContain('upload: the server sent data in an upload');
  });

  it.each([
    ['more than was sent', { NumBytes: 9e12, ElapsedTime: 900_000 }],
    ['a shorter time than it took', { NumBytes: 1_000_000, ElapsedTime: 1_000 }],
    ['no time at all', { NumBytes: 1_000_000, ElapsedTime: 0 }],
  ])('when it claims %s', async (_what, AppInfo) => {
    const port = await webSocketServer((ws, path) => {
      if (path.endsWith('download')) downloadWell(ws);
      else setInterval(() => ws.send(JSON.stringify({ AppInfo })), 250).unref();
    });
    const { fields, problems } = await test(port);
    expect(fields).toMatchObject({ status: 'partial' });
    expect(fields).not.toHaveProperty('upload');
    expect(problems).toContain("upload: the server's figures do not fit what was sent");
  });

  it('in bounded memory when its messages are huge', async () => {
    const port = await webSocketServer((ws) => {
      ws.send(Buffer.alloc(64 * MIB));
      ws.send(Buffer.alloc(64 * MIB));
    });
    const before = process.memoryUsage().rss;
    let most = before;
    const timer = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 10);
    const { fields, problems } = await test(port);
    clearInterval(timer);
    expectFailed(fields);
    expect(problems).toContain('Max payload size exceeded');
    // The server's own 64 MiB are in there too.
    expect(most - before).toBeLessThan(250 * MIB);
  });

  it('when it reads nothing of an upload, in bounded time', async () => {
    const port = await webSocketServer((ws, path) => {
      if (path.endsWith('upload')) ws.pause();
      else downloadWell(ws);
    });
    const { fields, tookMs } = await test(port);
    expect(fields).not.toHaveProperty('upload');
    expect(tookMs).toBeLessThan(9_000);
  });
});

it('a test that is called off ends at once and claims nothing', async () => {
  const port = await webSocketServer((ws) => ws.send(randomBytes(1_000)));
  const controller = new AbortController();
  const config = internetSpeedKind.configSchema.parse({
    server: `ws://127.0.0.1:${port}`,
    contractedDownloadMbps: 50,
    contractedUploadMbps: 25,
    interface: 'ppp0',
    procPath: directory,
  });
  const collector = internetSpeedKind.create(config, { clock: hasty, log: silentLogger, commonTags: {} });
  const running = collector.collect(controller.signal);
  await expect.poll(() => webSockets?.clients.size).toBe(1);
  controller.abort(new Error('the agent stops'));
  const startMs = performance.now();
  await expect(running).rejects.toThrow('the agent stops');
  expect(performance.now() - startMs).toBeLessThan(1_500);
  await expect.poll(() => webSockets?.clients.size, { timeout: 1_000 }).toBe(0);
});
