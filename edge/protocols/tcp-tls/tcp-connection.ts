import { once } from 'node:events';
import { connect, isIP, type Socket } from 'node:net';
import { codeOf, messageOf } from '../../../runtime/errors.ts';
import type { Address } from '../dns/host-lookup.ts';
import { ProbeFailure } from '../probe-failure.ts';
import { timed, type Endpoint, type ConnectionContext } from './connection-context.ts';

/** Before the next address of a name is tried (RFC 8305). Node's own 250 ms is too short for a mobile line. */
const NEXT_ADDRESS_AFTER_MS = 1_000;

/** Looks the name up and connects. The socket is destroyed when the signal aborts. */
export async function openTcp(endpoint: Endpoint, context: ConnectionContext): Promise<Socket> {
  const { host, port } = endpoint;
  const addresses = await resolveHost(host, context);
  return timed(context, 'connectMs', `connecting to ${host} port ${port}`, async () => {
    const socket = connect({
      host,
      port,
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_AFTER_MS,
      lookup: (_name, _options, callback) => callback(null, [...addresses]),
    });
    destroyOnAbort(socket, context.signal);
    try {
      await once(socket, 'connect');
    } catch (error) {
      throw connectionFailure(error, context.signal);
    }
    socket.setNoDelay(true);
    return socket;
  });
}

/** Addresses of a host; the lookup time counts as `dnsMs`, for names only. */
export async function resolveHost(host: string, context: ConnectionContext): Promise<readonly Address[]> {
  if (isIP(host) !== 0) return context.lookup(host, context.signal);
  return timed(context, 'dnsMs', `looking up ${host}`, () => context.lookup(host, context.signal));
}

/** Destroys the socket when the signal aborts. An error event that nobody awaits is ignored. */
export function destroyOnAbort(socket: Socket, signal: AbortSignal): void {
  const onAbort = (): void => void socket.destroy(signal.reason as Error);
  socket.on('error', () => undefined);
  socket.once('close', () => signal.removeEventListener('abort', onAbort));
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
}

const SOCKET_ERRORS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection closed',
  ETIMEDOUT: 'no answer to the connection',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  EADDRNOTAVAIL: 'no local address for this network',
};

/** Faults of this machine: nothing is known of the service then. */
const LOCAL_FAULTS: ReadonlySet<string | undefined> = new Set([
  'EMFILE',
  'ENFILE',
  'ENOBUFS',
  'ENOMEM',
  'EACCES',
  'EPERM',
]);

/** A socket's error as a ProbeFailure; the signal's reason if that came first. */
export function connectionFailure(error: unknown, signal: AbortSignal): Error {
  if (signal.aborted) return signal.reason as Error;
  if (error instanceof ProbeFailure) return error;
  // With several addresses each has failed: show the first reason.
  const first: unknown = error instanceof AggregateError ? (error.errors[0] ?? error) : error;
  if (first instanceof Error && LOCAL_FAULTS.has(codeOf(first))) return first;
  return new ProbeFailure('connection', SOCKET_ERRORS[codeOf(first) ?? ''] ?? messageOf(first), error);
}
