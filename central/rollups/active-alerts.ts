import type { Sample } from '../../contract/sample.ts';
import type { AlertQueries } from '../alerts/engine/alert-queries.ts';
import type { AlertRecord } from '../alerts/history/alert-record.ts';
import type { AlertRule } from '../alerts/rules/rule.ts';
import { SEVERITIES, severityRank, type Severity } from '../alerts/rules/severity.ts';
import type { Places } from '../alerts/suppression/subjects.ts';
import { resourceOf } from './alert-resource.ts';
import { textField } from './state-fields.ts';
import type { Moment } from './minute-turns.ts';

/** Of the city or one unit. */
export interface AlertCounts {
  readonly severities: Record<Severity, number>;
  unacknowledged: number;
}

/** Those of one rule and severity in one unit. */
interface AlertGroup {
  readonly rule: AlertRule;
  readonly severity: Severity;
  readonly unit: string | undefined;
  alerts: number;
  unacknowledged: number;
  oldest: AlertRecord;
}

/** The alerts that are not over, counted once for all that is made of them. */
export interface ActiveAlerts {
  readonly city: AlertCounts;
  /** By code; those without any are left out. */
  readonly units: ReadonlyMap<string, AlertCounts>;
  readonly groups: readonly AlertGroup[];
}

interface Named {
  /** By code. */
  readonly units: ReadonlyMap<string, { readonly name: string }>;
}

/** Of groups, the gravest and oldest: a list that is longer says no more. */
const MAX_GROUPS = 1_000;

export function countActiveAlerts(alerts: Pick<AlertQueries, 'visitActive'>): ActiveAlerts {
  const city = noAlerts();
  const units = new Map<string, AlertCounts>();
  const groups = new Map<string, AlertGroup>();
  alerts.visitActive((alert, rule) => {
    const { unit, severity } = alert;
    const isOpen = alert.acknowledgement === undefined;
    add(city, severity, isOpen);
    if (unit !== undefined) {
      let counts = units.get(unit);
      if (counts === undefined) units.set(unit, (counts = noAlerts()));
      add(counts, severity, isOpen);
    }
    const key = `${rule.id} ${severity} ${unit ?? ''}`;
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, { rule, severity, unit, alerts: 1, unacknowledged: isOpen ? 1 : 0, oldest: alert });
      return;
    }
    group.alerts++;
    if (isOpen) group.unacknowledged++;
    if (isOlder(alert, group.oldest)) group.oldest = alert;
  });
  return { city, units, groups: [...groups.values()] };
}

/** Pure. `severity_code` counts from the gravest. */
export function activeAlertSamples(
  groups: readonly AlertGroup[],
  { places, inventory }: { readonly places: Places; readonly inventory: Named },
  { atMs, minuteMs }: Moment,
): Sample[] {
  return groups
    .toSorted(gravestThenOldest)
    .slice(0, MAX_GROUPS)
    .map(({ rule, severity, unit, alerts, unacknowledged, oldest }) => ({
      measurement: 'alert_active',
      tags: { rule: rule.id, severity, ...(unit !== undefined && { unit }) },
      fields: {
        alerts_count: alerts,
        unacknowledged_count: unacknowledged,
        oldest_s: Math.max(0, atMs - oldest.firedAtMs) / 1_000,
        severity_code: SEVERITIES.length - 1 - severityRank(severity),
        ...textField('title', rule.settings.name.en),
        ...textField('title_vi', rule.settings.name.vi),
        ...textField('unit_name', unitName(inventory, unit)),
        alert_id: oldest.id,
        ...textField('resource', resourceOf(oldest, places).resource ?? ''),
        ...textField('assignee', oldest.assignee ?? ''),
      },
      timeMs: minuteMs,
    }));
}

function unitName({ units }: Named, unit = ''): string {
  return units.get(unit)?.name ?? unit;
}

/** Pure. As `unit_state` and `city_state` have them. */
export function alertFields({ severities, unacknowledged }: AlertCounts): Readonly<Record<string, number>> {
  return {
    alerts_critical: severities.critical,
    alerts_major: severities.major,
    alerts_minor: severities.minor,
    alerts_warning: severities.warning,
    alerts_unacknowledged: unacknowledged,
  };
}

export function noAlerts(): AlertCounts {
  return { severities: { critical: 0, major: 0, minor: 0, warning: 0 }, unacknowledged: 0 };
}

function add(counts: AlertCounts, severity: Severity, isOpen: boolean): void {
  counts.severities[severity]++;
  if (isOpen) counts.unacknowledged++;
}

function gravestThenOldest(a: AlertGroup, b: AlertGroup): number {
  return severityRank(b.severity) - severityRank(a.severity) || (isOlder(a.oldest, b.oldest) ? -1 : 1);
}

function isOlder(one: AlertRecord, other: AlertRecord): boolean {
  return one.firedAtMs < other.firedAtMs || (one.firedAtMs === other.firedAtMs && one.id < other.id);
}
