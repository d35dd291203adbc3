import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Logger } from '../runtime/logger.ts';
import { fullJitterMs } from '../runtime/backoff.ts';
import type { Service } from '../runtime/service.ts';

export interface ChildOptions {
  readonly name: string;
  /** Arguments of `wardwatch`; evaluated at each start. */
  readonly args: () => readonly string[];
  readonly nodeOptions?: readonly string[];
  readonly log: Logger;
  readonly stopTimeoutMs: number;
  /** It runs, for the first time or again, and can be told something. */
  readonly onLaunch?: () => void;
}

export interface Child extends Service {
  /** Does nothing while it does not run. */
  tell(message: object): void;
}

const RESTART_DELAY = { baseMs: 1_000, capMs: 30_000 };

/** This program as a child process: restarted when it exits, and ends by itself when this process is gone. */
export function createChild(options: ChildOptions): Child {
  const { name, log } = options;
  let child: ChildProcess | undefined;
  let restart: NodeJS.Timeout | undefined;
  let stopping: Promise<void> | undefined;
  let deaths = 0;

  const launch = (shutdown: AbortSignal): void => {
    const program = fileURLToPath(import.meta.resolve('./wardwatch.js'));
    // The IPC channel carries what `tell` says, and nothing back: the child exits when it closes, so also after kill -9 of the parent.
    const started = spawn(process.execPath, [...(options.nodeOptions ?? []), program, ...options.args()], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child = started;
    started.once('spawn', () => options.onLaunch?.());
    started.once('exit', (code, signal) => {
      // Ctrl-C in a terminal reaches the children too: they may exit first.
      if (stopping !== undefined || shutdown.aborted) return;
      const delayMs = fullJitterMs(deaths++, RESTART_DELAY, Math.random);
      log.error(
        { child: name, code, signal, restartInMs: delayMs },
        'child process exited and will be restarted',
      );
      restart = setTimeout(() => launch(shutdown), delayMs);
    });
    started.on('error', (error) =>
      log.error({ child: name, err: error }, 'child process could not be started'),
    );
  };

  const end = async (): Promise<void> => {
    clearTimeout(restart);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child?.kill('SIGKILL'), options.stopTimeoutMs);
    await exited;
    clearTimeout(timer);
  };

  return {
    name,
    start: async (signal) => launch(signal),
    stop: () => (stopping ??= end()),
    tell: (message) => {
      // It may have exited since: what it was to know it is told at its next launch.
      if (child?.connected === true) child.send(message, () => undefined);
    },
  };
}
