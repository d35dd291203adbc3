import type { AlertEngine } from '../../alerts/engine/engine.ts';
import { unitsOf } from '../../alerts/incidents/count-cut-off.ts';
import type { IncidentRecord } from '../../alerts/incidents/incident-record.ts';
import type { IncidentCounts, IncidentSummary } from '../../alerts/incidents/incident-view.ts';
import type { Incidents } from '../../alerts/incidents/incidents.ts';
import type { SuppressionOf } from '../../alerts/suppression/suppressed-alerts.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { Reach } from '../limits/reach.ts';
import type { IncidentHandling } from './incident-handling.ts';

export interface IncidentSummaryDeps {
  readonly incidents: Pick<Incidents, 'members' | 'openCounts'>;
  readonly alerts: Pick<AlertEngine, 'list' | 'rules'>;
  readonly suppressionOf: SuppressionOf;
  readonly inventory: Pick<Inventory, 'sites' | 'devices'>;
}

type AlertCounts = Pick<IncidentSummary, 'alerts' | 'openAlerts' | 'suppressedAlerts'>;

/** Of one incident, of a limited token; a storm that has more in one place is over 1,000 for whoever looks. */
const MAX_COUNTED = 1_000;
/** Nobody is told of such an alert because of what it hangs on. */
const BEHIND_A_ROOT: ReadonlySet<string> = new Set(['parent', 'power']);

interface Seen {
  /** Counts what is the caller's own alone; undefined: everything. */
  readonly reach: Reach | undefined;
  /** By incident. */
  readonly handling: ReadonlyMap<string, IncidentHandling>;
}

export function incidentSummary(
  record: IncidentRecord,
  deps: IncidentSummaryDeps,
  { reach, handling }: Seen,
): IncidentSummary {
  const who = handling.get(record.id);
  const { rule, units: _units, cutOff: _cutOff, search: _search, alertCount, counts, ...shown } = record;
  return {
    ...shown,
    title: deps.alerts.rules.get(rule)?.settings.name ?? { en: rule, vi: rule },
    ...(reach === undefined ? allAlerts(record, deps) : ownAlerts(record, deps, reach)),
    ...(counts !== undefined && {
      counts: reach === undefined ? counts : ownCounts(ownCutOff(record, reach), deps),
    }),
    ...(who !== undefined && { handling: who }),
  };
}

/** Only what is the caller's own. */
export function ownCutOff(
  { cutOff }: Pick<IncidentRecord, 'cutOff'>,
  reach: Reach | undefined,
): readonly string[] {
  return reach === undefined ? cutOff : cutOff.filter((ref) => reach.incidents.refs.has(ref));
}

function allAlerts({ id, alertCount }: IncidentRecord, { incidents }: IncidentSummaryDeps): AlertCounts {
  const { open, suppressed } = incidents.openCounts(id);
  return { alerts: alertCount, openAlerts: open, suppressedAlerts: suppressed };
}

function ownAlerts(
  { id }: IncidentRecord,
  { incidents, alerts, suppressionOf }: IncidentSummaryDeps,
  reach: Reach,
): AlertCounts {
  const members = incidents.members(id, MAX_COUNTED);
  const among = members.map(({ alert }) => alert);
  const own =
    among.length === 0 ? [] : alerts.list({ among, limit: MAX_COUNTED, within: reach.alerts }).items;
  const here = new Set(members.flatMap(({ alert, leftAtMs }) => (leftAtMs === undefined ? [alert] : [])));
  const open = own.filter((alert) => here.has(alert.id) && alert.resolvedAtMs === undefined);
  const suppressed = open.filter((alert) => BEHIND_A_ROOT.has(suppressionOf(alert)?.kind ?? ''));
  return { alerts: own.length, openAlerts: open.length, suppressedAlerts: suppressed.length };
}

function ownCounts(cutOff: readonly string[], { inventory }: IncidentSummaryDeps): IncidentCounts {
  const countOf = (kind: string): number => cutOff.filter((ref) => ref.startsWith(`${kind}:`)).length;
  return {
    devices: countOf('device'),
    sites: countOf('site'),
    services: countOf('service'),
    units: [...unitsOf(cutOff, inventory)].length,
  };
}
