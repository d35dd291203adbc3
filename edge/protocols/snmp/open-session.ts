import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Address } from '../../../runtime/dial/address.ts';
import { permittedAddresses, type TargetGuard } from '../../../runtime/dial/target-guard.ts';
import { codeOf, messageOf } from '../../../runtime/errors.ts';
import type { Credentials } from './credentials.ts';
import { GuardedSocket } from './guarded-socket.ts';
import { Incidents } from './incidents.ts';
import { openV3Session } from './net-snmp-session.ts';
import { SnmpError, type SnmpSession } from './session.ts';
import { V2cSession } from './v2c/v2c-session.ts';

export interface SessionTarget {
  readonly address: string;
  readonly port: number;
  /** Another address of the device, from which it answers. */
  readonly answersFrom?: string | undefined;
  readonly guard: TargetGuard | undefined;
  readonly credentials: Credentials;
  readonly replyTimeoutMs: number;
}

/** Rejects with an SnmpError, or the signal's reason. */
export type OpenSession = (target: SessionTarget, signal: AbortSignal) => Promise<SnmpSession>;

/** An SNMP v2c or v3 session over UDP. Sends each request once; the caller retries. */
export const openSnmpSession: OpenSession = async (target, signal) => {
  const { address, family } = permitted(target, await resolve(target.address, signal));
  const { credentials, port, answersFrom, replyTimeoutMs } = target;
  const transport = family === 6 ? 'udp6' : 'udp4';
  if (credentials.version === '3')
    return openV3Session({ address, transport, port, answersFrom, replyTimeoutMs }, credentials);
  const incidents = new Incidents({ isEncrypted: false });
  const socket = new GuardedSocket(transport, incidents, { answersFrom });
  return new V2cSession(
    { address, port, community: credentials.community, replyTimeoutMs },
    socket,
    incidents,
  );
};

function permitted({ guard, address: host, port }: SessionTarget, found: Address): Address {
  try {
    permittedAddresses(guard, { host, port }, [found]);
    return found;
  } catch (error) {
    throw new SnmpError('unsent', messageOf(error));
  }
}

/** The lookup itself cannot be aborted; this stops waiting for it. */
function resolve(address: string, signal: AbortSignal): Promise<Address> {
  const family = isIP(address);
  if (family === 4 || family === 6) return Promise.resolve({ address, family });
  return new Promise((found, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    lookup(address)
      .then((first) => found({ address: first.address, family: first.family === 6 ? 6 : 4 }))
      .catch((error: unknown) => {
        const reason = codeOf(error) ?? 'unknown reason';
        reject(new SnmpError('unsent', `the name cannot be looked up (${reason})`));
      })
      .finally(() => signal.removeEventListener('abort', onAbort));
  });
}
