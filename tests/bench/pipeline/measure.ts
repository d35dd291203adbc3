import { usageOf, type Usage } from '../process-usage.ts';
import { percent, quantity } from '../report/markdown.ts';
import type { Table } from '../report/section.ts';
import { sleep } from '../sleep.ts';
import type { LoadReport, WindowTotals } from './load-messages.ts';
import type { Measured, RigProcess } from './rig.ts';

const LATE_S = 5;
const POLL_S = 0.1;

export interface ProcessFigures {
  readonly process: RigProcess['name'];
  readonly cpuS: number;
  /** 1: one core all the time. */
  readonly cpuRatio: number;
  /** Since the process began. */
  readonly peakMiB: number;
}

export interface Observation {
  readonly elapsedS: number;
  readonly valuesPerS: number;
  readonly pointsPerS: number;
  readonly ackP50Ms: number;
  readonly ackP99Ms: number;
  readonly processes: readonly ProcessFigures[];
}

export interface Measurement extends Observation {
  /** Of the values sent in the window, those acknowledged at most LATE_S after it: below 1, central is too slow. */
  readonly ackedRatio: number;
}

/** Observes a rig for some time: what was acknowledged, and what each process used for it. */
export async function observe(rig: Measured, seconds: number): Promise<Observation> {
  const before = await snapshot(rig, 'reset');
  await sleep(seconds);
  const after = await snapshot(rig, 'close');
  const [from, to] = [before.report, after.report];
  const elapsedS = (to.atMs - from.atMs) / 1_000;
  return {
    elapsedS,
    valuesPerS: (to.ackedValues - from.ackedValues) / elapsedS,
    pointsPerS: (to.ackedPoints - from.ackedPoints) / elapsedS,
    ackP50Ms: to.ackP50Ms,
    ackP99Ms: to.ackP99Ms,
    processes: processFigures(rig.processes, before.usages, after.usages, elapsedS),
  };
}

/** Also waits for what was sent in that time. */
export async function measure(rig: Measured, seconds: number): Promise<Measurement> {
  const observation = await observe(rig, seconds);
  const { ackedValues, sentValues } = await closedWindow(rig);
  return { ...observation, ackedRatio: ackedValues / sentValues };
}

export async function snapshot(rig: Measured, request: 'reset' | 'close') {
  const report: LoadReport = await rig.ask(request);
  return { report, usages: rig.processes.map(({ pid }) => usageOf(pid)) };
}

export function processFigures(
  processes: readonly RigProcess[],
  before: readonly Usage[],
  after: readonly Usage[],
  elapsedS: number,
): ProcessFigures[] {
  return processes.map(({ name }, at) => {
    const cpuS = (after[at]?.cpuS ?? 0) - (before[at]?.cpuS ?? 0);
    return { process: name, cpuS, cpuRatio: cpuS / elapsedS, peakMiB: after[at]?.peakRssMiB ?? 0 };
  });
}

/** What is still under way when the window closes has some time: a batch sent at its end is no loss. */
async function closedWindow(rig: Measured): Promise<WindowTotals> {
  const deadlineMs = performance.now() + LATE_S * 1_000;
  for (;;) {
    const { window } = await rig.ask('report');
    if (window.ackedValues === window.sentValues || performance.now() > deadlineMs) return window;
    await sleep(POLL_S);
  }
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
