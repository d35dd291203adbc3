import { execFile } from 'node:child_process';

export interface ProgramResult {
  /** Null when it ended with code 0; `code` is its exit code or what the system said (`ENOENT`). */
  readonly error: (Error & { readonly code?: string | number | null; readonly killed?: boolean }) | null;
  readonly stdout: string;
  readonly stderr: string;
}

const MAX_OUTPUT_BYTES = 64 * 1024;

/**
 * Runs a program in the C locale, never through a shell. Killed at the timeout, when it prints too much (64 KiB unless
 * said otherwise), and with the signal.
 */
export function runProgram(
  program: string,
  args: readonly string[],
  options: { readonly timeoutMs: number; readonly signal: AbortSignal; readonly maxOutputBytes?: number },
): Promise<ProgramResult> {
  return new Promise((resolve) => {
    execFile(
      program,
      args,
      {
        env: { PATH: process.env['PATH'], LC_ALL: 'C' },
        timeout: options.timeoutMs,
        killSignal: 'SIGKILL',
        maxBuffer: options.maxOutputBytes ?? MAX_OUTPUT_BYTES,
        signal: options.signal,
      },
      (error, stdout, stderr) => resolve({ error, stdout, stderr }),
    );
  });
}
