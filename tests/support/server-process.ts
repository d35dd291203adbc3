import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const START_TIMEOUT_MS = 30_000;
const MAX_LOG_CHARS = 20_000;

export interface ServerCommand {
  readonly program: string;
  readonly args: readonly string[];
  /** Default: that of the test. */
  readonly env?: NodeJS.ProcessEnv;
  /** Resolves to true once the server answers. */
  readonly isReady: () => Promise<boolean>;
}

/** A real server for a test: started and killed at will, and gone when the test process is, however that ends. */
export class ServerProcess {
  readonly #command: ServerCommand;
  #child: ChildProcess | undefined;
  #log = '';

  constructor(command: ServerCommand) {
    this.#command = command;
    process.on('exit', this.#killNow);
  }

  get pid(): number {
    if (this.#child?.pid === undefined) throw new Error(`${this.#command.program} does not run`);
    return this.#child.pid;
  }

  /** What the server printed, for the message of a failing test. */
  get log(): string {
    return this.#log;
  }

  async start(): Promise<void> {
    const { program, args, env = process.env, isReady } = this.#command;
    const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    const keep = (data: Buffer): void => {
      this.#log = (this.#log + data.toString()).slice(-MAX_LOG_CHARS);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => keep(Buffer.from(error.message)));
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!(await isReady())) {
      if (child.exitCode !== null || child.pid === undefined || Date.now() > deadline) {
        await this.kill('SIGKILL');
        throw new Error(`${program} did not start:\n${this.#log}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Sends the signal and waits until the process has gone. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await gone;
  }

  /** For good: the exit hook goes too. */
  async dispose(): Promise<void> {
    await this.kill('SIGKILL');
    process.off('exit', this.#killNow);
  }

  readonly #killNow = (): void => {
    this.#child?.kill('SIGKILL');
  };
}

export interface TemporaryDirectory {
  readonly path: string;
  remove(): void;
}

/** Removed by `remove()`, or at the latest when the test process exits. */
export function temporaryDirectory(name: string): TemporaryDirectory {
  const path = mkdtempSync(join(tmpdir(), `wardwatch-${name}-`));
  const remove = (): void => {
    rmSync(path, { recursive: true, force: true });
    process.off('exit', remove);
  };
  process.on('exit', remove);
  return { path, remove };
}
