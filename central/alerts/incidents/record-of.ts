import { foldText } from '../../../runtime/fold-text.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { RuleLookup } from '../rules/rule.ts';
import type { Places } from '../suppression/subjects.ts';
import { countCutOff, unitsOf } from './count-cut-off.ts';
import type { Incident, KnownIncident } from './incident.ts';
import type { IncidentRecord } from './incident-record.ts';
import type { Ending } from './open-incidents.ts';

export interface RecordSources {
  readonly rules: Pick<RuleLookup, 'get'>;
  readonly inventory: Inventory;
  readonly places: Pick<Places, 'nameOf'>;
}

/** An incident as it is to be stored, with the names of today. `ending` undefined: it goes on. Pure. */
export function recordOf(
  incident: Incident,
  ending: Ending | undefined,
  { rules, inventory, places }: RecordSources,
): IncidentRecord {
  const { id, root, face, severity, beganAtMs, alertCount, cutOff } = incident;
  const { rule, headAlert } = face;
  const rootPlace = root === undefined ? undefined : placeOf(root, inventory);
  const unit = rootPlace?.unit ?? face.unit;
  const site = rootPlace?.site ?? face.site;
  const rootName = root === undefined ? undefined : places.nameOf(root);
  const names = rules.get(rule)?.settings.name;
  const unitNames = unit === undefined ? undefined : inventory.units.get(unit);
  const siteName = site === undefined ? undefined : inventory.sites.get(site)?.name;
  const words = [
    ...[root, rootName, rule, names?.en, names?.vi],
    ...[site, siteName, unit, unitNames?.name, unitNames?.nameEn],
  ];
  return {
    id,
    rule,
    severity,
    beganAtMs,
    alertCount,
    cutOff: [...cutOff],
    units: [...new Set([...(unit === undefined ? [] : [unit]), ...unitsOf(cutOff, inventory)])],
    search: foldText(words.filter((word) => word !== undefined).join(' ')),
    ...(root !== undefined && { root, counts: countCutOff(cutOff, inventory) }),
    ...(rootName !== undefined && { rootName }),
    ...(headAlert !== undefined && { headAlert }),
    ...(unit !== undefined && { unit }),
    ...(site !== undefined && { site }),
    ...(ending !== undefined && { endedAtMs: ending.atMs }),
    ...(ending?.mergedInto !== undefined && { mergedInto: ending.mergedInto }),
  };
}

/** An incident as it was stored. Pure. */
export function knownIncident(record: IncidentRecord): KnownIncident {
  const { id, root, beganAtMs, severity, alertCount, cutOff, rule, headAlert, unit, site } = record;
  const face = { headAlert, rule, unit, site };
  return { id, root, beganAtMs, severity, alertCount, face, cutOff: new Set(cutOff) };
}

function placeOf(
  root: string,
  { sites, devices }: Pick<Inventory, 'sites' | 'devices'>,
): { readonly unit?: string; readonly site?: string } | undefined {
  const id = root.slice(root.indexOf(':') + 1);
  const site = root.startsWith('site:') ? sites.get(id) : undefined;
  if (site !== undefined) return { unit: site.unit, site: id };
  return root.startsWith('device:') ? devices.get(id) : undefined;
}
