import type { Clock } from '../../../runtime/clock.ts';
import type { AlertView } from '../history/alert.ts';
import type { SuppressibleAlert, Suppression, Suppressor } from './suppression.ts';

/** Of an alert what suppression goes by. */
export type SuppressibleView = Pick<
  AlertView,
  'id' | 'rule' | 'entity' | 'severity' | 'agent' | 'unit' | 'site' | 'startedAtMs' | 'resolvedAtMs'
>;

/** Why nobody is told of an alert as the API has it; undefined: it is over, somebody was told, or nothing speaks against it. */
export type SuppressionOf = (alert: SuppressibleView) => Suppression | undefined;

export interface SuppressedAlertsDeps {
  readonly suppressor: Suppressor;
  readonly wasTold: (alertId: string) => boolean;
  readonly clock: Pick<Clock, 'now'>;
}

export function suppressedAlerts({ suppressor, wasTold, clock }: SuppressedAlertsDeps): SuppressionOf {
  return (alert) => {
    if (alert.resolvedAtMs !== undefined) return undefined;
    const suppression = suppressor.suppressionOf(suppressible(alert), clock.now());
    return suppression === undefined || wasTold(alert.id) ? undefined : suppression;
  };
}

/** What suppression goes by. Pure. */
export function suppressible(alert: SuppressibleView): SuppressibleAlert {
  const { id, rule, entity, severity, agent, unit, site, startedAtMs } = alert;
  return {
    ...{ id, rule, entity, severity, agent, startedAtMs },
    ...(unit !== undefined && { unit }),
    ...(site !== undefined && { site }),
  };
}
