import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../dist/attacker.js', import.meta.url));

/** Connections to one port; bytes are in base64. */
export interface Attack {
  readonly host: string;
  readonly port: number;
  readonly localAddress?: string;
  /** Open at once. */
  readonly count: number;
  /** Opened in all, attempts included. */
  readonly total?: number;
  readonly opensPerS?: number;
  /** For each that is closed, another one. */
  readonly reopen?: boolean;
  /** A whole handshake first. */
  readonly tls?: boolean;
  /** Sent when it is open. */
  readonly first?: string;
  /** A file with more than an argument can hold, sent after the first answer as fast as it is taken. */
  readonly thenFile?: string;
  /** Sent after that, a byte at a time, again and again. */
  readonly drip?: string;
  readonly dripEveryMs?: number;
  /** Closed as soon as it is open. */
  readonly hangUp?: boolean;
}

export interface AttackStats {
  readonly opened: number;
  readonly connected: number;
  readonly open: number;
  /** Of those that are closed. */
  readonly longestOpenMs: number;
}

/** A process that attacks a port. */
export class Attacker {
  readonly #child: ChildProcess;
  #stats: AttackStats = { opened: 0, connected: 0, open: 0, longestOpenMs: 0 };

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static start(url: string, attack: Omit<Attack, 'host' | 'port'>): Attacker {
    const { hostname: host, port } = new URL(url);
    const argument = JSON.stringify({ ...attack, host, port: Number(port) });
    const child = spawn(process.execPath, [PROGRAM, argument], { stdio: ['pipe', 'pipe', 'inherit'] });
    const attacker = new Attacker(child);
    createInterface({ input: child.stdout }).on('line', (line) => {
      attacker.#stats = JSON.parse(line) as AttackStats;
    });
    return attacker;
  }

  get stats(): AttackStats {
    return this.#stats;
  }

  async end(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.stdin?.end();
    await ended;
  }
}
