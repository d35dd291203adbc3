import { runProgram, type ProgramResult } from '../../protocols/system/run-program.ts';

/** What the machine's programs say of its clock. */
export interface ClockAnswers {
  /** Of `chronyc -c -n tracking`. */
  readonly chrony: ProgramResult;
  /** Of `timedatectl show -p NTPSynchronized --value`; not asked where chrony knows. */
  readonly timedatectl: ProgramResult | undefined;
}

const TIMEOUT_MS = 5_000;

/** `chronycOptions` such as `-h 127.0.0.1 -p 323` say which chronyd. */
export async function askClock(
  signal: AbortSignal,
  chronycOptions: readonly string[] = [],
): Promise<ClockAnswers> {
  const options = { timeoutMs: TIMEOUT_MS, signal };
  const chrony = await runProgram('chronyc', [...chronycOptions, '-c', '-n', 'tracking'], options);
  if (chrony.error === null) return { chrony, timedatectl: undefined };
  const args = ['show', '-p', 'NTPSynchronized', '--value'];
  return { chrony, timedatectl: await runProgram('timedatectl', args, options) };
}
