import { z } from 'zod';
import { unixMs } from '../../../runtime/unix-ms.ts';
import { SEVERITIES, type Severity } from '../rules/severity.ts';
import type { SuppressibleAlert } from '../suppression/suppression.ts';

/**
 * What is silent or unreachable is told of by its root. So long an alert waits whose root may not be known yet: three intervals of ten
 * seconds until agents are missed, and what they have in common is found within as long again.
 */
export const PARENT_WINDOW_MS = 30_000;

const count = z.int().min(0);

/** What is cut off because of an incident's root, itself included. */
export const incidentCountsSchema = z.object({
  devices: count.describe('cut off'),
  sites: count.describe('cut off'),
  units: count.describe('with something cut off'),
  services: count.describe('of the city, cut off or degraded'),
});
export type IncidentCounts = Readonly<z.infer<typeof incidentCountsSchema>>;

/** What an alert belongs to, in short: a message names it. */
export interface IncidentOfAlert {
  readonly id: string;
  /** Such as site:hub-03; undefined: nothing behind it is known, it is the alert itself. */
  readonly root: string | undefined;
  /** The name of the root in the inventory, else its id. */
  readonly rootName: string | undefined;
  /** The alert that stands for all of it; undefined: the root's own alert is awaited. */
  readonly headAlertId: string | undefined;
  /** The gravest of its alerts so far. */
  readonly severity: Severity;
  /** Alerts in it that are not over, the head among them. */
  readonly openAlerts: number;
  /** Of them, those that nobody is told of because of the head. */
  readonly suppressedAlerts: number;
  /** undefined: the root is not known. */
  readonly counts: IncidentCounts | undefined;
  readonly beganAtMs: number;
}

/** Where something is cut off because of an incident's root, whose it is, and the services that lose by it. */
export interface CutOffPlaces {
  /** Codes. */
  readonly units: ReadonlySet<string>;
  readonly sites: ReadonlySet<string>;
  readonly agencies: ReadonlySet<string>;
  readonly services: ReadonlySet<string>;
}

/** An alert that stands for all that hang on a root. */
export interface IncidentHead {
  /** Such as site:hub-03. */
  readonly root: string;
  readonly alert: SuppressibleAlert;
  /** The same object until the incident grows. */
  readonly cutOff: CutOffPlaces;
  /** Other open alerts about the root that somebody was told of. */
  readonly othersTold: () => readonly SuppressibleAlert[];
}

/** What messages read of incidents. */
export interface IncidentView {
  /** undefined: it is in none (yet): a finding, or its root is awaited. */
  incidentOf(alertId: string): IncidentOfAlert | undefined;
  /** Its root, or an alert that says more of it, may become known within its first `PARENT_WINDOW_MS`: nobody should be told before. */
  awaitsRoot(alert: SuppressibleAlert, nowMs: number): boolean;
  /** Of all open incidents whose root is known and that have an alert to tell of. */
  heads(): readonly IncidentHead[];
  /** Ids of the open alerts of its incident, itself among them, if the root of that is known. */
  openWith(alertId: string): readonly string[];
}

/** An incident as the API lists it. Times are central's own, Unix ms. */
export const incidentSchema = z.object({
  id: z.string(),
  root: z.string().exactOptional().describe('what is down or cut, such as site:hub-03'),
  rootName: z.string().exactOptional(),
  headAlert: z.string().exactOptional().describe('id of the alert that is told for all of them'),
  title: z.object({ en: z.string(), vi: z.string() }).describe("the title of the head alert's rule"),
  severity: z.enum(SEVERITIES).describe('the gravest of its alerts'),
  beganAtMs: unixMs,
  endedAtMs: unixMs.exactOptional().describe('when the root and all its alerts were over'),
  mergedInto: z.string().exactOptional().describe('the incident that it turned out to be part of'),
  unit: z.string().exactOptional(),
  site: z.string().exactOptional(),
  alerts: count.describe('all that belonged to it'),
  openAlerts: count,
  suppressedAlerts: count.describe('nobody was told of them because of the head'),
  counts: incidentCountsSchema.exactOptional(),
  handling: z
    .object({
      assignee: z.string().exactOptional().describe('who is to see to one of its open alerts'),
      acknowledgedBy: z.string().exactOptional().describe('who has seen one of its open alerts'),
    })
    .exactOptional()
    .describe('who has it, by any of its open alerts and not by the head alone; not there: nobody'),
});
export type IncidentSummary = Readonly<z.infer<typeof incidentSchema>>;
