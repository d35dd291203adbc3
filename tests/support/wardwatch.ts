import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
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
    this.#child.on('exit', () => {
      for (const wake of this.#waiting) wake();
    });
  }

  /** The first JSON line with this event; rejects when the program ends before. */
  async event(name: string): Promise<Record<string, unknown>> {
    for (let next = 0; ;) {
      for (; next < this.#lines.length; next++) {
        const line = JSON.parse(this.#lines[next] ?? '{}') as Record<string, unknown>;
        if (line['event'] === name) return line;
      }
      if (this.#child.exitCode !== null) throw new Error(`it ended before "${name}": ${this.#stderr}`);
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
    const gone =
      this.#child.exitCode !== null || this.#child.signalCode !== null
        ? undefined
        : once(this.#child, 'close');
    if (signal !== undefined) this.#child.kill(signal);
    await gone;
    return { code: this.#child.exitCode, stdout: this.#lines.join('\n'), stderr: this.#stderr };
  }
}
