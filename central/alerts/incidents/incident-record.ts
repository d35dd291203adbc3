import type { Severity } from '../rules/severity.ts';
import type { IncidentCounts } from './incident-view.ts';

/** An incident as it is stored in `state.db`. */
export interface IncidentRecord {
  readonly id: string;
  readonly root?: string;
  readonly rootName?: string;
  readonly headAlert?: string;
  /** Of the head, else of the first alert. */
  readonly rule: string;
  readonly severity: Severity;
  readonly beganAtMs: number;
  readonly endedAtMs?: number;
  readonly mergedInto?: string;
  readonly unit?: string;
  readonly site?: string;
  /** Codes of all in which something is cut off, its own among them. */
  readonly units: readonly string[];
  readonly alertCount: number;
  readonly counts?: IncidentCounts;
  /** What was cut off because of the root, such as `site:s-1`. */
  readonly cutOff: readonly string[];
  /** What a search looks in: names, folded. */
  readonly search: string;
}

/** A part of the city. */
export interface IncidentScope {
  readonly units: ReadonlySet<string>;
  /** Such as `site:hub-03`. */
  readonly refs: ReadonlySet<string>;
}

/** Whether an incident has to do with it: what is down, or cut off. Pure. */
export function isIncidentWithin(
  { units, root, site, cutOff }: Pick<IncidentRecord, 'units' | 'root' | 'site' | 'cutOff'>,
  scope: IncidentScope,
): boolean {
  const refs = [...(root === undefined ? [] : [root]), ...(site === undefined ? [] : [`site:${site}`])];
  return (
    units.some((unit) => scope.units.has(unit)) || [...refs, ...cutOff].some((ref) => scope.refs.has(ref))
  );
}

export interface IncidentQuery {
  readonly state?: 'open' | 'ended' | undefined;
  readonly severity?: Severity | undefined;
  readonly unit?: string | undefined;
  readonly root?: string | undefined;
  /** Only those that have to do with one of these units, or with one of these things, such as `site:hub-03`. */
  readonly within?: IncidentScope | undefined;
  /** Began since, or still open; Unix ms. */
  readonly sinceMs?: number | undefined;
  /** Folded. */
  readonly search?: string | undefined;
  readonly order: IncidentOrder;
  readonly limit: number;
  /** Id of the last one of the page before. */
  readonly cursor?: string | undefined;
}

/** `severity`: the gravest first, of one severity the newest. */
export const INCIDENT_ORDERS = ['newest', 'oldest', 'severity'] as const;
export type IncidentOrder = (typeof INCIDENT_ORDERS)[number];
