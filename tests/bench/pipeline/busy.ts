import { cpus } from 'node:os';
import { usageOf } from '../process-usage.ts';
import { atLeast } from '../report/bar.ts';
import { percent, quantity } from '../report/markdown.ts';
import type { Section, SectionResult } from '../report/section.ts';
import { startBusyLoops } from './busy-loops.ts';
import { alertBound, runCityCase, type CityCase } from './city-case.ts';
import { processTable } from './measure.ts';

const LOOPS = 2;
/** For starting, warming up and stopping, on a machine that is slow by intention. */
const AROUND_THE_CASE_S = 180;

interface BusyCase extends CityCase {
  /** CPU that the loops got, of one core. */
  readonly loopsCpuRatio: number;
}

export const busySection: Section = {
  name: 'busy',
  about: `the city's load beside ${LOOPS} busy loops of other programs`,
  run: async (context) => {
    const loops = await startBusyLoops(LOOPS, context.seconds + AROUND_THE_CASE_S);
    try {
      const startMs = performance.now();
      const result = await runCityCase(context, { broker: 'embedded', store: 'influx' });
      // Reading an ended process fails: then the machine was not busy all the time.
      const cpuS = loops.pids.reduce((sum, pid) => sum + usageOf(pid).cpuS, 0);
      return toSection({ ...result, loopsCpuRatio: cpuS / ((performance.now() - startMs) / 1_000) });
    } finally {
      await loops.stop();
    }
  },
};

function toSection(result: BusyCase): SectionResult {
  const { valuesPerS, ackedRatio, ackP50Ms, ackP99Ms, alerts, loopsCpuRatio } = result;
  const name = 'embedded + influx';
  const title = `City load on a busy machine: ${LOOPS} busy loops beside it, ${cpus().length} cores`;
  const row = [
    name,
    quantity(valuesPerS),
    percent(ackedRatio),
    quantity(ackP50Ms),
    quantity(ackP99Ms),
    alertBound(alerts.p50Ms),
    alertBound(alerts.p99Ms),
    percent(loopsCpuRatio),
  ];
  return {
    tables: [
      {
        title,
        head: [
          'broker + store',
          'values/s',
          'acked of sent',
          'ack p50 ms',
          'ack p99 ms',
          'alert p50 ms',
          'alert p99 ms',
          'loops: % of one core',
        ],
        rows: [row],
      },
      processTable('What it costs on a busy machine', [{ name, processes: result.processes }]),
    ],
    figures: result,
    bars: [atLeast('city load on a busy machine: acknowledged', 99, '%', ackedRatio * 100)],
  };
}
