import type { AlertView } from '../history/alert.ts';
import type { SuppressibleAlert } from '../suppression/suppression.ts';

/** What suppression goes by of an alert as the API has it. Pure. */
export function suppressible(alert: AlertView): SuppressibleAlert {
  const { id, rule, entity, severity, agent, unit, site, startedAtMs } = alert;
  return {
    ...{ id, rule, entity, severity, agent, startedAtMs },
    ...(unit !== undefined && { unit }),
    ...(site !== undefined && { site }),
  };
}
