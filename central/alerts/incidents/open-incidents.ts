import { createHash } from 'node:crypto';
import type { SuppressibleAlert } from '../suppression/suppression.ts';
import { severityRank, type Severity } from '../rules/severity.ts';
import type { Face, Incident, OpenAlert } from './incident.ts';
import type { IncidentStep } from './incident-step.ts';

export interface Ending {
  readonly atMs: number;
  readonly mergedInto?: string;
}

/** What has to be written. */
export interface BookChanges {
  /** As they are now; those that are over among them. */
  readonly incidents: ReadonlyMap<Incident, Ending | undefined>;
  readonly steps: readonly IncidentStep[];
}

/** The incidents that are open, each root with one, and what of them has changed since it was taken. */
export class OpenIncidents {
  readonly #incidents = new Set<Incident>();
  readonly #byRoot = new Map<string, Incident>();
  /** Who is in them, or how grave they are, has changed. */
  readonly #touched = new Set<Incident>();
  #changed = new Map<Incident, Ending | undefined>();
  #steps: IncidentStep[] = [];

  get all(): ReadonlySet<Incident> {
    return this.#incidents;
  }

  get byRoot(): ReadonlyMap<string, Incident> {
    return this.#byRoot;
  }

  /** One that was open before central started. */
  restore(incident: Incident): void {
    this.#add(incident);
    this.#touched.add(incident);
  }

  begin(root: string | undefined, { facts }: OpenAlert, nowMs: number): Incident {
    const incident: Incident = {
      id: incidentId(root, facts.id, nowMs),
      root,
      beganAtMs: nowMs,
      head: undefined,
      face: faceOf(facts, undefined),
      headlessSinceMs: nowMs,
      askedAtMs: -Infinity,
      closing: undefined,
      followed: undefined,
      severity: facts.severity,
      members: new Set(),
      alertCount: 0,
      cutOff: new Set(),
    };
    this.#add(incident);
    this.record(incident, 'opened', root === undefined ? 'an alert by itself' : `root ${root}`, nowMs);
    return incident;
  }

  end(incident: Incident, ending: Ending): void {
    this.#incidents.delete(incident);
    if (incident.root !== undefined && this.#byRoot.get(incident.root) === incident)
      this.#byRoot.delete(incident.root);
    this.#changed.set(incident, ending);
  }

  raise(incident: Incident, severity: Severity): void {
    if (severityRank(severity) <= severityRank(incident.severity)) return;
    incident.severity = severity;
    this.touch(incident);
  }

  touch(incident: Incident): void {
    if (!this.#incidents.has(incident)) return;
    this.#touched.add(incident);
    this.#changed.set(incident, undefined);
  }

  /** Nothing of it has changed, but what is told of it may have. */
  lookAgain(incident: Incident): void {
    if (this.#incidents.has(incident)) this.#touched.add(incident);
  }

  isTouched(incident: Incident): boolean {
    return this.#touched.has(incident);
  }

  clearTouched(): void {
    this.#touched.clear();
  }

  /** More of what is behind the root was cut off. */
  noteCutOff(incident: Incident, refs: Iterable<string>): void {
    const before = incident.cutOff.size;
    for (const ref of refs) incident.cutOff.add(ref);
    if (incident.cutOff.size > before) this.#changed.set(incident, undefined);
  }

  record(
    incident: Incident,
    kind: IncidentStep['kind'],
    reason: string,
    atMs: number,
    alert?: OpenAlert,
  ): void {
    const as = kind === 'joined' ? alert?.place : undefined;
    this.#changed.set(incident, undefined);
    this.#steps.push({
      incident: incident.id,
      kind,
      reason,
      atMs,
      ...(alert !== undefined && { alert: alert.facts.id }),
      ...(as !== undefined && { as: { relation: as.relation, kind: as.kind, wasTold: as.wasTold } }),
    });
  }

  /** What has changed since the last call. */
  takeChanges(): BookChanges {
    const changes = { incidents: this.#changed, steps: this.#steps };
    this.#changed = new Map();
    this.#steps = [];
    return changes;
  }

  #add(incident: Incident): void {
    this.#incidents.add(incident);
    if (incident.root !== undefined) this.#byRoot.set(incident.root, incident);
  }
}

export function faceOf({ rule, unit, site }: SuppressibleAlert, headAlert: string | undefined): Face {
  return { headAlert, rule, unit, site };
}

function incidentId(root: string | undefined, firstAlert: string, atMs: number): string {
  const digest = createHash('sha256')
    .update(`${root ?? ''}\n${firstAlert}\n${atMs}`)
    .digest('hex');
  return `i-${digest.slice(0, 20)}`;
}
