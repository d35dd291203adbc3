import type { Clock } from '../../runtime/clock.ts';
import type { Part } from '../jobs/part.ts';
import type { OwnSamples } from '../samples/own-samples.ts';
import { alarmQualitySamples, type AlarmFigures } from './alarm-quality.ts';
import { CoverageRollup, type CoverageRollupDeps } from './coverage-rollup.ts';

export interface RollupsPartDeps extends CoverageRollupDeps {
  readonly alerts: {
    active(): readonly { readonly startedAtMs: number }[];
    statistics(range: { readonly fromMs: number; readonly toMs: number }): AlarmFigures;
  };
  /** undefined: there is no calendar. */
  readonly peopleOnCall: (atMs: number) => number | undefined;
  readonly own: OwnSamples;
  readonly clock: Pick<Clock, 'now'>;
}

/** As often as modems report. */
const LOOK_MS = 10_000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** What central writes each minute from what it has in memory and in `state.db`, so that nobody has to read raw series for it. */
export function createRollupsPart(deps: RollupsPartDeps): Part<object> {
  const { alerts, peopleOnCall, own, clock } = deps;
  const coverage = new CoverageRollup(deps);
  const writeAlarmQuality = (): void => {
    const atMs = clock.now();
    const since = (ms: number): AlarmFigures => alerts.statistics({ fromMs: atMs - ms, toMs: atMs });
    const samples = alarmQualitySamples({
      ...{ atMs, recent: since(10 * MINUTE_MS), day: since(DAY_MS) },
      stale: alerts.active().filter(({ startedAtMs }) => startedAtMs < atMs - DAY_MS).length,
      peopleOnCall: peopleOnCall(atMs),
    });
    own.write(samples);
  };
  return {
    shared: {},
    jobs: [
      { name: 'coverage', everyMs: LOOK_MS, run: () => coverage.look() },
      { name: 'alarm quality', everyMs: MINUTE_MS, run: writeAlarmQuality },
    ],
  };
}
