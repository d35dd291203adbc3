import { execFile, type ChildProcess } from 'node:child_process';

export interface ProgramResult {
  /** Null after exit code 0; `code` is the exit code or the system's error (`ENOENT`). */
  readonly error: (Error & { readonly code?: string | number | null; readonly killed?: boolean }) | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Present when it survives SIGKILL, as a process in I/O on a dead device does: resolves when it ends. */
  readonly ended?: Promise<void>;
}

const MAX_OUTPUT_BYTES = 64 * 1024;
/** How long to wait for its end after SIGKILL. */
const KILL_GRACE_MS = 500;

/**
 * Runs a program in the C locale, never through a shell. Killed at the timeout, when it prints too much (64 KiB by
 * default) and when the signal aborts; resolves even if it does not end then.
 */
export function runProgram(
  program: string,
  args: readonly string[],
  options: { readonly timeoutMs: number; readonly signal: AbortSignal; readonly maxOutputBytes?: number },
): Promise<ProgramResult> {
  return new Promise((resolve) => {
    // Where the system refuses to start it (EPERM, ENOMEM), Node throws and calls nothing back.
    const start = (): ChildProcess | undefined => {
      try {
        return execFile(
          program,
          args,
          {
            env: { PATH: process.env['PATH'], LC_ALL: 'C' },
            timeout: options.timeoutMs,
            killSignal: 'SIGKILL',
            maxBuffer: options.maxOutputBytes ?? MAX_OUTPUT_BYTES,
            signal: options.signal,
          },
          (error, stdout, stderr) => {
            clearTimeout(overdue);
            resolve({ error, stdout, stderr, ...leftBehind(child) });
          },
        );
      } catch (error) {
        resolve({ error: error instanceof Error ? error : new Error(String(error)), stdout: '', stderr: '' });
        return undefined;
      }
    };
    const child = start();
    if (child === undefined) return;
    const overdue = setTimeout(() => {
      const error = Object.assign(new Error('does not end, not even after SIGKILL'), { killed: true });
      resolve({ error, stdout: '', stderr: '', ...leftBehind(child) });
    }, options.timeoutMs + KILL_GRACE_MS);
  });
}

function leftBehind(child: ChildProcess | undefined): Pick<ProgramResult, 'ended'> {
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return {};
  child.unref();
  return { ended: new Promise((resolve) => child.once('exit', () => resolve())) };
}
