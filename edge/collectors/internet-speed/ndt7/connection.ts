import type { Socket } from 'node:net';
import { isIP } from 'node:net';
import { WebSocket } from 'ws';
import { permittedAddresses, type TargetGuard } from '../../../../runtime/dial/target-guard.ts';
import type { Trust } from '../../../protocols/tcp-tls/trust.ts';
import type { Direction } from './measurement.ts';

/** M-Lab's ndt7, spec v0.9: https://github.com/m-lab/ndt-server/blob/main/spec/ndt7-protocol.md */
const SUBPROTOCOL = 'net.measurementlab.ndt.v7';
const OPEN_TIMEOUT_MS = 10_000;
/** The spec's maximum. */
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

export interface Endpoint {
  /** `ws://host[:port]` or `wss://host[:port]`. */
  readonly server: string;
  /** The server's IP address. */
  readonly address: string;
  readonly port: number;
  readonly guard: TargetGuard | undefined;
  readonly trust: Trust;
}

export interface Connection {
  readonly ws: WebSocket;
  /** Below TLS and WebSocket, to count the bytes on the line. */
  readonly socket: Socket;
}

/** Connects for one test; paused until the caller listens. Rejects after ten seconds, however slowly the server answers. */
export function openConnection(
  { server, address, port, guard, trust }: Endpoint,
  direction: Direction,
  signal: AbortSignal,
): Promise<Connection> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const family = isIP(address) === 6 ? 6 : 4;
    permittedAddresses(guard, { host: address, port }, [{ address, family }]);
    const ws = new WebSocket(new URL(`/ndt/v7/${direction}`, server), SUBPROTOCOL, {
      perMessageDeflate: false,
      maxPayload: MAX_MESSAGE_BYTES,
      lookup: (_name, _options, callback) => callback(null, [{ address, family }]),
      ...(trust.context !== undefined && { secureContext: trust.context }),
    });
    let socket: Socket | undefined;
    const end = (settle: () => void): void => {
      clearTimeout(deadline);
      signal.removeEventListener('abort', onAbort);
      settle();
    };
    const fail = (error: Error): void =>
      end(() => {
        ws.terminate();
        reject(error);
      });
    const onAbort = (): void => fail(signal.reason as Error);
    // Not ws's own handshakeTimeout, which restarts with each byte of a slow server.
    const deadline = setTimeout(
      () => fail(new Error(`no WebSocket within ${OPEN_TIMEOUT_MS} ms`)),
      OPEN_TIMEOUT_MS,
    );
    signal.addEventListener('abort', onAbort, { once: true });
    ws.on('error', fail);
    ws.once('upgrade', (response) => (socket = response.socket));
    ws.once('open', () => {
      ws.pause();
      end(() => (socket === undefined ? reject(new Error('no socket')) : resolve({ ws, socket })));
    });
  });
}
