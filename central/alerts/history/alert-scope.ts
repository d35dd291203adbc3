import type { SqlValue } from '../../state/database.ts';

/** A part of the city: alerts in these units, and those about any of the others. */
export interface AlertScope {
  readonly units: ReadonlySet<string>;
  readonly sites: ReadonlySet<string>;
  readonly devices: ReadonlySet<string>;
  readonly agents: ReadonlySet<string>;
  readonly links: ReadonlySet<string>;
  readonly services: ReadonlySet<string>;
}

/** Which tags of an alert name what. */
const TAGS = [
  ['device', 'devices'],
  ['host', 'devices'],
  ['agent', 'agents'],
  ['link', 'links'],
  ['service', 'services'],
] as const satisfies readonly (readonly [string, keyof AlertScope])[];

/** What an alert is about. */
export interface Whereabouts {
  readonly unit?: string | undefined;
  readonly site?: string | undefined;
  readonly entity: Readonly<Record<string, string>>;
}

/** Pure; the same as `scopeCondition`. */
export function isInScope({ unit, site, entity }: Whereabouts, scope: AlertScope): boolean {
  if (unit !== undefined && scope.units.has(unit)) return true;
  if (site !== undefined && scope.sites.has(site)) return true;
  return TAGS.some(([tag, list]) => {
    const named = entity[tag];
    return named !== undefined && scope[list].has(named);
  });
}

/** Of table `alert`. Pure. */
export function scopeCondition(scope: AlertScope): { readonly sql: string; readonly values: SqlValue[] } {
  const among = 'IN (SELECT value FROM json_each(?))';
  const conditions = [
    ['unit', scope.units],
    ['site', scope.sites],
    ...TAGS.map(([tag, list]) => [`json_extract(entity, '$.${tag}')`, scope[list]] as const),
  ] as const;
  const used = conditions.filter(([, ids]) => ids.size > 0);
  if (used.length === 0) return { sql: '0', values: [] };
  return {
    sql: `(${used.map(([column]) => `${column} ${among}`).join(' OR ')})`,
    values: used.map(([, ids]) => JSON.stringify([...ids])),
  };
}
