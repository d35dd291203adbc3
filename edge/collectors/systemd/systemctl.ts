import { runProgram, type ProgramResult } from '../run-program.ts';
import { PROPERTIES } from './units.ts';

/** 10,000 units take some 4 MB. */
const MAX_OUTPUT_BYTES = 8 * 1024 * 1024;
/** Other types come and go with devices and logins, and fail for no reason of their own. */
const UNIT_TYPES = ['*.service', '*.mount', '*.timer', '*.socket'];

/** Asks systemd about loaded units, and about `names`, which answer also when they are not loaded. */
export type Systemctl = (names: readonly string[], signal: AbortSignal) => Promise<ProgramResult>;

export function createSystemctl(timeoutMs: number, program = 'systemctl'): Systemctl {
  return (names, signal) =>
    runProgram(
      program,
      ['show', '--no-pager', `--property=${PROPERTIES.join()}`, '--', ...UNIT_TYPES, ...names],
      { timeoutMs, signal, maxOutputBytes: MAX_OUTPUT_BYTES },
    );
}

/** No systemd on this machine, or not as its init: nothing to collect, as in most containers. */
export function isWithoutSystemd({ error, stderr }: ProgramResult): boolean {
  return error?.code === 'ENOENT' || /not been booted with systemd|Host is down/.test(stderr);
}
