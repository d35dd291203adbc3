import type { RadioState } from '../radio-state.ts';
import type { AtSession } from './at-session.ts';
import { readRegistration } from './read-registration.ts';
import { parseCesq, parseCops } from './standard-answers.ts';
import { standardState } from './standard-state.ts';

const OPERATOR_MS = 10_000;

/** Reads any modem with the commands of 3GPP TS 27.007. */
export class StandardReader {
  readonly #session: AtSession;

  constructor(session: AtSession) {
    this.#session = session;
  }

  /** Requests cells in registration answers, and numeric operators. Both change only the answers, not the modem's behaviour. */
  async prepare(): Promise<void> {
    for (const text of ['AT+CEREG=2', 'AT+C5GREG=2', 'AT+COPS=3,2']) {
      await this.#session.tryAsk({ text }, () => undefined);
    }
  }

  async read(): Promise<RadioState> {
    const session = this.#session;
    return standardState({
      signal: await session.ask({ text: 'AT+CESQ', prefix: '+CESQ:' }, parseCesq),
      registration: await readRegistration(session),
      operator: await session.cached('operator', OPERATOR_MS, () =>
        session.tryAsk({ text: 'AT+COPS?', prefix: '+COPS:' }, parseCops),
      ),
    });
  }
}
