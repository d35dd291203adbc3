import { spawn } from 'node:child_process';
import { messageOf } from '../../../runtime/errors.ts';
import { visibleText } from '../../../runtime/visible-text.ts';
import type { Outcome } from './channel.ts';

export interface ProgramRun {
  /** Absolute path. */
  readonly program: string;
  readonly args: readonly string[];
  readonly input: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** More of what it prints is not kept. */
const MAX_SHOWN_CHARS = 200;
const LAST_OUTPUT_MS = 200;

/**
 * Runs it once, never through a shell, with `input` on its stdin; exit code 0 means delivered. At the time limit it is
 * killed with all that it has started. Never rejects.
 */
export function runProgram({ program, args, input, env, timeoutMs, signal }: ProgramRun): Promise<Outcome> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve({ kind: 'failed', answer: messageOf(signal.reason) });
      return;
    }
    // In a process group of its own, so that its children can be ended as well.
    const child = spawn(program, args, {
      detached: true,
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', ...env },
    });
    let printed = '';
    const keep = (data: Buffer): void => {
      if (printed.length < MAX_SHOWN_CHARS) printed += data.toString('utf8');
    };
    let isEnded = false;
    const end = (outcome: Outcome): void => {
      if (isEnded) return;
      isEnded = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      // What it left running may hold them open; a program that cannot be killed must not be waited for.
      child.stdout.destroy();
      child.stderr.destroy();
      child.unref();
      resolve(outcome);
    };
    const kill = (why: string): void => {
      if (child.pid !== undefined) killGroup(child.pid);
      end({ kind: 'failed', answer: why });
    };
    const onAbort = (): void => kill(messageOf(signal.reason));
    const timer = setTimeout(() => kill(`did not end within ${timeoutMs} ms`), timeoutMs);
    signal.addEventListener('abort', onAbort, { once: true });
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    // It may end without reading.
    child.stdin.on('error', () => undefined);
    child.on('error', (error) => end({ kind: 'failed', answer: messageOf(error) }));
    child.on('exit', (code, killedBy) => {
      const tell = (): void => {
        const how = code === null ? `ended by ${killedBy ?? 'a signal'}` : `exit code ${code}`;
        const text = visibleText(printed.slice(0, MAX_SHOWN_CHARS).trim());
        end({ kind: code === 0 ? 'delivered' : 'failed', answer: text === '' ? how : `${how}: ${text}` });
      };
      // The last of what it printed, unless something else holds its output open.
      child.once('close', tell);
      setTimeout(tell, LAST_OUTPUT_MS).unref();
    });
    child.stdin.end(input);
  });
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}
