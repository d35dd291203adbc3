import type { FieldValue, Sample } from '../../contract/sample.ts';
import type { IncidentRecord } from '../alerts/incidents/incident-record.ts';
import type { RuleLookup } from '../alerts/rules/rule.ts';
import { definedFields } from './defined-fields.ts';
import { textField } from './state-fields.ts';

/** Pure. An incident as one point at its begin; undefined: it has no root, it is an alert by itself. */
export function incidentSample(record: IncidentRecord, rules: Pick<RuleLookup, 'get'>): Sample | undefined {
  const { root, beganAtMs, endedAtMs, mergedInto } = record;
  if (root === undefined) return undefined;
  return {
    measurement: 'incident',
    tags: { root },
    fields: {
      ...incidentFields(record, rules),
      open: endedAtMs === undefined,
      merged: mergedInto !== undefined,
      // One can be reopened, and a store keeps of a field what was written last.
      ended_at: endedAtMs ?? 0,
    },
    timeMs: beganAtMs,
  };
}

/** Pure. What both kinds of rows about it have alike. */
export function incidentFields(
  { id, root, rootName, rule, severity, alertCount, counts }: IncidentRecord,
  rules: Pick<RuleLookup, 'get'>,
): Record<string, FieldValue> {
  const title = rules.get(rule)?.settings.name ?? { en: rule, vi: rule };
  return {
    incident_id: id,
    ...textField('root_name', rootName ?? root ?? ''),
    ...textField('title', title.en),
    ...textField('title_vi', title.vi),
    severity,
    alerts_count: alertCount,
    ...definedFields({
      units_count: counts?.units,
      sites_count: counts?.sites,
      devices_count: counts?.devices,
      services_count: counts?.services,
    }),
  };
}
