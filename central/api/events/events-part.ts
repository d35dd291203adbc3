import type { Clock, Random } from '../../../runtime/clock.ts';
import type { HistoryEntry, Rollout } from '../../agent-config/rollout/rollout.ts';
import type { ConfigStanding } from '../../agent-config/standing.ts';
import type { AlertEvent, AlertView } from '../../alerts/history/alert.ts';
import type { Part } from '../../jobs/part.ts';
import type { PhaseChange } from '../../liveness/phase-log.ts';
import type { Location } from '../../samples/location.ts';
import { agentEvent, alertEvent, configEvent, rolloutEvent } from './city-events.ts';
import { EventLog } from './event-log.ts';

export interface EventsPartDeps {
  readonly locationOf: (agent: string) => Location;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Random;
}

/** What each part of central tells of. States are told by `tellStates`. */
export interface EventsPart extends Part<{ readonly events: EventLog }> {
  readonly onAlert: (alert: AlertView, event: AlertEvent) => void;
  readonly onAgent: (change: PhaseChange) => void;
  readonly onConfig: (agent: string, standing: ConfigStanding) => void;
  readonly onRollout: (rollout: Rollout, entry: HistoryEntry) => void;
}

/** Some hundred bytes each, kilobytes at most; a cut of the whole city is one for each element. */
const EVENTS_KEPT = 20_000;

export function createEventsPart({ locationOf, clock, random }: EventsPartDeps): EventsPart {
  const run = Math.floor(random() * 2 ** 32)
    .toString(16)
    .padStart(8, '0');
  const events = new EventLog({ capacity: EVENTS_KEPT, run, nowMs: clock.now() });
  return {
    shared: { events },
    onAlert: (alert, event) => events.append(alertEvent(alert, event)),
    onAgent: (change) => events.append(agentEvent(change)),
    onRollout: (rollout, entry) => events.append(rolloutEvent(rollout, entry)),
    onConfig: (agent, standing) =>
      events.append(configEvent(agent, standing, locationOf(agent), clock.now())),
  };
}
