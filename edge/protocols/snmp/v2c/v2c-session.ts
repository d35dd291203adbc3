import { randomInt } from 'node:crypto';
import { codeOf } from '../../../../runtime/errors.ts';
import { requestFailed } from '../error-status.ts';
import type { GuardedSocket } from '../guarded-socket.ts';
import type { Incidents } from '../incidents.ts';
import { SnmpError, type SnmpSession, type Varbind } from '../session.ts';
import { readAnswer, type Answer } from './read-answer.ts';
import { PDU, writeRequest, type Request } from './write-request.ts';

export interface V2cTarget {
  readonly address: string;
  readonly port: number;
  readonly community: string;
  readonly replyTimeoutMs: number;
}

const V2C = 1;
/** RFC 3416: request-id is an Integer32. */
const MAX_ID = 0x7fff_ffff;

interface Pending {
  readonly id: number;
  readonly end: (settle: () => void) => void;
  readonly accept: (varbinds: readonly Varbind[]) => void;
  readonly reject: (error: Error) => void;
}

/** An SNMPv2c session. Sends each request once; the caller retries. */
export class V2cSession implements SnmpSession {
  readonly #target: V2cTarget;
  readonly #socket: GuardedSocket;
  readonly #incidents: Incidents;
  readonly #closed: Promise<void>;
  #lastId = randomInt(MAX_ID);
  #pending: Pending | undefined;

  constructor(target: V2cTarget, socket: GuardedSocket, incidents: Incidents) {
    this.#target = target;
    this.#socket = socket;
    this.#incidents = incidents;
    this.#closed = new Promise((resolve) => socket.on('close', () => resolve()));
    socket.on('message', (datagram) => this.#receive(datagram as Buffer));
    socket.unref();
  }

  async get(oids: readonly string[], signal: AbortSignal): Promise<readonly Varbind[]> {
    const varbinds = await this.#ask({ pdu: PDU.get, nonRepeaters: 0, maxRepetitions: 0, oids }, signal);
    if (varbinds.length !== oids.length)
      throw new SnmpError('failed', 'the answer is about other objects than were asked for');
    return varbinds;
  }

  getBulk(
    { nonRepeaters, repeaters, maxRepetitions }: Parameters<SnmpSession['getBulk']>[0],
    signal: AbortSignal,
  ): Promise<readonly Varbind[]> {
    const oids = [...nonRepeaters, ...repeaters];
    return this.#ask({ pdu: PDU.getBulk, nonRepeaters: nonRepeaters.length, maxRepetitions, oids }, signal);
  }

  close(): Promise<void> {
    this.#fail(new SnmpError('unsent', 'the session is closed'));
    this.#socket.close();
    return this.#closed;
  }

  #ask(request: Omit<Request, 'community' | 'id'>, signal: AbortSignal): Promise<readonly Varbind[]> {
    signal.throwIfAborted();
    const { community, address, port, replyTimeoutMs } = this.#target;
    const id = (this.#lastId = this.#lastId >= MAX_ID ? 1 : this.#lastId + 1);
    const bytes = writeRequest({ ...request, community, id });
    const incidents = this.#incidents;
    return new Promise((accept, reject) => {
      const onAbort = (): void => this.#fail(signal.reason as Error);
      const timer = setTimeout(() => this.#fail(incidents.timeout()), replyTimeoutMs);
      signal.addEventListener('abort', onAbort, { once: true });
      incidents.fail = (error) => this.#fail(error);
      incidents.invalidCount = 0;
      const end = (settle: () => void): void => {
        this.#pending = undefined;
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        incidents.fail = undefined;
        settle();
      };
      this.#pending = { id, end, accept, reject };
      this.#socket.send(bytes, 0, bytes.length, port, address, (error) => {
        if (error !== null && this.#pending?.id === id) this.#fail(unsent(error));
      });
    });
  }

  #fail(error: Error): void {
    const pending = this.#pending;
    pending?.end(() => pending.reject(error));
  }

  #receive(datagram: Buffer): void {
    const answer = readAnswer(datagram);
    const pending = this.#pending;
    if (answer === undefined) this.#incidents.onInvalid();
    // An answer to an earlier request came too late.
    if (answer === undefined || pending === undefined || answer.id !== pending.id) return;
    const error = this.#problemOf(answer);
    pending.end(() => {
      if (error === undefined) pending.accept(answer.varbinds);
      else pending.reject(error);
    });
  }

  #problemOf({ version, community, errorStatus }: Answer): SnmpError | undefined {
    if (version !== V2C) return new SnmpError('failed', 'the answer has another SNMP version');
    if (community !== this.#target.community)
      return new SnmpError('failed', 'the answer has another community');
    if (errorStatus !== 0) return requestFailed(errorStatus);
    this.#incidents.onAccepted();
    return undefined;
  }
}

function unsent(error: Error): SnmpError {
  return new SnmpError('unsent', `the request could not be sent (${codeOf(error) ?? error.name})`);
}
