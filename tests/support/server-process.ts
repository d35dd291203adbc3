import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const START_TIMEOUT_MS = 30_000;
const MAX_LOG_CHARS = 20_000;

export interface ServerCommand {
  readonly program: string;
  readonly args: readonly string[];
  /** Default: the environment of the test. */
  readonly env?: NodeJS.ProcessEnv;
  /** Resolves to true once the server answers. */
  readonly isReady: () => Promise<boolean>;
}

/** A real server for a test: can be started and killed, and ends with the test process, however that ends. */
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

  /** `SIGSTOP`, `SIGCONT`: it runs on, or stands still. */
  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** Sends the signal and waits until the process has ended. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  }

  /** Kills it and removes the exit hook; it cannot be started again. */
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

export interface TestServer {
  readonly pid: number;
  readonly log: string;
  /** Waits until the process has ended. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** `kill -9` if it still runs, then the same command again. */
  restart(): Promise<void>;
  /** Ends it and removes its directory. */
  stop(): Promise<void>;
}

/** Starts a server that has a directory to itself. */
export async function startServer(
  command: ServerCommand,
  directory: TemporaryDirectory,
): Promise<TestServer> {
  const server = new ServerProcess(command);
  const stop = async (): Promise<void> => {
    await server.dispose();
    directory.remove();
  };
  try {
    await server.start();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    get pid() {
      return server.pid;
    },
    get log() {
      return server.log;
    },
    kill: (signal) => server.kill(signal),
    restart: async () => {
      await server.kill('SIGKILL');
      await server.start();
    },
    stop,
  };
}
