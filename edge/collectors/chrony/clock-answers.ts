import { runProgram, type ProgramResult } from '../../protocols/system/run-program.ts';

/** Output of the programs that know the clock's state. */
export interface ClockAnswers {
  /** Of `chronyc -c -n tracking`. */
  readonly chrony: ProgramResult;
  /** Of `timedatectl show -p NTPSynchronized --value`; not run when chrony answers. */
  readonly timedatectl: ProgramResult | undefined;
}

const TIMEOUT_MS = 5_000;

/** `chronycOptions` such as `-h 127.0.0.1 -p 323` select the chronyd. */
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
