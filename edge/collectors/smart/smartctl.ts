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

/** Runs smartctl for each disk, one after the other, because they share a controller. Without smartctl: no disks. */
export function createSmartctlSource(
  disks: readonly Disk[] | undefined,
  deps: { readonly clock: Clock; readonly program?: string },
): DiskSource {
  /** Calls whose smartctl waits for a dead disk and cannot be killed: none is started twice. */
  const hanging = new Set<string>();
  const run = async (args: readonly string[], signal: AbortSignal): Promise<ProgramResult> => {
    const call = args.join(' ');
    if (hanging.has(call)) return { error: new Error(HANGS), stdout: '', stderr: '' };
    const result = await runProgram(deps.program ?? 'smartctl', ['--json=c', ...args], {
      timeoutMs: TIMEOUT_MS,
      signal,
      maxOutputBytes: MAX_REPORT_BYTES,
    });
    if (result.ended !== undefined) {
      hanging.add(call);
      void result.ended.then(() => hanging.delete(call));
    }
    return result;
  };

  const readDisk = async ({ device, type }: Disk, signal: AbortSignal): Promise<DiskAnswer> => {
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
        // Answers read before the deadline are kept.
        const answer = signal.aborted
          ? { name: nameOf(disk), problem: NO_TIME }
          : await readDisk(disk, signal);
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
const HANGS = 'an earlier smartctl for it still hangs';
const NO_TIME = 'no time was left to read it';

/** A non-zero exit status of smartctl is part of its report, not an error. */
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
    // A scan reports SATA disks as `scsi` too; without a type smartctl detects it.
    return device?.startsWith('/dev/') === true ? [{ device, type: type === 'scsi' ? undefined : type }] : [];
  });
}
