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

/** An open port, and what is known of the modem behind it. */
interface Line {
  readonly dialogue: AtDialogue;
  readonly session: AtSession;
  reader?: Reader;
}

/** After so many readings without an answer the port is opened anew. */
const MAX_SILENT_READINGS = 3;

/** A modem that is asked with AT commands over a serial port. A port that was gone is opened again at the next reading. */
export class AtSource implements RadioSource {
  readonly target: string;
  readonly #options: AtSourceOptions;
  readonly #open: OpenAtPort;
  readonly #clock: Clock;
  #line: Line | undefined;
  #silentReadings = 0;
  #isClosed = false;

  constructor(options: AtSourceOptions, deps: { readonly open: OpenAtPort; readonly clock: Clock }) {
    this.target = options.path;
    this.#options = options;
    this.#open = deps.open;
    this.#clock = deps.clock;
  }

  /** What is called off ends with its port: nobody else may ask on it meanwhile. */
  async read(signal: AbortSignal): Promise<SourceReading> {
    let line: Line | undefined;
    const onAbort = (): void => void this.#closePort();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      line = this.#line ?? (await this.#connect(signal));
      line.reader ??= await this.#identify(line.session);
      const state = await line.reader.read();
      this.#silentReadings = 0;
      return { state, problems: line.session.takeProblems() };
    } catch (error) {
      if (error instanceof AtError) this.#silentReadings++;
      const isOver = line?.dialogue.isOver === true || this.#silentReadings >= MAX_SILENT_READINGS;
      if (isOver) await this.#closePort();
      return { problems: [...(line?.session.takeProblems() ?? []), messageOf(error)] };
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** A reading under way ends with the port. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#closePort();
  }

  async #closePort(): Promise<void> {
    const line = this.#line;
    this.#line = undefined;
    this.#silentReadings = 0;
    await line?.dialogue.close();
  }

  async #connect(signal: AbortSignal): Promise<Line> {
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

/** Empty where it is not told. Asked again when nothing was said: an OK that was left over from before. */
async function askMaker(session: AtSession): Promise<string> {
  for (let tries = 0; tries < 3; tries++) {
    const maker = await session.tryAsk({ text: 'AT+CGMI' }, (lines) => lines.join(' '));
    if (maker === undefined) return '';
    if (maker !== '') return maker;
  }
  return '';
}
