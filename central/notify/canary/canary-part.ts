import type { Clock, Random } from '../../../runtime/clock.ts';
import type { Logger } from '../../../runtime/logger.ts';
import type { AlertEngine } from '../../alerts/engine/engine.ts';
import type { IncidentView } from '../../alerts/incidents/incident-view.ts';
import type { Part } from '../../jobs/part.ts';
import type { Ingest } from '../../ingest/ingest.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Bus } from '../../mqtt/bus.ts';
import type { StateDatabase } from '../../state/database.ts';
import type { Channel } from '../channels/channel.ts';
import type { Notifier } from '../notifier.ts';
import type { NotifySetup } from '../settings/load-notify.ts';
import { Canary } from './canary.ts';
import type { CanaryStanding } from './canary-deps.ts';
import type { Hop } from './hops.ts';
import { openPassRecord } from './pass-record.ts';

/** Parts that may be made after the canary: it asks them once it runs. */
export interface CanaryParts {
  readonly bus: Pick<Bus, 'publish'>;
  readonly ingest: Pick<Ingest, 'stats' | 'own'>;
  readonly alerts: Pick<AlertEngine, 'deleteCanaries'>;
  readonly incidents: Pick<IncidentView, 'incidentOf'>;
  readonly notifications: Pick<Notifier, 'ofAlert' | 'deleteCanaries'>;
}

export interface CanaryPartDeps {
  readonly isOn: boolean;
  readonly parts: () => CanaryParts;
  readonly ledger: Pick<Ledger, 'isStored'>;
  readonly notify: NotifySetup | undefined;
  readonly stalledMs: () => number;
  readonly database: StateDatabase;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}

export interface SharedCanary {
  /** undefined: it does not run. */
  readonly canary: { stats(): CanaryStanding } | undefined;
}

export interface CanaryPart extends Part<SharedCanary> {
  /** Also where it does not run: what has its name is shown to nobody. */
  readonly canary: Canary;
  /** None where it does not run. */
  readonly hops: readonly Hop[];
  readonly sink: Channel | undefined;
}

const SECOND_MS = 1_000;
const DELIVERIES = 10;

export function createCanaryPart(deps: CanaryPartDeps): CanaryPart {
  const { isOn, parts, ledger, notify, stalledMs, database, clock, random, log } = deps;
  const canary = new Canary({
    publish: (...message) => parts().bus.publish(...message),
    isStored: (...batch) => ledger.isStored(...batch),
    isStoreThere: () => parts().ingest.stats().storeAvailable,
    isPlaced: (alertId) => parts().incidents.incidentOf(alertId) !== undefined,
    receipts: (alertId) => parts().notifications.ofAlert(alertId, DELIVERIES),
    channels: notify?.channels,
    stalledMs,
    passes: openPassRecord(database),
    deleteOld: (beforeMs) => {
      parts().alerts.deleteCanaries(beforeMs);
      parts().notifications.deleteCanaries(beforeMs);
    },
    own: () => parts().ingest.own,
    clock,
    random,
    log,
  });
  if (!isOn) return { canary, hops: [], sink: undefined, shared: { canary: undefined } };
  const startedAtMs = clock.monotonicMs();
  const stats = (): CanaryStanding => ({
    ...canary.stats(),
    sinceStartMs: clock.monotonicMs() - startedAtMs,
  });
  return {
    canary,
    hops: canary.hops,
    sink: canary.sink,
    shared: { canary: { stats } },
    jobs: [{ name: 'canary', everyMs: SECOND_MS, run: () => canary.tick() }],
    end: { name: 'canary', run: () => canary.stop() },
  };
}
