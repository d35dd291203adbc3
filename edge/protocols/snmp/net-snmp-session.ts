import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import {
  AuthProtocols,
  createSession,
  createV3Session,
  PrivProtocols,
  SecurityLevel,
  Version2c,
  type Session,
  type User,
  type Varbind as LibraryVarbind,
} from 'net-snmp';
import type { Address } from '../../../runtime/dial/address.ts';
import { permittedAddresses, type TargetGuard } from '../../../runtime/dial/target-guard.ts';
import { codeOf, messageOf } from '../../../runtime/errors.ts';
import type { EncryptedUser } from './aes.ts';
import type { AuthProtocol, Credentials, PrivacyProtocol } from './credentials.ts';
import { GuardedSocket } from './guarded-socket.ts';
import { Incidents } from './incidents.ts';
import { toSnmpError } from './net-snmp-errors.ts';
import { repairAnswer } from './repair-answer.ts';
import { repairEncryptedAnswer } from './repair-encrypted-answer.ts';
import { SnmpError, TYPE, type SnmpSession, type Varbind, type VarbindValue } from './session.ts';

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
export const openNetSnmpSession: OpenSession = async (target, signal) => {
  const { address, family } = permitted(target, await resolve(target.address, signal));
  const transport = family === 6 ? 'udp6' : 'udp4';
  const { credentials } = target;
  const incidents = new Incidents({ isEncrypted: credentials.version === '3' });
  const user = credentials.version === '3' ? toUser(credentials) : undefined;
  const repair = (datagram: Buffer): Buffer =>
    user === undefined ? repairAnswer(datagram) : repairEncryptedAnswer(datagram, user);
  const { answersFrom } = target;
  const options = {
    transport,
    port: target.port,
    retries: 0,
    timeout: target.replyTimeoutMs,
    dgramModule: { createSocket: () => new GuardedSocket(transport, incidents, { repair, answersFrom }) },
  } as const;
  const session =
    credentials.version === '2c'
      ? createSession(address, credentials.community, { ...options, version: Version2c })
      : createV3Session(address, toUser(credentials), options);
  session.on('error', () => incidents.onInvalid());
  return wrap(session, incidents, MAX_ROUND_TRIPS * target.replyTimeoutMs);
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

const AUTH: Readonly<Record<AuthProtocol, EncryptedUser['authProtocol']>> = {
  sha256: AuthProtocols.sha256,
  sha384: AuthProtocols.sha384,
  sha512: AuthProtocols.sha512,
};
const PRIVACY: Readonly<Record<PrivacyProtocol, EncryptedUser['privProtocol']>> = {
  aes128: PrivProtocols.aes,
  aes256: PrivProtocols.aes256b,
};

export function toUser(credentials: Extract<Credentials, { version: '3' }>): User & EncryptedUser {
  return {
    name: credentials.user,
    level: SecurityLevel.authPriv,
    authProtocol: AUTH[credentials.authProtocol],
    authKey: credentials.authPassword,
    privProtocol: PRIVACY[credentials.privacyProtocol],
    privKey: credentials.privacyPassword,
  };
}

type Answer = (error: unknown, varbinds?: readonly unknown[]) => void;

/** With v3 the engine id may have to be requested first. */
const MAX_ROUND_TRIPS = 2;

function wrap(session: Session, incidents: Incidents, timeoutMs: number): SnmpSession {
  const closed = new Promise<void>((resolve) => session.on('close', resolve));
  const ask = (send: (answer: Answer) => void, signal: AbortSignal): Promise<readonly Varbind[]> => {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      let isOver = false;
      const end = (settle: () => void): void => {
        if (isOver) return;
        isOver = true;
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        incidents.fail = undefined;
        settle();
      };
      const fail = (error: Error): void =>
        end(() => {
          reject(error);
          session.cancelRequests(error); // calls back once more, after the end
        });
      const onAbort = (): void => fail(signal.reason as Error);
      // The library restarts its own timer with each report of a v3 device.
      const timer = setTimeout(() => fail(new SnmpError('timeout', 'only reports, no answer')), timeoutMs);
      signal.addEventListener('abort', onAbort, { once: true });
      incidents.fail = fail;
      incidents.invalidCount = 0;
      send((error, varbinds) =>
        end(() => {
          if (error !== null && error !== undefined) {
            reject(toSnmpError(error, incidents));
            return;
          }
          incidents.onAccepted();
          resolve(inOrder(varbinds ?? []).map(toVarbind));
        }),
      );
    });
  };
  return {
    get: (oids, signal) => ask((answer) => session.get([...oids], answer), signal),
    getBulk: ({ nonRepeaters, repeaters, maxRepetitions }, signal) => {
      const oids = [...nonRepeaters, ...repeaters];
      return ask((answer) => session.getBulk(oids, nonRepeaters.length, maxRepetitions, answer), signal);
    },
    close: () => {
      session.close();
      return closed;
    },
  };
}

/** The library gives a list for each repeater; the answer has them row by row. */
function inOrder(answer: readonly unknown[]): readonly unknown[] {
  const columns = answer.filter((part): part is readonly unknown[] => Array.isArray(part));
  const first = answer.slice(0, answer.length - columns.length);
  const rows = Math.max(0, ...columns.map(({ length }) => length));
  return [
    ...first,
    ...Array.from({ length: rows }, (_unused, row) =>
      columns.flatMap((column) => (row < column.length ? [column[row]] : [])),
    ).flat(),
  ];
}

/** Longer values are cut. */
const MAX_VALUE_BYTES = 1_024;

export function toVarbind(varbind: unknown): Varbind {
  const { oid, type = 0, value } = varbind as LibraryVarbind;
  return { oid, type, value: toValue(type, value) };
}

/** Bytes are copied: the library's are a view that would keep the whole datagram in memory. */
function toValue(type: number, value: LibraryVarbind['value']): VarbindValue | undefined {
  if (typeof value === 'number' || typeof value === 'string') return value;
  if (!Buffer.isBuffer(value)) return undefined;
  return type === TYPE.counter64 ? toCounter64(value) : Buffer.from(value.subarray(0, MAX_VALUE_BYTES));
}

function toCounter64(bytes: Buffer): bigint | undefined {
  if (bytes.length === 0 || bytes.length > 9) return undefined;
  return BigInt.asUintN(64, BigInt(`0x${bytes.toString('hex')}`));
}
