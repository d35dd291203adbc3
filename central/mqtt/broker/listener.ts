import { constants } from 'node:crypto';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Clock } from '../../../runtime/clock.ts';
import { codeOf, EXIT, messageOf, UserError } from '../../../runtime/errors.ts';
import { gateServer, type Gate } from '../../../runtime/gate/gate.ts';
import { ConnectionGuard } from './connection-guard.ts';
import { guardFrames, type GuardedConnection } from './guard-frames.ts';
import type { BrokerLimits } from './limits.ts';
import type { BrokerRefusal } from './refusal.ts';

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
  /** Whether the bounds of one address do not hold for this one. */
  readonly isExempt: (address: string) => boolean;
  readonly clock: Clock;
  readonly onRefused: (refusal: BrokerRefusal) => void;
  /** An authenticated client is not read for a while. */
  readonly onHeldBack: (client: string) => void;
  readonly onConnection: (socket: Socket, connection: GuardedConnection) => void;
}

export interface Listener {
  readonly port: number;
  readonly gate: Gate;
  close(): Promise<void>;
}

/** Opens the port; refuses too many connections before MQTT parses a byte. Throws a UserError (exit 3) when it cannot listen. */
export async function openListener(deps: ListenerDeps): Promise<Listener> {
  const { clock, isExempt, limits, tls } = deps;
  const server = tls === undefined ? createServer() : createSecureServer(tls, limits);
  const refuse = (reason: string, address: string | undefined): void =>
    deps.onRefused({ kind: 'connection', reason, ...(address !== undefined && { address }) });
  server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
    if (socket.destroyed) return;
    socket.setNoDelay(true);
    deps.onConnection(socket, guardFrames(socket, new ConnectionGuard(limits), deps));
  });
  server.on('tlsClientError', (error: Error, socket: Socket) => {
    refuse(`TLS: ${messageOf(error)}`, socket.remoteAddress);
    // Node only reports it, also a handshake that takes too long.
    socket.destroy();
  });
  const gate = gateServer(server, { limits, isExempt, clock, onRefused: refuse });
  await listen(server, deps);
  return {
    port: (server.address() as AddressInfo).port,
    gate,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      gate.closeAll();
      await closed;
    },
  };
}

function createSecureServer(tls: BrokerTls, limits: BrokerLimits): Server {
  return createTlsServer({
    cert: tls.cert,
    key: tls.key,
    minVersion: 'TLSv1.2',
    // A client could have the server compute one handshake after another; TLS 1.3 has none any more.
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
    handshakeTimeout: limits.connectTimeoutMs,
    ...(tls.ca === undefined ? {} : { ca: tls.ca, requestCert: true, rejectUnauthorized: true }),
  });
}

function listen(server: Server, deps: ListenerDeps): Promise<void> {
  const { host, port } = deps;
  return new Promise((resolve, reject) => {
    const onError = (error: Error): void => {
      const why =
        codeOf(error) === 'EADDRINUSE' ? 'the port is already in use' : `cannot listen: ${messageOf(error)}`;
      reject(new UserError(EXIT.portInUse, [`MQTT broker on ${host}:${port}: ${why}`], error));
    };
    server.once('error', onError);
    server.listen({ host, port, backlog: 4_096 }, () => {
      server.removeListener('error', onError);
      resolve();
    });
  });
}
