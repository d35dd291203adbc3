import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterEach, expect, it, vi } from 'vitest';
import { systemClock } from '../../runtime/clock.ts';
import { selfSigned } from '../config/testing/self-signed.ts';
import { API_CONNECTION_LIMITS, createGatedServer, type GatedServer } from './gated-server.ts';

let running: GatedServer;
let refused: string[];
const sockets: Socket[] = [];

async function listen(tls?: { cert: string; key: string }, exempt: readonly string[] = []): Promise<number> {
  refused = [];
  running = createGatedServer((_request, response) => response.end('hello'), {
    tls,
    isExempt: (address) => exempt.includes(address),
    clock: systemClock,
    onRefused: (reason) => refused.push(reason),
  });
  running.server.on('clientError', () => undefined);
  running.server.listen(0, '127.0.0.1');
  await once(running.server, 'listening');
  return (running.server.address() as AddressInfo).port;
}

async function dial(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1' });
  sockets.push(socket);
  socket.on('error', () => undefined);
  socket.resume();
  await once(socket, 'connect');
  return socket;
}

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  running.gate.closeAll();
  running.server.close();
  await once(running.server, 'close');
});

it('closes the oldest connection without a login when an address has too many, and answers the newest', async () => {
  const port = await listen();
  const first = await dial(port);
  for (let more = 0; more < API_CONNECTION_LIMITS.maxUnprovenPerAddress; more++) await dial(port);
  if (!first.closed) await once(first, 'close');
  expect(refused).toEqual(['too many connections from this address without a login']);
  const newest = sockets.at(-1)!;
  const answer = once(newest, 'data');
  newest.write('GET / HTTP/1.1\r\nHost: central\r\n\r\n');
  expect(String((await answer)[0])).toMatch(/^HTTP\/1\.1 200 OK/);
});

it('closes none of an exempt address', async () => {
  const port = await listen(undefined, ['127.0.0.1']);
  for (let more = 0; more < API_CONNECTION_LIMITS.maxUnprovenPerAddress + 10; more++) await dial(port);
  await vi.waitFor(() => expect(running.gate.counts().open).toBe(110));
  expect(refused).toEqual([]);
});

it('closes a connection whose TLS handshake fails, and serves others', async () => {
  const { cert, key } = selfSigned('localhost');
  const port = await listen({ cert, key });
  const plain = await dial(port);
  plain.write('GET / HTTP/1.1\r\n\r\n');
  if (!plain.closed) await once(plain, 'close');
  const secure = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
  sockets.push(secure);
  await once(secure, 'secureConnect');
  expect(secure.getProtocol()).toBe('TLSv1.3');
});
