import { readFileSync } from 'node:fs';

/** Ticks per second of /proc/<pid>/stat: USER_HZ, 100 on every Linux port. */
const TICKS_PER_S = 100;

export interface Usage {
  readonly cpuS: number;
  readonly rssMiB: number;
  readonly peakRssMiB: number;
}

/** CPU seconds so far (all threads) and memory of a running process, from /proc. */
export function usageOf(pid: number): Usage {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // Fields 14 and 15 (utime, stime), counted after the name, which may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kib = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0);
  return { cpuS: ticks / TICKS_PER_S, rssMiB: kib('VmRSS') / 1024, peakRssMiB: kib('VmHWM') / 1024 };
}
