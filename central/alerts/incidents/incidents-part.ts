import type { CityStates } from '../../health/states/city-states.ts';
import type { Part } from '../../jobs/part.ts';
import type { AlertEngine } from '../engine/engine.ts';
import type { Severity } from '../rules/severity.ts';
import { suppressedAlerts, type SuppressionOf } from '../suppression/suppressed-alerts.ts';
import { firstSuppression, type SuppressibleAlert, type Suppressor } from '../suppression/suppression.ts';
import { createIncidents, INCIDENTS_KEPT_MS, type Incidents, type IncidentsDeps } from './incidents.ts';

export interface IncidentsPartDeps extends Omit<
  IncidentsDeps,
  'rules' | 'states' | 'alertOf' | 'wasTold' | 'toldSeverityOf' | 'willBeTold'
> {
  readonly alerts: Pick<AlertEngine, 'rules' | 'get'>;
  readonly states: CityStates;
  /** What people keep quiet; asked first. */
  readonly suppressors: readonly Suppressor[];
  readonly telling: {
    /** Somebody heard of the alert. */
    readonly wasTold: (alertId: string) => boolean;
    /** How grave an alert was that somebody heard of, also one that is over; undefined: nobody did. */
    readonly toldSeverityOf: (alertId: string) => Severity | undefined;
    /** Somebody heard of it, or will, if nothing suppresses it. */
    readonly willHear: (alert: SuppressibleAlert) => boolean;
  };
  /** Before when what is kept for so long may be deleted; undefined: nothing may be. */
  readonly deleteBeforeMs: (keptMs: number) => number | undefined;
}

export interface SharedIncidents {
  readonly incidents: Incidents;
  /** Why nobody is told of an alert at present. */
  readonly suppression: Suppressor;
  readonly suppressionOf: SuppressionOf;
}

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;

/** What alerts have in common, and why nobody is told of one. */
export function createIncidentsPart(deps: IncidentsPartDeps): Part<SharedIncidents> {
  const { alerts, states, telling, deleteBeforeMs, clock } = deps;
  const byPeople = firstSuppression(deps.suppressors);
  const incidents = createIncidents({
    ...deps,
    rules: alerts.rules,
    alertOf: (id) => alerts.get(id),
    wasTold: telling.wasTold,
    toldSeverityOf: telling.toldSeverityOf,
    willBeTold: (alert) =>
      telling.wasTold(alert.id) ||
      (byPeople.suppressionOf(alert, clock.now()) === undefined && telling.willHear(alert)),
  });
  states.onChange((changes) => incidents.noteStates(changes.map(({ ref }) => ref)));
  const suppression = firstSuppression([byPeople, ...incidents.suppressors]);
  return {
    shared: {
      incidents,
      suppression,
      suppressionOf: suppressedAlerts({ suppressor: suppression, wasTold: telling.wasTold, clock }),
    },
    jobs: [
      { name: 'incidents', everyMs: SECOND_MS, run: () => incidents.tick() },
      {
        name: 'old incidents',
        everyMs: HOUR_MS,
        run: () => {
          const beforeMs = deleteBeforeMs(INCIDENTS_KEPT_MS);
          if (beforeMs !== undefined) incidents.deleteOld(beforeMs);
        },
      },
    ],
  };
}
