import { forgetPeak, usageOf } from './process-usage.ts';
import { percent, quantity } from './report/markdown.ts';
import { ServerProcess } from '../support/server-process.ts';
import { sleep } from './sleep.ts';

/** A Node that does nothing, to compare with. */
export async function startBareNode(): Promise<ServerProcess> {
  const args = ['-e', 'setInterval(() => {}, 1000)'];
  const node = new ServerProcess({ program: process.execPath, args, isReady: () => Promise.resolve(true) });
  await node.start();
  return node;
}

export interface WatchedUsage {
  readonly what: string;
  /** Of one core, including the programs it ran. */
  readonly cpuRatio: number;
  readonly rssMiB: number;
  /** In the window. */
  readonly peakMiB: number;
  readonly startPeakMiB: number;
}

/** Measures several processes in the same window. Programs they run (`ping`) count for their CPU, not for their memory. */
export async function watch(
  pids: Readonly<Record<string, number>>,
  windowS: number,
): Promise<WatchedUsage[]> {
  const before = Object.entries(pids).map(([what, pid]) => ({ what, pid, usage: usageOf(pid) }));
  for (const { pid } of before) forgetPeak(pid);
  const startMs = performance.now();
  await sleep(windowS);
  const elapsedS = (performance.now() - startMs) / 1_000;
  return before.map(({ what, pid, usage }) => {
    const { cpuS, childrenCpuS, rssMiB, peakRssMiB } = usageOf(pid);
    const usedS = cpuS + childrenCpuS - usage.cpuS - usage.childrenCpuS;
    return { what, cpuRatio: usedS / elapsedS, rssMiB, peakMiB: peakRssMiB, startPeakMiB: usage.peakRssMiB };
  });
}

export const USAGE_HEAD = ['what', '% of one core', 'MiB at the end', 'peak MiB', 'peak MiB while starting'];

export function usageRow({ what, cpuRatio, rssMiB, peakMiB, startPeakMiB }: WatchedUsage): string[] {
  return [what, percent(cpuRatio), quantity(rssMiB), quantity(peakMiB), quantity(startPeakMiB)];
}
