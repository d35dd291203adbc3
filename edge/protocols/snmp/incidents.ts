import type { GuardedSocketEvents } from './guarded-socket.ts';
import { NO_ANSWER, SnmpError } from './session.ts';

/** What comes in beside the answers. */
export class Incidents implements GuardedSocketEvents {
  /** Since the request under way was sent. */
  rubbishCount = 0;
  readonly #isEncrypted: boolean;
  #heardCount = 0;
  #isAccepted = false;
  #unansweredCount = 0;

  constructor(options: { readonly isEncrypted: boolean }) {
    this.#isEncrypted = options.isEncrypted;
  }

  /** Ends the request under way, if there is one. */
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
    this.#heardCount++;
  }

  onRubbish(): void {
    this.rubbishCount++;
    this.#heardCount--;
  }

  onAccepted(): void {
    this.#isAccepted = true;
  }

  /** Many v3 agents tell who they are, and then drop what they cannot decrypt. The second time in a row it is not the network. */
  timeout(): SnmpError {
    if (this.rubbishCount > 0) {
      return new SnmpError('timeout', `no answer but ${this.rubbishCount} datagram(s) that are no SNMP`);
    }
    const isHeard = this.#isEncrypted && this.#heardCount > 0;
    if (!isHeard || this.#isAccepted) return new SnmpError('timeout', NO_ANSWER);
    this.#unansweredCount++;
    return new SnmpError(
      this.#unansweredCount > 1 ? 'denied' : 'timeout',
      'it answers, but not to what is encrypted; check privacy protocol and password',
    );
  }

  onThrown(): void {
    this.fail?.(new SnmpError('failed', 'the answer makes no sense'));
  }
}
