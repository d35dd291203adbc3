import { isIP, type Socket } from 'node:net';
import type { Address } from '../../../runtime/dial/address.ts';
import { raceAddresses } from '../../../runtime/dial/dial.ts';
import { DialError, socketErrorText } from '../../../runtime/dial/dial-error.ts';
import { RefusedTargetError } from '../../../runtime/dial/target-guard.ts';
import { codeOf } from '../../../runtime/errors.ts';
import { ProbeFailure } from '../probe-failure.ts';
import { timed, type Endpoint, type ConnectionContext } from './connection-context.ts';

/** Looks the name up and connects. The socket is destroyed when the signal aborts. */
export async function openTcp(endpoint: Endpoint, context: ConnectionContext): Promise<Socket> {
  const { host, port } = endpoint;
  const addresses = await resolveHost(host, context);
  return timed(context, 'connectMs', `connecting to ${host} port ${port}`, async () => {
    try {
      const { signal, guard } = context;
      const { socket } = await raceAddresses(endpoint, addresses, { signal, guard });
      destroyOnAbort(socket, context.signal);
      socket.setNoDelay(true);
      return socket;
    } catch (error) {
      throw connectionFailure(error, context.signal);
    }
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

/** Faults of this machine: nothing is known of the service then. */
const LOCAL_FAULTS: ReadonlySet<string | undefined> = new Set([
  'EMFILE',
  'ENFILE',
  'ENOBUFS',
  'ENOMEM',
  'EACCES',
  'EPERM',
]);

/** A socket's error as a ProbeFailure; the signal's reason if that came first. A refused target says nothing of the service. */
export function connectionFailure(error: unknown, signal: AbortSignal): Error {
  if (signal.aborted) return signal.reason as Error;
  if (error instanceof ProbeFailure || error instanceof RefusedTargetError) return error;
  if (error instanceof Error && LOCAL_FAULTS.has(codeOf(error))) return error;
  const text = error instanceof DialError ? error.message : socketErrorText(error);
  return new ProbeFailure('connection', text, error);
}
