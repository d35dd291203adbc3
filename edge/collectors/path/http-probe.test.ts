import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { systemClock } from '../../../runtime/clock.ts';
import { responseMs } from './http-probe.ts';

let server: Server | undefined;
const sockets = new Set<Socket>();

afterEach(() => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  server?.close();
});

/** A server that does this with every connection. */
async function serverThat(behave: (socket: Socket) => void): Promise<number> {
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    behave(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const ask = (port: number, scheme = 'http', signal = AbortSignal.timeout(5_000)) =>
  responseMs(
    {
      url: `${scheme}://portal.example.vn:${port}/`,
      host: '127.0.0.1',
      guard: undefined,
      timeoutMs: 300,
      signal,
    },
    systemClock,
  );

it.each(['200 OK', '404 Not Found', '503 Service Unavailable'])('counts %s as an answer', async (status) => {
  const port = await serverThat((socket) =>
    socket.once('data', () => socket.write(`HTTP/1.1 ${status}\r\n\r\n`)),
  );
  expect(await ask(port)).toBeGreaterThan(0);
});

it('does not wait for a body that never ends', async () => {
  const port = await serverThat((socket) =>
    socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\nx')),
  );
  expect(await ask(port)).toBeLessThan(300);
});

it.each([
  ['says nothing', () => undefined],
  ['hangs up', (socket: Socket) => void socket.once('data', () => socket.destroy())],
  [
    'drips one byte after the other',
    (socket: Socket) => {
      const timer = setInterval(() => socket.write('H'), 20);
      socket.once('close', () => clearInterval(timer));
      socket.write('HTTP/1.1 200 OK\r\nX: ');
    },
  ],
])('takes a server that %s for silent, in bounded time', async (_what, behave) => {
  const port = await serverThat(behave);
  const startMs = performance.now();
  expect(await ask(port)).toBeUndefined();
  expect(performance.now() - startMs).toBeLessThan(1_500);
});

it('rejects what is not HTTP, endless headers, and TLS that is none', async () => {
  const port = await serverThat((socket) => {
    socket.on('data', () => socket.write('SSH-2.0-OpenSSH_9.2\r\n'));
  });
  await expect(ask(port)).rejects.toThrow(/Parse Error/);
  await expect(ask(port, 'https')).rejects.toThrow(/SSL|wrong version/i);
  server?.close();
  const endless = await serverThat((socket) => {
    socket.once('data', () =>
      socket.write(`HTTP/1.1 200 OK\r\n${`X-Y: ${'z'.repeat(1_000)}\r\n`.repeat(100)}`),
    );
  });
  await expect(ask(endless)).rejects.toThrow(/Header overflow/i);
});

it('ends when it is aborted', async () => {
  const port = await serverThat(() => undefined);
  const controller = new AbortController();
  const asking = ask(port, 'http', controller.signal);
  controller.abort(new Error('called off'));
  await expect(asking).rejects.toThrow('called off');
});
