import {
  AuthProtocols,
  createV3Session,
  PrivProtocols,
  SecurityLevel,
  type Session,
  type User,
  type Varbind as LibraryVarbind,
} from 'net-snmp';
import type { EncryptedUser } from './aes.ts';
import type { AuthProtocol, Credentials, PrivacyProtocol } from './credentials.ts';
import { GuardedSocket } from './guarded-socket.ts';
import { Incidents } from './incidents.ts';
import { toSnmpError } from './net-snmp-errors.ts';
import { repairEncryptedAnswer } from './repair-encrypted-answer.ts';
import {
  MAX_VALUE_BYTES,
  SnmpError,
  TYPE,
  type SnmpSession,
  type Varbind,
  type VarbindValue,
} from './session.ts';

export interface V3Target {
  /** Not a name. */
  readonly address: string;
  readonly transport: 'udp4' | 'udp6';
  readonly port: number;
  readonly answersFrom: string | undefined;
  readonly replyTimeoutMs: number;
}

type V3Credentials = Extract<Credentials, { version: '3' }>;

/** An SNMPv3 session, by the library. */
export function openV3Session(target: V3Target, credentials: V3Credentials): SnmpSession {
  const { address, transport, port, answersFrom, replyTimeoutMs } = target;
  const incidents = new Incidents({ isEncrypted: true });
  const user = toUser(credentials);
  const repair = (datagram: Buffer): Buffer => repairEncryptedAnswer(datagram, user);
  const session = createV3Session(address, user, {
    transport,
    port,
    retries: 0,
    timeout: replyTimeoutMs,
    dgramModule: { createSocket: () => new GuardedSocket(transport, incidents, { repair, answersFrom }) },
  });
  session.on('error', () => incidents.onInvalid());
  return wrap(session, incidents, MAX_ROUND_TRIPS * replyTimeoutMs);
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

export function toUser(credentials: V3Credentials): User & EncryptedUser {
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
