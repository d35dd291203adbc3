import { createReceiver, PduType } from 'net-snmp';
import type { Credentials } from './credentials.ts';
import { messageHeader } from './message-header.ts';
import { toUser, toVarbind } from './net-snmp-session.ts';
import type { Varbind } from './session.ts';
import { ENTERPRISE_SPECIFIC, trapOidOfV1 } from './trap-oid.ts';

/** A trap or an inform of any version. */
export interface Notification {
  /** snmpTrapOID; of v1 as RFC 3584, section 3.1, maps it. */
  readonly trapOid: string;
  /** Without sysUpTime and snmpTrapOID. */
  readonly varbinds: readonly Varbind[];
  /** Of an inform: the same when its sender sends it again. */
  readonly informId?: string | undefined;
}

export interface ReadMessage {
  /** Missing: it was none, or is not to be believed. */
  readonly notification?: Notification | undefined;
  /** To be sent back: to an inform when what it tells is safe, else at once. */
  readonly answer?: Buffer | undefined;
  /** Why it is refused. The same fault always has the same text. Never holds a community or a digest. */
  readonly problem?: string | undefined;
}

const SYS_UP_TIME = '1.3.6.1.2.1.1.3.0';
const SNMP_TRAP_OID = '1.3.6.1.6.3.1.1.4.1.0';

interface LibraryPdu {
  readonly type: number;
  /** request-id. */
  readonly id?: number;
  readonly varbinds: readonly unknown[];
  readonly enterprise?: string;
  readonly generic?: number;
  readonly specific?: number;
  readonly community?: string;
  readonly user?: string;
}
/** What came of one datagram. */
interface LibraryResult {
  pdu?: LibraryPdu | undefined;
  answer?: Buffer;
  error?: unknown;
}
interface LibraryReceiver {
  getAuthorizer(): { addCommunity(community: string): void; addUser(user: object): void };
}
type LibraryCallback = (error: unknown, data?: { readonly pdu: LibraryPdu }) => void;
type CreateReceiver = (options: object, callback: LibraryCallback) => LibraryReceiver;
type OnMessage = (datagram: Buffer, from: { readonly address: string; readonly port: number }) => void;

/**
 * Reads notifications of senders that have these credentials, by the library's receiver, whose socket is this object: it
 * neither listens nor answers by itself.
 */
export class TrapReader {
  readonly #credentials: Credentials;
  #onMessage: OnMessage | undefined;
  #result: LibraryResult = {};

  /** `engineId`: ours (RFC 3411), which senders of v3 informs ask for and keep. */
  constructor(credentials: Credentials, engineId: Buffer) {
    this.#credentials = credentials;
    const socket = {
      on: (event: string, listener: OnMessage) => {
        if (event === 'message') this.#onMessage = listener;
      },
      bind: () => undefined,
      send: (bytes: Buffer) => {
        this.#result.answer = bytes;
      },
    };
    const options = {
      transport: 'udp4',
      engineID: engineId,
      includeAuthentication: true,
      dgramModule: { createSocket: () => socket },
    };
    const authorizer = (createReceiver as CreateReceiver)(options, (error, data) => {
      if (error === null || error === undefined) this.#result.pdu = data?.pdu;
      else this.#result.error = error;
    }).getAuthorizer();
    if (credentials.version === '2c') authorizer.addCommunity(credentials.community);
    else authorizer.addUser(toUser(credentials));
  }

  /** Never throws. Costs some microseconds; of v3 some milliseconds for each engine id that is new. */
  read(datagram: Buffer): ReadMessage {
    const version = messageHeader(datagram)?.version;
    if (version === undefined) return { problem: 'no SNMP message' };
    const problem = this.#problemOfVersion(version);
    if (problem !== undefined) return { problem };
    const { pdu, answer, error } = this.#ask(datagram);
    if (error !== undefined) return { problem: problemOf(error) };
    // Only an answer: the sender of an inform asks for our engine id.
    if (pdu === undefined) return { answer };
    if (!this.#isProven(pdu)) return { problem: 'neither the community nor the user of this sender' };
    const notification = toNotification(pdu);
    if (notification === undefined) return { problem: 'a notification that does not say what happened' };
    return { notification, answer };
  }

  /** The library answers before it returns. */
  #ask(datagram: Buffer): LibraryResult {
    this.#result = {};
    try {
      this.#onMessage?.(datagram, { address: '', port: 0 });
    } catch (error) {
      this.#result.error = error;
    }
    return this.#result;
  }

  #problemOfVersion(version: number): string | undefined {
    const isV3 = this.#credentials.version === '3';
    if (isV3 ? version === 3 : version === 0 || version === 1) return undefined;
    const sent = ['v1', 'v2c', undefined, 'v3'][version] ?? `version ${version}`;
    return `SNMP ${sent}, expected ${isV3 ? 'v3' : 'v1 or v2c'}`;
  }

  /** The library takes v3 messages without a user, too. */
  #isProven({ community, user }: LibraryPdu): boolean {
    return this.#credentials.version === '3'
      ? user === this.#credentials.user
      : community === this.#credentials.community;
  }
}

function toNotification(pdu: LibraryPdu): Notification | undefined {
  const varbinds = pdu.varbinds.map(toVarbind);
  if (pdu.type === PduType.Trap) {
    const { enterprise, generic = ENTERPRISE_SPECIFIC, specific = 0 } = pdu;
    if (enterprise === undefined) return undefined;
    return { trapOid: trapOidOfV1(enterprise, generic, specific), varbinds };
  }
  const trapOid = varbinds.find(({ oid }) => oid === SNMP_TRAP_OID)?.value;
  if (typeof trapOid !== 'string') return undefined;
  // With the uptime: request ids begin again when the device does.
  const uptime = String(varbinds.find(({ oid }) => oid === SYS_UP_TIME)?.value);
  return {
    trapOid,
    varbinds: varbinds.filter(({ oid }) => oid !== SNMP_TRAP_OID && oid !== SYS_UP_TIME),
    ...(pdu.type === PduType.InformRequest && { informId: `${pdu.id} ${uptime} ${trapOid}` }),
  };
}

/** By the names and codes of the library, whose texts contain communities and digests. */
function problemOf(error: unknown): string {
  const { name, code } = error as { readonly name?: unknown; readonly code?: unknown };
  if (name === 'RequestFailedError') {
    return 'another community or user, or without the authentication and privacy that the user has';
  }
  if (name === 'RequestInvalidError') return 'neither a trap nor an inform';
  if (name !== 'ResponseInvalidError') return 'not valid SNMP';
  if (code === 4) return 'it cannot be decrypted: privacy protocol or password differ';
  return code === 5 ? 'its authentication is wrong: protocol or password differ' : 'not valid SNMP';
}
