import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { requirePart } from './parts.ts';
import { temporaryDirectory } from './server-process.ts';

export interface Chronyd {
  /** Arguments that make chronyc use this chronyd. */
  readonly chronycOptions: readonly string[];
  throwIfEnded(): void;
  stop(): Promise<void>;
}

/** A chronyd with these lines of configuration. It does not change the system's clock. */
export function startChronyd(commandPort: number, lines: readonly string[]): Chronyd {
  const directory = temporaryDirectory('chrony');
  const file = join(directory.path, 'chrony.conf');
  const own = [`cmdport ${commandPort}`, 'bindcmdaddress 127.0.0.1', `pidfile ${directory.path}/chrony.pid`];
  writeFileSync(file, [...lines, ...own, ''].join('\n'));
  const daemon = spawn(requirePart('chronyd'), ['-U', '-x', '-d', '-f', file]);
  let said = '';
  daemon.stderr.on('data', (text: Buffer) => (said += text.toString()));
  const hasEnded = (): boolean => daemon.exitCode !== null || daemon.signalCode !== null;
  return {
    chronycOptions: ['-h', '127.0.0.1', '-p', String(commandPort)],
    throwIfEnded: () => {
      if (hasEnded()) throw new Error(`chronyd ended: ${said}`);
    },
    async stop() {
      if (!hasEnded()) {
        const ended = once(daemon, 'exit');
        daemon.kill('SIGKILL');
        await ended;
      }
      directory.remove();
    },
  };
}
