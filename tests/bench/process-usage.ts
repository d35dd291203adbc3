import { readFileSync, writeFileSync } from 'node:fs';

/** Ticks per second of /proc/<pid>/stat: USER_HZ, 100 on every Linux port. */
const TICKS_PER_S = 100;

export interface Usage {
  /** All threads. */
  readonly cpuS: number;
  /** CPU time of child programs that have ended. */
  readonly childrenCpuS: number;
  readonly rssMiB: number;
  /** Since its start, or since forgetPeak(). */
  readonly peakRssMiB: number;
}

/** CPU seconds so far and memory of a running process, from /proc (proc_pid_stat(5), proc_pid_status(5)). */
export function usageOf(pid: number): Usage {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // Fields 14 to 17 (utime, stime, cutime, cstime), counted after the name, which may contain spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = (from: number): number => Number(fields[from]) + Number(fields[from + 1]);
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kib = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0);
  return {
    cpuS: ticks(11) / TICKS_PER_S,
    childrenCpuS: ticks(13) / TICKS_PER_S,
    rssMiB: kib('VmRSS') / 1024,
    peakRssMiB: kib('VmHWM') / 1024,
  };
}

/** Resets the peak (proc_pid_clear_refs(5)). */
export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}
