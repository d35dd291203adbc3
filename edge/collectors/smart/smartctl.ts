import type { Clock } from '../../../runtime/clock.ts';
import { runProgram, type ProgramResult } from '../../protocols/system/run-program.ts';
import { MAX_DISKS, MAX_REPORT_BYTES, type DiskAnswer, type DiskSource } from './disk-source.ts';
import { ASLEEP, evaluateReport, Report } from './report.ts';

export interface Disk {
  readonly device: string;
  /** smartctl's `-d`, such as `sat` or `megaraid,0`. */
  readonly type?: string | undefined;
}

/** A disk that has to spin up answers within 20 s. */
const TIMEOUT_MS = 30_000;

/** Runs smartctl for each disk, one after the other: they share a controller. No smartctl: nothing to ask. */
export function createSmartctlSource(
  disks: readonly Disk[] | undefined,
  deps: { readonly clock: Clock; readonly program?: string },
): DiskSource {
  /** Questions whose smartctl waits for a dead disk, which no signal ends: one of each is enough. */
  const hanging = new Set<string>();
  const run = async (args: readonly string[], signal: AbortSignal): Promise<ProgramResult> => {
    const question = args.join(' ');
    if (hanging.has(question)) return { error: new Error(HANGS), stdout: '', stderr: '' };
    const result = await runProgram(deps.program ?? 'smartctl', ['--json=c', ...args], {
      timeoutMs: TIMEOUT_MS,
      signal,
      maxOutputBytes: MAX_REPORT_BYTES,
    });
    if (result.ended !== undefined) {
      hanging.add(question);
      void result.ended.then(() => hanging.delete(question));
    }
    return result;
  };

  const ask = async ({ device, type }: Disk, signal: AbortSignal): Promise<DiskAnswer> => {
    const result = await run(
      [
        ...['--info', '--health', '--attributes', `--nocheck=standby,${ASLEEP}`],
        ...(type === undefined ? [] : ['-d', type]),
        device,
      ],
      signal,
    );
    const name = nameOf({ device, type });
    const problem = problemOf(result);
    return problem === undefined
      ? { name, text: result.stdout, readAtMs: deps.clock.now() }
      : { name, problem };
  };

  return {
    async answers(signal) {
      const scanned = disks === undefined ? parseScan(await run(['--scan'], signal)) : disks;
      const answers: DiskAnswer[] = [];
      for (const disk of scanned.slice(0, MAX_DISKS)) {
        // What was read before the time was over counts.
        const answer = signal.aborted ? { name: nameOf(disk), problem: NO_TIME } : await ask(disk, signal);
        if ('problem' in answer && answer.problem === MISSING) return [];
        answers.push(answer);
      }
      return answers;
    },
  };
}

function nameOf({ device, type }: Disk): string {
  return type?.includes(',') === true ? `${device} ${type}` : device;
}

const MISSING = 'smartctl is not installed';
const HANGS = 'the one that asked before still hangs';
const NO_TIME = 'no time was left to ask it';

/** smartctl's exit status is part of its report, no failure to run. */
function problemOf({ error, stdout, stderr }: ProgramResult): string | undefined {
  if (error === null) return undefined;
  if (error.code === 'ENOENT') return MISSING;
  if (error.killed === true) return `smartctl gave no answer within ${TIMEOUT_MS} ms`;
  if (error.name === 'AbortError') return 'smartctl gave no answer before the time of the run was over';
  if (typeof error.code === 'number' && stdout.trimStart().startsWith('{')) return undefined;
  const said = (stderr.trim() || stdout.trim() || error.message).slice(0, 200);
  return `smartctl: ${JSON.stringify(said)}`;
}

/** Disks of `smartctl --scan --json`. Throws on anything else. */
export function parseScan(result: ProgramResult): readonly Disk[] {
  const problem = problemOf(result);
  if (problem === MISSING) return [];
  if (problem !== undefined) throw new Error(`scan: ${problem}`);
  const report = Report.parse(result.stdout);
  const verdict = evaluateReport(report);
  if (verdict.kind === 'failed') throw new Error(`scan: ${verdict.problem}`);
  return report.list('devices').flatMap((entry) => {
    const device = entry.text('name');
    const type = entry.text('type');
    // A scan calls SATA disks `scsi` too; without a type smartctl finds out by itself.
    return device?.startsWith('/dev/') === true ? [{ device, type: type === 'scsi' ? undefined : type }] : [];
  });
}
