import type { Server, Socket } from 'node:net';
import type { Clock } from '../clock.ts';
import { messageOf } from '../errors.ts';
import { ConnectionBounds, type Connection, type ConnectionLimits } from './connection-bounds.ts';

export interface GateDeps {
  readonly limits: ConnectionLimits;
  readonly isExempt: (address: string) => boolean;
  readonly clock: Clock;
  /** A connection was refused, or closed before it said who it is; without an address, it could not even be accepted. */
  readonly onRefused: (reason: string, address?: string) => void;
}

/** What stays the same of a connection from its TCP socket to the TLS socket on top of it. */
export type Endpoint = Pick<Socket, 'remoteAddress' | 'remotePort'>;

export interface Gate {
  counts(): { readonly open: number; readonly unproven: number };
  /** The connection has said who it is. `isFrequent`: it does so more often than anybody has to. */
  prove(socket: Endpoint, isFrequent?: boolean): void;
  /** Destroys the sockets of all connections. */
  closeAll(): void;
}

const SWEEP_MS = 500;

/**
 * Puts bounds in front of a server (TCP, TLS, HTTP or HTTPS): what they refuse is closed before the server spends a TLS
 * handshake on it. Call it when the server has all its listeners and does not listen yet. It ends with the server.
 */
export function gateServer(server: Server, deps: GateDeps): Gate {
  const { clock, isExempt, limits, onRefused } = deps;
  const bounds = new ConnectionBounds(limits, isExempt);
  const connections = new Map<string, { readonly connection: Connection; readonly socket: Socket }>();
  const accept = server.listeners('connection') as ((socket: Socket) => void)[];

  const admit = (socket: Socket): boolean => {
    const { remoteAddress: address } = socket;
    const key = keyOf(socket);
    // It has gone already.
    if (address === undefined || key === undefined) return false;
    const end = (reason: string): void => {
      onRefused(reason, address);
      socket.destroy();
    };
    const connection = bounds.admit(address, end, clock.monotonicMs());
    if (typeof connection === 'string') {
      onRefused(connection, address);
      return false;
    }
    connections.set(key, { connection, socket });
    socket.once('close', () => {
      bounds.closed(connection);
      if (connections.get(key)?.socket === socket) connections.delete(key);
    });
    return true;
  };

  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    if (admit(socket)) {
      for (const listener of accept) listener.call(server, socket);
      return;
    }
    socket.on('error', () => undefined);
    socket.destroy();
  });
  // With too many open files accept() fails and the server goes on; but without a listener here the process would end.
  server.on('error', (error) => {
    if (server.listening) onRefused(messageOf(error));
  });

  const closed = new AbortController();
  server.once('close', () => closed.abort(new Error('the server is closed')));
  server.once('listening', () => void sweep(bounds, clock, closed.signal));
  return {
    counts: () => bounds.counts,
    prove: (socket, isFrequent = false) => {
      const key = keyOf(socket);
      const found = key === undefined ? undefined : connections.get(key);
      if (found !== undefined) bounds.prove(found.connection, clock.monotonicMs(), isFrequent);
    },
    closeAll: () => {
      for (const { socket } of connections.values()) socket.destroy();
    },
  };
}

async function sweep(bounds: ConnectionBounds, clock: Clock, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(SWEEP_MS, signal).catch(() => undefined);
    bounds.endOverdue(clock.monotonicMs());
  }
}

function keyOf({ remoteAddress, remotePort }: Endpoint): string | undefined {
  return remoteAddress === undefined ? undefined : `${remoteAddress} ${remotePort}`;
}
