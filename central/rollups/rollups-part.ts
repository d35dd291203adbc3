import type { Part } from '../jobs/part.ts';
import { AlarmQualityRollup, type AlarmQualityRollupDeps } from './alarm-quality-rollup.ts';
import { CoverageRollup, type CoverageRollupDeps } from './coverage-rollup.ts';

/** As often as modems report. */
const LOOK_MS = 10_000;
const MINUTE_MS = 60_000;

/** What central writes each minute from what it has in memory and in `state.db`, so that nobody has to read raw series for it. */
export function createRollupsPart(deps: CoverageRollupDeps & AlarmQualityRollupDeps): Part<object> {
  const coverage = new CoverageRollup(deps);
  const alarmQuality = new AlarmQualityRollup(deps);
  return {
    shared: {},
    jobs: [
      { name: 'coverage', everyMs: LOOK_MS, run: () => coverage.look() },
      { name: 'alarm quality', everyMs: MINUTE_MS, run: () => alarmQuality.write() },
    ],
  };
}
