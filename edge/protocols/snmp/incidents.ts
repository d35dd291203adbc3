import type { GuardedSocketEvents } from './guarded-socket.ts';
import { NO_ANSWER, SnmpError } from './session.ts';

/** Events on the socket beside the answers. */
export class Incidents implements GuardedSocketEvents {
  /** Since the pending request was sent. */
  invalidCount = 0;
  readonly #isEncrypted: boolean;
  #receivedCount = 0;
  #isAccepted = false;
  #unansweredCount = 0;
  #otherAddress: string | undefined;

  constructor(options: { readonly isEncrypted: boolean }) {
    this.#isEncrypted = options.isEncrypted;
  }

  /** Ends the pending request, if there is one. */
  fail: ((error: Error) => void) | undefined;

  onUnreachable(reason: string): void {
    const isClosed = reason === 'ECONNREFUSED';
    this.fail?.(
      isClosed
        ? new SnmpError('refused', 'the port is closed')
        : new SnmpError('unsent', `cannot be reached (${reason})`),
    );
  }

  onReceived(): void {
    this.#receivedCount++;
  }

  onInvalid(): void {
    this.invalidCount++;
    this.#receivedCount--;
  }

  onElsewhere(address: string): void {
    this.#otherAddress = address;
  }

  onAccepted(): void {
    this.#isAccepted = true;
  }

  /** Many v3 agents send their engine id and then drop what they cannot decrypt. The second time in a row it is not the network. */
  timeout(): SnmpError {
    if (this.invalidCount > 0) {
      return new SnmpError('timeout', `no answer but ${this.invalidCount} invalid datagram(s)`);
    }
    if (this.#otherAddress !== undefined && this.#receivedCount === 0) {
      const address = this.#otherAddress;
      return new SnmpError(
        'timeout',
        `it answers from another address: say answersFrom: ${address} if that is its own`,
      );
    }
    const hasReceived = this.#isEncrypted && this.#receivedCount > 0;
    if (!hasReceived || this.#isAccepted) return new SnmpError('timeout', NO_ANSWER);
    this.#unansweredCount++;
    return new SnmpError(
      this.#unansweredCount > 1 ? 'denied' : 'timeout',
      'it answers, but not to encrypted requests; check privacy protocol and password',
    );
  }

  onThrown(): void {
    this.fail?.(new SnmpError('failed', 'the answer is invalid'));
  }
}
