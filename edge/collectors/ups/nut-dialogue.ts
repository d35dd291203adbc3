import type { Socket } from 'node:net';
import { LineDialogue, shown } from '../../protocols/tcp-tls/line-dialogue.ts';
import { ProbeFailure } from '../../protocols/probe-failure.ts';
import { NutRefusal } from './refusal.ts';
import { parseWords, quoted } from './words.ts';

/** More than any UPS has; a longer list is an endless one. */
export const MAX_LIST_LINES = 1_024;
const MAX_CODE_CHARS = 64;

export interface NutList {
  /** The words of each line, without those repeated from the request. */
  readonly rows: readonly (readonly string[])[];
  /** Lines that could not be parsed; the others are valid. */
  readonly badLines: readonly string[];
}

/** Network UPS Tools' protocol (RFC 9271), one command at a time, over a socket that a signal destroys. */
export class NutDialogue {
  readonly #socket: Socket;
  readonly #lines: LineDialogue;

  constructor(socket: Socket, signal: AbortSignal) {
    this.#socket = socket;
    this.#lines = new LineDialogue(socket, signal);
  }

  /** Rejects with a NutRefusal, or with a ProbeFailure when the connection cannot be used any more. */
  async command(command: string, ...args: readonly string[]): Promise<void> {
    this.#send([command, ...args.map(quoted)].join(' '));
    const answer = await this.#nextLine();
    if (parseWords(answer)?.[0] !== 'OK') {
      throw new ProbeFailure('protocol', `answered ${command} with ${shown(answer)}, expected OK`);
    }
  }

  /** `LIST what args`. Rejects as command() does. */
  async list(what: 'UPS' | 'VAR', ...args: readonly string[]): Promise<NutList> {
    const asked = [what, ...args];
    this.#send(['LIST', what, ...args.map(quoted)].join(' '));
    const first = await this.#nextLine();
    if (!isMark(first, 'BEGIN', asked)) {
      throw new ProbeFailure('protocol', `answered LIST ${asked.join(' ')} with ${shown(first)}`);
    }
    const rows: (readonly string[])[] = [];
    const badLines: string[] = [];
    for (let count = 0; count < MAX_LIST_LINES; count++) {
      const line = await this.#nextLine();
      if (isMark(line, 'END', asked)) return { rows, badLines };
      const words = parseWords(line);
      if (words !== undefined && asked.every((word, at) => words[at] === word)) {
        rows.push(words.slice(asked.length));
      } else {
        badLines.push(shown(line));
      }
    }
    throw new ProbeFailure('protocol', `sent a list of more than ${MAX_LIST_LINES} lines`);
  }

  /** Before TLS begins. */
  requireNoInput(): void {
    this.#lines.requireNoInput();
  }

  /** Does not wait for the answer. */
  logOut(): void {
    this.#send('LOGOUT');
    this.#socket.end();
  }

  #send(line: string): void {
    this.#socket.write(`${line}\n`);
  }

  async #nextLine(): Promise<string> {
    const line = await this.#lines.nextLine();
    const [first, code] = parseWords(line) ?? [];
    if (first === 'ERR') throw new NutRefusal((code ?? 'an error without a name').slice(0, MAX_CODE_CHARS));
    return line;
  }
}

function isMark(line: string, mark: 'BEGIN' | 'END', asked: readonly string[]): boolean {
  const words = parseWords(line);
  const expected = [mark, 'LIST', ...asked];
  return words?.length === expected.length && expected.every((word, at) => words[at] === word);
}
