import type { Clock } from '../../../runtime/clock.ts';
import type { AlertView } from '../history/alert.ts';
import type { SuppressibleAlert, Suppression, Suppressor } from './suppression.ts';

/** Why nobody is told of an alert as the API has it; undefined: it is over, somebody was told, or nothing speaks against it. */
export type SuppressionOf = (alert: AlertView) => Suppression | undefined;

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
export function suppressible(alert: AlertView): SuppressibleAlert {
  const { id, rule, entity, severity, agent, unit, site, startedAtMs } = alert;
  return {
    ...{ id, rule, entity, severity, agent, startedAtMs },
    ...(unit !== undefined && { unit }),
    ...(site !== undefined && { site }),
  };
}
