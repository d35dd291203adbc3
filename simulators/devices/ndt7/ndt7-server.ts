import { once } from 'node:events';
import * as http from 'node:http';
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Clock } from '../../../runtime/clock.ts';
import type { Logger } from '../../../runtime/logger.ts';
import type { Service } from '../../../runtime/service.ts';
import type { Ndt7Limits } from './limits.ts';
import { createPace, type Pace } from './pace.ts';
import { DIRECTIONS, MAX_MESSAGE_BYTES, SUBPROTOCOL, type Direction } from './protocol.ts';
import { runSession } from './session.ts';

export interface Ndt7ServerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** PEM; without it unencrypted. */
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly limits: Ndt7Limits;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface Ndt7Counts {
  readonly active: number;
  readonly tests: number;
  readonly refused: number;
  readonly bytes: number;
}

export interface Ndt7Server extends Service {
  /** `ws://host:port` or `wss://host:port`, once it has started. */
  url(): string;
  counts(): Ndt7Counts;
}

/** From connecting to a complete request: bounds clients that send their headers slowly. */
const HEADERS_TIMEOUT_MS = 5_000;
/** Latency probes open short connections of their own. */
const CONNECTIONS_PER_CLIENT = 8;

/** A small ndt7 server, so that lines can be measured against the city's own network. */
export function createNdt7Server(options: Ndt7ServerOptions): Ndt7Server {
  const { limits, clock, log, tls } = options;
  const paces: Record<Direction, Pace> = {
    download: createPace(limits.maxBitsPerSecond, clock),
    upload: createPace(limits.maxBitsPerSecond, clock),
  };
  const counts = { active: 0, tests: 0, refused: 0, bytes: 0 };
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MAX_MESSAGE_BYTES,
    handleProtocols: () => SUBPROTOCOL,
  });
  const server = createHttpServer(tls);
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.requestTimeout = HEADERS_TIMEOUT_MS;
  server.maxConnections = limits.maxClients * CONNECTIONS_PER_CLIENT;
  server.on('request', (_request, response: http.ServerResponse) => {
    response.writeHead(426, { connection: 'close' }).end('ndt7 speaks WebSocket\n');
  });
  server.on('upgrade', (request: http.IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const direction = DIRECTIONS.get((request.url ?? '').split('?')[0] ?? '');
    const problem = refusalOf(request, direction, counts.active >= limits.maxClients);
    if (direction === undefined || problem !== undefined) {
      counts.refused++;
      socket.end(`HTTP/1.1 ${problem ?? '404 Not Found'}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (ws) => void test(ws, direction, request));
  });

  const test = async (ws: WebSocket, direction: Direction, request: http.IncomingMessage): Promise<void> => {
    counts.active++;
    counts.tests++;
    const startMs = clock.monotonicMs();
    const bytes = await runSession({ ws, direction, limits, pace: paces[direction], clock });
    counts.active--;
    counts.bytes += bytes;
    const client = request.socket.remoteAddress;
    log.info(
      { direction, client, bytes, durationMs: Math.round(clock.monotonicMs() - startMs) },
      'ndt7 test',
    );
  };

  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    for (const ws of sockets.clients) ws.terminate();
    server.closeAllConnections();
    if (!server.listening) return;
    server.close();
    await once(server, 'close');
  };
  return {
    name: 'ndt7 server',
    start: async () => {
      server.listen(options.port, options.host);
      await once(server, 'listening');
    },
    stop: () => (stopping ??= stop()),
    url: () => {
      const { port } = server.address() as AddressInfo;
      const host = options.host.includes(':') ? `[${options.host}]` : options.host;
      return `${tls === undefined ? 'ws' : 'wss'}://${host}:${port}`;
    },
    counts: () => ({ ...counts }),
  };
}

function createHttpServer(tls: Ndt7ServerOptions['tls']): http.Server | https.Server {
  // How often Node closes connections that exceeded headersTimeout.
  const common = { connectionsCheckingInterval: 1_000 };
  return tls === undefined
    ? http.createServer(common)
    : https.createServer({ ...common, ...tls, handshakeTimeout: HEADERS_TIMEOUT_MS });
}

/** The status line of a refusal. */
function refusalOf(
  request: http.IncomingMessage,
  direction: Direction | undefined,
  isFull: boolean,
): string | undefined {
  if (direction === undefined) return '404 Not Found';
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  if (!offered.includes(SUBPROTOCOL)) return '400 Bad Request';
  return isFull ? '503 Service Unavailable' : undefined;
}
