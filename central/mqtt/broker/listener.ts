import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Clock } from '../../../runtime/clock.ts';
import { codeOf, EXIT, messageOf, UserError } from '../../../runtime/errors.ts';
import { ConnectionGuard } from './connection-guard.ts';
import type { BrokerLimits } from './limits.ts';
import type { BrokerRefusal } from './refusal.ts';
import { TokenBuckets } from '../../../runtime/token-bucket.ts';

export interface BrokerTls {
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
  /** If set, clients must present a certificate of this authority. */
  readonly ca?: string | Buffer;
}

export interface ListenerDeps {
  readonly host: string;
  readonly port: number;
  readonly tls?: BrokerTls;
  readonly limits: BrokerLimits;
  readonly clock: Clock;
  readonly onRefused: (refusal: BrokerRefusal) => void;
  readonly onConnection: (socket: Socket, guard: ConnectionGuard) => void;
}

export interface Listener {
  readonly port: number;
  close(): Promise<void>;
}

const MAX_ADDRESSES = 10_000;

/** Opens the port; refuses too many connections before MQTT parses a byte. Throws a UserError (exit 3) when it cannot listen. */
export async function openListener(deps: ListenerDeps): Promise<Listener> {
  const sockets = new Set<Socket>();
  const server = deps.tls === undefined ? createServer() : createSecureServer(deps.tls, deps.limits);
  server.maxConnections = deps.limits.maxConnections;
  server.on('drop', (drop) => refuseConnection(deps, 'too many connections', drop?.remoteAddress));
  limitRate(server, sockets, deps);
  server.on(deps.tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
    if (socket.destroyed) return;
    socket.setNoDelay(true);
    deps.onConnection(socket, guardFrames(socket, deps));
  });
  server.on('tlsClientError', (error: Error, socket: Socket) =>
    refuseConnection(deps, `TLS: ${messageOf(error)}`, socket.remoteAddress),
  );
  await listen(server, deps);
  server.on('error', (error) => refuseConnection(deps, messageOf(error), undefined));
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function createSecureServer(tls: BrokerTls, limits: BrokerLimits): Server {
  return createTlsServer({
    cert: tls.cert,
    key: tls.key,
    minVersion: 'TLSv1.2',
    handshakeTimeout: limits.connectTimeoutMs,
    ...(tls.ca === undefined ? {} : { ca: tls.ca, requestCert: true, rejectUnauthorized: true }),
  });
}

/** Works on the raw connection, also for TLS: an address that connects too often costs no handshake. */
function limitRate(server: Server, sockets: Set<Socket>, deps: ListenerDeps): void {
  const { connectionBurst: capacity, connectionsPerS: refillPerS } = deps.limits;
  const buckets = new TokenBuckets({ capacity, refillPerS, maxKeys: MAX_ADDRESSES });
  server.prependListener('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    const address = socket.remoteAddress ?? '';
    if (buckets.tryTake(address, 1, deps.clock.monotonicMs())) return;
    refuseConnection(deps, 'too many new connections from this address', address);
    socket.on('error', () => undefined);
    socket.destroy();
  });
}

/** Scans every byte before the MQTT parser; a bad header ends the connection before the parser buffers its frame. */
function guardFrames(socket: Socket, deps: ListenerDeps): ConnectionGuard {
  const guard = new ConnectionGuard(deps.limits);
  const read = socket.read.bind(socket) as (size?: number) => unknown;
  socket.read = (size?: number): unknown => {
    const chunk = read(size);
    if (!Buffer.isBuffer(chunk)) return chunk;
    const reason = guard.scan(chunk);
    if (reason === undefined) return chunk;
    const address = socket.remoteAddress;
    deps.onRefused({ kind: 'protocol', reason, ...(address !== undefined && { address }) });
    socket.destroy();
    return null;
  };
  return guard;
}

function refuseConnection(deps: ListenerDeps, reason: string, address: string | undefined): void {
  deps.onRefused({ kind: 'connection', reason, ...(address !== undefined && { address }) });
}

function listen(server: Server, deps: ListenerDeps): Promise<void> {
  const { host, port } = deps;
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const why =
        codeOf(error) === 'EADDRINUSE' ? 'the port is already in use' : `cannot listen: ${messageOf(error)}`;
      reject(new UserError(EXIT.portInUse, [`MQTT broker on ${host}:${port}: ${why}`], error));
    });
    server.listen({ host, port, backlog: 4_096 }, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
}
