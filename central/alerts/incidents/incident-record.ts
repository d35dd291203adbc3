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

export interface IncidentQuery {
  readonly state?: 'open' | 'ended' | undefined;
  readonly severity?: Severity | undefined;
  readonly unit?: string | undefined;
  readonly root?: string | undefined;
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
