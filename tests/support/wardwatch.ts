import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ShiftedClock } from './shifted-clock.ts';

export const PROGRAM = fileURLToPath(new URL('../../dist/wardwatch.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built program as a user runs it, with the JSON lines on its stdout. */
export class Wardwatch {
  readonly #child: ChildProcess;
  readonly #lines: string[] = [];
  readonly #waiting = new Set<() => void>();
  /** It has ended, and all that it said has come: that may be later than its end. */
  readonly #closed: Promise<void>;
  #isClosed = false;
  #stderr = '';

  /** With a `clock`, its wall clock is off by as much as that says. */
  constructor(
    args: readonly string[],
    clock?: ShiftedClock,
    nodeOptions: readonly string[] = [],
    environment: NodeJS.ProcessEnv = {},
  ) {
    this.#child = spawn(process.execPath, [...nodeOptions, ...(clock?.nodeOptions ?? []), PROGRAM, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment, ...clock?.env },
    });
    const { stdout, stderr } = this.#child;
    if (stdout !== null) {
      createInterface({ input: stdout }).on('line', (line) => {
        this.#lines.push(line);
        for (const wake of this.#waiting) wake();
      });
    }
    stderr?.on('data', (data: Buffer) => {
      this.#stderr += data.toString();
    });
    this.#closed = new Promise((resolve) => {
      this.#child.once('close', () => {
        this.#isClosed = true;
        for (const wake of this.#waiting) wake();
        resolve();
      });
    });
  }

  /** The first JSON line with this event; rejects when the program ends before. */
  async event(name: string): Promise<Record<string, unknown>> {
    for (let next = 0; ;) {
      for (; next < this.#lines.length; next++) {
        const line = JSON.parse(this.#lines[next] ?? '{}') as Record<string, unknown>;
        if (line['event'] === name) return line;
      }
      if (this.#isClosed) throw new Error(`it ended before "${name}": ${this.#stderr}`);
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.#waiting.delete(wake);
          resolve();
        };
        this.#waiting.add(wake);
      });
    }
  }

  /** Its stderr so far. */
  get stderr(): string {
    return this.#stderr;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async end(signal?: NodeJS.Signals): Promise<Ended> {
    if (signal !== undefined) this.#child.kill(signal);
    await this.#closed;
    return { code: this.#child.exitCode, stdout: this.#lines.join('\n'), stderr: this.#stderr };
  }
}
