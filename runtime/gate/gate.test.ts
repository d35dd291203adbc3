import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../clock.ts';
import type { ConnectionLimits } from './connection-bounds.ts';
import { gateServer, type Gate } from './gate.ts';

const LIMITS: ConnectionLimits = {
  maxOpen: 100,
  maxOpenPerAddress: 100,
  maxUnproven: 100,
  maxUnprovenPerAddress: 100,
  newBurst: 100,
  newPerS: 1,
  proveWithinMs: 60_000,
  crowdedFrom: 100,
  proveWithinCrowdedMs: 60_000,
};

let server: Server;
let gate: Gate;
let accepted: Socket[];
let refused: string[];
const clients: Socket[] = [];

async function open(limits: Partial<ConnectionLimits> = {}, exempt: readonly string[] = []): Promise<void> {
  accepted = [];
  refused = [];
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    accepted.push(socket);
  });
  gate = gateServer(server, {
    limits: { ...LIMITS, ...limits },
    isExempt: (address) => exempt.includes(address),
    clock: systemClock,
    onRefused: (reason, address) => refused.push(`${address}: ${reason}`),
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
}

async function dial(localAddress = '127.0.0.1'): Promise<Socket> {
  const { port } = server.address() as AddressInfo;
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  clients.push(socket);
  socket.on('error', () => undefined);
  socket.resume();
  await once(socket, 'connect');
  return socket;
}

function isClosed(socket: Socket): Promise<unknown> | undefined {
  return socket.closed ? undefined : once(socket, 'close');
}

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  gate.closeAll();
  if (!server.listening) return;
  server.close();
  await once(server, 'close');
});

describe('a server behind a gate', () => {
  it('never sees what is refused', async () => {
    await open({ newBurst: 2 });
    const sockets = [await dial(), await dial(), await dial()];
    await isClosed(sockets[2]!);
    expect(accepted).toHaveLength(2);
    expect(refused).toEqual(['127.0.0.1: too many new connections from this address']);
    expect(gate.counts()).toEqual({ open: 2, unproven: 2 });
    await dial('127.0.0.2');
    await vi.waitFor(() => expect(accepted).toHaveLength(3));
  });

  it('counts a connection until it is closed, from either end', async () => {
    await open();
    const [first] = [await dial(), await dial()];
    await vi.waitFor(() => expect(accepted).toHaveLength(2));
    gate.prove(accepted[0]!);
    expect(gate.counts()).toEqual({ open: 2, unproven: 1 });
    first.destroy();
    accepted[1]!.destroy();
    await vi.waitFor(() => expect(gate.counts()).toEqual({ open: 0, unproven: 0 }));
  });

  it('closes who does not prove itself in time, and not who has', async () => {
    await open({ proveWithinMs: 200 });
    const silent = await dial();
    const known = await dial();
    await vi.waitFor(() => expect(accepted).toHaveLength(2));
    gate.prove(accepted.find(({ remotePort }) => remotePort === known.localPort)!);
    await isClosed(silent);
    expect(refused).toEqual(['127.0.0.1: no login in time']);
    expect(known.closed).toBe(false);
  });

  it('ends with it', async () => {
    await open();
    const client = await dial();
    await vi.waitFor(() => expect(accepted).toHaveLength(1));
    const closed = once(server, 'close');
    server.close();
    gate.closeAll();
    await closed;
    await isClosed(client);
    expect(gate.counts().open).toBe(0);
  });
});
