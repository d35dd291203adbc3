import type { Fault } from '../../simulators/city/faults.ts';
import { listedFaults } from '../../simulators/city/faults.ts';
import type { Scenario } from '../../simulators/scenarios/scenario.ts';
import { CENTRAL_TARGET } from '../../simulators/staging/central-effects.ts';
import type { Disturbances } from '../run-city.ts';

const SECOND_MS = 1_000;
/** Enough to be told of, and too little for anything to be deleted. */
const USUAL_AHEAD_S = 600;

/** What happens at central and to clocks, and what people have planned. Pure. */
export function disturbancesOf({ fromMs, maintenance }: Scenario, faults: readonly Fault[]): Disturbances {
  const listed = listedFaults(faults);
  const atCentral = (kind: Fault['kind']) => listed.track(kind, CENTRAL_TARGET);
  const away = atCentral('central_store_away');
  const paused = atCentral('central_paused');
  const ahead = atCentral('central_clock_wrong');
  const clocks = new Map(
    faults
      .filter(({ kind }) => kind === 'gateway_clock_wrong')
      .map(({ target }) => [target, listed.track('gateway_clock_wrong', target)]),
  );
  const aheadMs = (fault: Fault | undefined): number =>
    fault === undefined ? 0 : (fault.amount ?? USUAL_AHEAD_S) * SECOND_MS;
  return {
    isStoreAway: (timeMs) => away.at(timeMs) !== undefined,
    isPaused: (timeMs) => paused.at(timeMs) !== undefined,
    centralAheadMs: (timeMs) => aheadMs(ahead.at(timeMs)),
    agentAheadMs: (agent, timeMs) => aheadMs(clocks.get(agent)?.at(timeMs)),
    maintenance: maintenance.map(({ covers, withDependents, begin, length }) => ({
      ...{ covers, withDependents, reason: 'planned work', approvedBy: 'rehearsal' },
      schedule: { repeats: 'once', startsAtMs: fromMs + begin, endsAtMs: fromMs + begin + length },
    })),
  };
}
