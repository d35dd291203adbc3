import { usageOf } from '../process-usage.ts';
import { percent, quantity } from '../report/markdown.ts';
import type { Table } from '../report/section.ts';
import { sleep } from '../sleep.ts';
import type { LoadReport } from './load-messages.ts';
import type { Rig, RigProcess } from './rig.ts';

export interface ProcessFigures {
  readonly process: RigProcess['name'];
  readonly cpuS: number;
  /** 1: one core all the time. */
  readonly cpuRatio: number;
  /** Since the process began. */
  readonly peakMiB: number;
}

export interface Measurement {
  readonly elapsedS: number;
  readonly valuesPerS: number;
  readonly pointsPerS: number;
  /** Values acknowledged ÷ values sent: below 1, central is too slow. */
  readonly ackedRatio: number;
  readonly ackP50Ms: number;
  readonly ackP99Ms: number;
  readonly processes: readonly ProcessFigures[];
}

/** Observes a rig for some time: what was acknowledged, and what each process used for it. */
export async function measure(rig: Rig, seconds: number): Promise<Measurement> {
  const before = await snapshot(rig, 'reset');
  await sleep(seconds);
  const after = await snapshot(rig, 'report');
  const [from, to] = [before.report, after.report];
  const elapsedS = (to.atMs - from.atMs) / 1_000;
  const ackedValues = to.ackedValues - from.ackedValues;
  return {
    elapsedS,
    valuesPerS: ackedValues / elapsedS,
    pointsPerS: (to.ackedPoints - from.ackedPoints) / elapsedS,
    ackedRatio: ackedValues / (to.sentValues - from.sentValues),
    ackP50Ms: to.ackP50Ms,
    ackP99Ms: to.ackP99Ms,
    processes: rig.processes.map(({ name }, at) => {
      const cpuS = (after.usages[at]?.cpuS ?? 0) - (before.usages[at]?.cpuS ?? 0);
      return {
        process: name,
        cpuS,
        cpuRatio: cpuS / elapsedS,
        peakMiB: after.usages[at]?.peakRssMiB ?? 0,
      };
    }),
  };
}

async function snapshot(rig: Rig, request: 'reset' | 'report') {
  const report: LoadReport = await rig.ask(request);
  return { report, usages: rig.processes.map(({ pid }) => usageOf(pid)) };
}

/** One row per process of each case. */
export function processTable(
  title: string,
  cases: readonly { readonly name: string; readonly processes: readonly ProcessFigures[] }[],
): Table {
  return {
    title,
    head: ['case', 'process', 'CPU s', '% of one core', 'peak MiB'],
    rows: cases.flatMap(({ name, processes }) =>
      processes.map(({ process, cpuS, cpuRatio, peakMiB }) => [
        name,
        process,
        quantity(cpuS),
        percent(cpuRatio),
        quantity(peakMiB),
      ]),
    ),
  };
}
