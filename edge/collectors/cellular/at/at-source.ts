import type { Clock } from '../../../../runtime/clock.ts';
import { messageOf } from '../../../../runtime/errors.ts';
import type { RadioSource, SourceReading } from '../radio-source.ts';
import type { RadioState } from '../radio-state.ts';
import { AtDialogue, AtError } from './at-dialogue.ts';
import type { AtPortSettings, OpenAtPort } from './at-port.ts';
import { AtSession } from './at-session.ts';
import { QuectelReader } from './read-quectel.ts';
import { StandardReader } from './read-standard.ts';

export interface AtSourceOptions extends AtPortSettings {
  readonly wantsPosition: boolean;
}

interface Reader {
  prepare(): Promise<void>;
  read(): Promise<RadioState>;
}

/** An open port and the reader for its modem. */
interface OpenPort {
  readonly dialogue: AtDialogue;
  readonly session: AtSession;
  reader?: Reader;
}

/** After this many readings without an answer the port is reopened. */
const MAX_UNANSWERED_READINGS = 3;

/** A modem read with AT commands over a serial port. A closed port is reopened at the next reading. */
export class AtSource implements RadioSource {
  readonly target: string;
  readonly #options: AtSourceOptions;
  readonly #open: OpenAtPort;
  readonly #clock: Clock;
  #line: OpenPort | undefined;
  #unansweredReadings = 0;
  #isClosed = false;

  constructor(options: AtSourceOptions, deps: { readonly open: OpenAtPort; readonly clock: Clock }) {
    this.target = options.path;
    this.#options = options;
    this.#open = deps.open;
    this.#clock = deps.clock;
  }

  /** An aborted reading closes the port, so that no other command is mixed with its answer. */
  async read(signal: AbortSignal): Promise<SourceReading> {
    let line: OpenPort | undefined;
    const onAbort = (): void => void this.#closePort();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      line = this.#line ?? (await this.#connect(signal));
      line.reader ??= await this.#identify(line.session);
      const state = await line.reader.read();
      this.#unansweredReadings = 0;
      return { state, problems: line.session.takeProblems() };
    } catch (error) {
      if (error instanceof AtError) this.#unansweredReadings++;
      const isOver = line?.dialogue.isOver === true || this.#unansweredReadings >= MAX_UNANSWERED_READINGS;
      if (isOver) await this.#closePort();
      return { problems: [...(line?.session.takeProblems() ?? []), messageOf(error)] };
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** Also ends a pending reading. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#closePort();
  }

  async #closePort(): Promise<void> {
    const line = this.#line;
    this.#line = undefined;
    this.#unansweredReadings = 0;
    await line?.dialogue.close();
  }

  async #connect(signal: AbortSignal): Promise<OpenPort> {
    const port = await this.#open(this.#options);
    if (this.#isClosed || signal.aborted) {
      await port.close();
      throw new AtError('gone', 'closed');
    }
    const dialogue = new AtDialogue(port, this.#clock);
    dialogue.start();
    this.#line = { dialogue, session: new AtSession(dialogue, this.#clock) };
    return this.#line;
  }

  async #identify(session: AtSession): Promise<Reader> {
    await session.tryAsk({ text: 'ATE0' }, () => undefined);
    const isQuectel = /quectel/i.test(await askMaker(session));
    const reader = isQuectel
      ? new QuectelReader(session, this.#options.wantsPosition)
      : new StandardReader(session);
    await reader.prepare();
    return reader;
  }
}

/** Empty if unknown. Retried after an empty answer: its OK may belong to an earlier command. */
async function askMaker(session: AtSession): Promise<string> {
  for (let tries = 0; tries < 3; tries++) {
    const maker = await session.tryAsk({ text: 'AT+CGMI' }, (lines) => lines.join(' '));
    if (maker === undefined) return '';
    if (maker !== '') return maker;
  }
  return '';
}
