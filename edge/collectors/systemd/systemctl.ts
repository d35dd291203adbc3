import { codeOf } from '../../../runtime/errors.ts';
import { runProgram, type ProgramResult } from '../../protocols/system/run-program.ts';
import { PROPERTIES } from './units.ts';

/** 10,000 units take some 4 MB. */
const MAX_OUTPUT_BYTES = 8 * 1024 * 1024;
/** Other types come and go with devices and logins, and their failures are consequences. */
const UNIT_TYPES = ['service', 'mount', 'timer', 'socket'];

export interface Systemctl {
  /** The states of all loaded units, at a tenth of the cost of show(). */
  list(signal: AbortSignal): Promise<ProgramResult>;
  /** The properties of `names`, also if not loaded, and with `andAllLoaded` of all loaded units. */
  show(names: readonly string[], andAllLoaded: boolean, signal: AbortSignal): Promise<ProgramResult>;
}

export function createSystemctl(timeoutMs: number, program = 'systemctl'): Systemctl {
  const run = (args: readonly string[], signal: AbortSignal): Promise<ProgramResult> =>
    runProgram(program, args, { timeoutMs, signal, maxOutputBytes: MAX_OUTPUT_BYTES });
  return {
    list: (signal) =>
      run(
        [
          ...['list-units', '--all', '--plain', '--full', '--no-legend', '--no-pager'],
          `--type=${UNIT_TYPES.join()}`,
        ],
        signal,
      ),
    show: (names, andAllLoaded, signal) => {
      const loaded = andAllLoaded ? UNIT_TYPES.map((type) => `*.${type}`) : [];
      return run(
        ['show', '--no-pager', `--property=${PROPERTIES.join()}`, '--', ...loaded, ...names],
        signal,
      );
    },
  };
}

/** No systemd, or not as init, as in most containers: nothing to collect. */
export function isWithoutSystemd({ error, stderr }: ProgramResult): boolean {
  return error?.code === 'ENOENT' || /not been booted with systemd|Host is down/.test(stderr);
}

/** Why a result is unusable. */
export function problemOf({ error, stdout, stderr }: ProgramResult): string {
  if (error !== null && codeOf(error) === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return 'it prints too much';
  if (error?.killed === true || error?.code === 'ABORT_ERR') return 'no answer in time';
  const said = stderr.trim() !== '' ? stderr.trim() : stdout.trim();
  return `expected units, got ${JSON.stringify(said.slice(0, 200))}`;
}
