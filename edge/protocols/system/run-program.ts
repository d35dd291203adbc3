import { execFile, type ChildProcess } from 'node:child_process';

export interface ProgramResult {
  /** Null when it ended with code 0; `code` is its exit code or what the system said (`ENOENT`). */
  readonly error: (Error & { readonly code?: string | number | null; readonly killed?: boolean }) | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Where it runs on after SIGKILL, as one does that waits for a dead device: resolves when it is gone at last. */
  readonly ended?: Promise<void>;
}

const MAX_OUTPUT_BYTES = 64 * 1024;
/** A program that is not gone so long after SIGKILL is not waited for. */
const KILL_GRACE_MS = 500;

/**
 * Runs a program in the C locale, never through a shell. Killed at the timeout, when it prints too much (64 KiB unless
 * said otherwise), and with the signal; answers also when it does not die of that.
 */
export function runProgram(
  program: string,
  args: readonly string[],
  options: { readonly timeoutMs: number; readonly signal: AbortSignal; readonly maxOutputBytes?: number },
): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const child = execFile(
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
    const overdue = setTimeout(() => {
      const error = Object.assign(new Error('does not end, not even by SIGKILL'), { killed: true });
      resolve({ error, stdout: '', stderr: '', ...leftBehind(child) });
    }, options.timeoutMs + KILL_GRACE_MS);
  });
}

function leftBehind(child: ChildProcess): Pick<ProgramResult, 'ended'> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return {};
  child.unref();
  return { ended: new Promise((resolve) => child.once('exit', () => resolve())) };
}
