import type { Clock } from '../../../../runtime/clock.ts';
import type { AtPort } from './at-port.ts';
import { LineReader, MAX_LINE_BYTES } from './line-reader.ts';
import { splitAnswers } from './split-answers.ts';

/**
 * `refused`: the modem refuses or does not know the command. `timeout`: no complete answer. `garbled`: more than any answer
 * can be. `gone`: the port was closed.
 */
export type AtErrorCode = 'refused' | 'timeout' | 'garbled' | 'gone';

export class AtError extends Error {
  override readonly name = 'AtError';
  readonly code: AtErrorCode;
  constructor(code: AtErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

export interface AtCommand {
  readonly text: string;
  /** Prefix of the answer's lines; other lines are unsolicited. Missing: every line belongs to the answer. */
  readonly prefix?: string;
}

const MAX_ANSWER_BYTES = 64 * 1024;
/** A line that begins with a command's name and a colon. */
const PREFIX = /^[+^*#$][A-Z0-9]+:/;

interface Pending {
  readonly command: AtCommand;
  readonly lines: string[];
  bytes: number;
  readonly settle: (result: readonly string[] | AtError) => void;
}

/** One command at a time over a serial line (ITU-T V.250, 5.7), with unsolicited lines in between. */
export class AtDialogue {
  readonly #port: AtPort;
  readonly #clock: Clock;
  readonly #reader = new LineReader();
  #pending: Pending | undefined;
  #end: AtError | undefined;
  /** A command that timed out and whose answer may still come. */
  #late: AtCommand | undefined;

  constructor(port: AtPort, clock: Clock) {
    this.#port = port;
    this.#clock = clock;
  }

  start(): void {
    this.#port.listen(
      (bytes) => this.#onBytes(bytes),
      (reason) => {
        this.#end = new AtError('gone', `the port is gone (${reason.slice(0, 80)})`);
        this.#pending?.settle(this.#end);
      },
    );
  }

  get isOver(): boolean {
    return this.#end !== undefined;
  }

  /** The lines of the answer without echo and result code. Rejects with an AtError. One call at a time. */
  async ask(command: AtCommand, timeoutMs: number): Promise<readonly string[]> {
    if (this.#end !== undefined) throw this.#end;
    const done = new AbortController();
    this.#reader.clear();
    try {
      return await new Promise<readonly string[]>((resolve, reject) => {
        const settle: Pending['settle'] = (result) => {
          this.#pending = undefined;
          if (result instanceof AtError) reject(result);
          else resolve(result);
        };
        this.#pending = { command, lines: [], bytes: 0, settle };
        this.#port.write(`${command.text}\r`);
        this.#clock.sleep(timeoutMs, done.signal).then(
          () => {
            this.#late = command;
            settle(new AtError('timeout', `${command.text}: no answer within ${timeoutMs} ms`));
          },
          () => undefined,
        );
      });
    } finally {
      done.abort();
    }
  }

  close(): Promise<void> {
    return this.#port.close();
  }

  #onBytes(bytes: Buffer): void {
    const lines = this.#reader.push(bytes);
    const pending = this.#pending;
    if (pending === undefined) return;
    const { command } = pending;
    pending.bytes += bytes.length;
    if (pending.bytes > MAX_ANSWER_BYTES) {
      this.#garbled(pending, `${command.text}: more than ${MAX_ANSWER_BYTES} bytes of answer`);
      return;
    }
    for (const line of lines) {
      if (line === undefined) continue;
      if (this.#take(pending, line)) return;
    }
    if (this.#reader.isTooLong || lines.includes(undefined)) {
      this.#garbled(pending, `${command.text}: a line of more than ${MAX_LINE_BYTES} bytes`);
    }
  }

  /** True at the end of the answer. */
  #take(pending: Pending, line: string): boolean {
    const { command, lines, settle } = pending;
    const failure = /^(ERROR$|\+CM[ES] ERROR: ?(.*)$)/.exec(line);
    if (failure !== null) {
      settle(new AtError('refused', `${command.text}: ${printable(line)}`));
      return true;
    }
    if (line === 'OK') {
      if (this.#isLateAnswer(lines, command)) {
        this.#late = undefined;
        lines.length = 0;
        return false;
      }
      settle(command.prefix === undefined ? lines : lines.filter((answer) => isOf(command, answer)));
      return true;
    }
    if (line !== command.text) lines.push(...splitAnswers(line));
    return false;
  }

  /** The end of a late answer to the previous command. */
  #isLateAnswer(lines: readonly string[], command: AtCommand): boolean {
    const late = this.#late;
    if (late?.prefix === undefined || late.prefix === command.prefix) return false;
    return lines.some((line) => isOf(late, line)) && !lines.some((line) => isOf(command, line));
  }

  #garbled(pending: Pending, message: string): void {
    this.#late = pending.command;
    pending.settle(new AtError('garbled', message));
  }
}

function isOf({ prefix }: AtCommand, line: string): boolean {
  return PREFIX.exec(line)?.[0] === prefix;
}

/** A modem's text for an error: short, printable, on one line. */
function printable(line: string): string {
  return line.replace(/[^\x20-\x7e]/g, '?').slice(0, 80);
}
