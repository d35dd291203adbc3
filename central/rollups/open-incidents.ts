import type { Sample } from '../../contract/sample.ts';
import type { AlertQueries } from '../alerts/engine/alert-queries.ts';
import type { IncidentRecord } from '../alerts/incidents/incident-record.ts';
import type { Incidents } from '../alerts/incidents/incidents.ts';
import type { RuleLookup } from '../alerts/rules/rule.ts';
import { SEVERITIES, severityRank } from '../alerts/rules/severity.ts';
import { incidentFields } from './incident-sample.ts';
import type { Moment } from './minute-turns.ts';
import { textField } from './state-fields.ts';

export interface OpenIncidentDeps {
  readonly incidents: Pick<Incidents, 'openWithRoot' | 'get'>;
  readonly alerts: { readonly rules: Pick<RuleLookup, 'get'> } & Pick<AlertQueries, 'get'>;
}

/** A city has less; of more the gravest and oldest: a list that is longer says no more. */
const MAX_INCIDENTS = 200;

/** The incidents that are open at this minute, so that a list of them needs no history. */
export function openIncidentSamples(
  { incidents, alerts }: OpenIncidentDeps,
  { atMs, minuteMs }: Moment,
): Sample[] {
  return incidents
    .openWithRoot()
    .flatMap((id) => incidents.get(id) ?? [])
    .toSorted(gravestThenOldest)
    .slice(0, MAX_INCIDENTS)
    .flatMap((record) => {
      const { root, headAlert, severity, beganAtMs } = record;
      if (root === undefined) return [];
      const assignee = headAlert === undefined ? undefined : alerts.get(headAlert)?.assignee;
      const fields = {
        ...incidentFields(record, alerts.rules),
        severity_code: SEVERITIES.length - 1 - severityRank(severity),
        began_at: Math.max(0, beganAtMs),
        open_s: Math.max(0, atMs - beganAtMs) / 1_000,
        ...textField('assignee', assignee ?? ''),
      };
      return [{ measurement: 'incident_active', tags: { root }, fields, timeMs: minuteMs }];
    });
}

function gravestThenOldest(a: IncidentRecord, b: IncidentRecord): number {
  return severityRank(b.severity) - severityRank(a.severity) || a.beganAtMs - b.beganAtMs;
}
