import type { Clock, Random } from '../../../runtime/clock.ts';
import type { Logger } from '../../../runtime/logger.ts';
import type { AlertEngine } from '../../alerts/engine/engine.ts';
import type { IncidentView } from '../../alerts/incidents/incident-view.ts';
import type { Ingest } from '../../ingest/ingest.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Bus } from '../../mqtt/bus.ts';
import type { Notifier } from '../notifier.ts';
import type { NotifySetup } from '../settings/load-notify.ts';
import { Canary } from './canary.ts';

/** Parts that may be made after the canary: it asks them once it runs. */
export interface CanaryParts {
  readonly bus: Pick<Bus, 'publish'>;
  readonly ingest: Pick<Ingest, 'stats' | 'own'>;
  readonly alerts: Pick<AlertEngine, 'deleteCanaries'>;
  readonly incidents: Pick<IncidentView, 'incidentOf'>;
  readonly notifications: Pick<Notifier, 'ofAlert' | 'deleteCanaries'>;
}

export interface CreateCanaryDeps {
  readonly parts: () => CanaryParts;
  readonly ledger: Pick<Ledger, 'isStored'>;
  readonly notify: NotifySetup | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}

const DELIVERIES = 10;

export function createCanary({ parts, ledger, notify, clock, random, log }: CreateCanaryDeps): Canary {
  return new Canary({
    publish: (...message) => parts().bus.publish(...message),
    isStored: (...batch) => ledger.isStored(...batch),
    isStoreThere: () => parts().ingest.stats().storeAvailable,
    isPlaced: (alertId) => parts().incidents.incidentOf(alertId) !== undefined,
    receipts: (alertId) => parts().notifications.ofAlert(alertId, DELIVERIES),
    channels: notify?.channels,
    deleteOld: (beforeMs) => {
      parts().alerts.deleteCanaries(beforeMs);
      parts().notifications.deleteCanaries(beforeMs);
    },
    own: () => parts().ingest.own,
    clock,
    random,
    log,
  });
}
