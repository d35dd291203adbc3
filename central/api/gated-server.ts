import { constants } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Clock } from '../../runtime/clock.ts';
import type { ConnectionLimits } from '../../runtime/gate/connection-bounds.ts';
import { gateServer, type Gate } from '../../runtime/gate/gate.ts';

export interface GatedServerOptions {
  /** With `ca`, callers need a certificate of that authority. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly ca?: string } | undefined;
  /** Whether the bounds of one address do not hold for this one. */
  readonly isExempt: (address: string) => boolean;
  readonly clock: Clock;
  /** A connection was refused, or closed at a bound. */
  readonly onRefused: (reason: string, address?: string) => void;
}

/** A person's browser opens six connections, Prometheus and a watchdog one each. A valid token proves a connection. */
export const API_CONNECTION_LIMITS = {
  maxOpen: 1_000,
  maxOpenPerAddress: 250,
  maxUnproven: 500,
  maxUnprovenPerAddress: 100,
  proveWithinMs: 60_000,
  crowdedFrom: 50,
  proveWithinCrowdedMs: 10_000,
};
/** Without TLS a new connection costs little, and the number of requests is limited anyway. */
const NEW_CONNECTIONS = { newBurst: 5_000, newPerS: 1_000 };
const NEW_TLS_CONNECTIONS = { newBurst: 500, newPerS: 50 };

const HANDSHAKE_TIMEOUT_MS = 10_000;
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** How often Node looks for requests that are overdue. */
const CHECK_MS = 1_000;
/** Without a byte in either direction. */
const IDLE_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_TIMEOUT_MS = 30_000;

export interface GatedServer {
  readonly server: Server;
  readonly gate: Gate;
}

/** An HTTP or HTTPS server that closes connections which send nothing, or too slowly, and bounds their number by address. */
export function createGatedServer(handler: RequestListener, options: GatedServerOptions): GatedServer {
  const { tls } = options;
  const times = {
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionsCheckingInterval: CHECK_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
  };
  const server =
    tls === undefined
      ? createServer(times, handler)
      : createSecureServer({ ...times, ...tlsOptions(tls) }, handler);
  server.setTimeout(IDLE_TIMEOUT_MS);
  // An answer in plain HTTP, as for other unreadable requests, would wait for the handshake.
  server.on('tlsClientError', (_error: Error, socket: Socket) => socket.destroy());
  const ofNew = tls === undefined ? NEW_CONNECTIONS : NEW_TLS_CONNECTIONS;
  const limits: ConnectionLimits = { ...API_CONNECTION_LIMITS, ...ofNew };
  return { server, gate: gateServer(server, { ...options, limits }) };
}

function tlsOptions(tls: NonNullable<GatedServerOptions['tls']>) {
  return {
    ...tls,
    minVersion: 'TLSv1.2' as const,
    // A client could have the server compute one handshake after another; TLS 1.3 has none any more.
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    ...(tls.ca !== undefined && { requestCert: true, rejectUnauthorized: true }),
  };
}
