import { severityRank, type Severity } from '../rules/severity.ts';
import type { Incident, OpenAlert } from './incident.ts';
import type { Placing } from './placing.ts';

/** A time in which a service of the city was down. */
export interface Failure {
  /** What it came from, such as `link:up-1`. */
  readonly roots: readonly string[];
  /** Unix ms. */
  readonly fromMs: number;
}

export interface PastFailureDeps {
  readonly placing: Pick<Placing, 'isEcho' | 'rootsFor'>;
  /** Open incidents. */
  readonly byRoot: ReadonlyMap<string, Incident>;
  /** The last one that is over; undefined: there was none lately. */
  readonly lastFailureOf: (service: string, nowMs: number) => Failure | undefined;
  /** Opens the incident again that had one of these roots and ended last, and since then, Unix ms; undefined: there is none. */
  readonly reopen: (roots: readonly string[], endedSinceMs: number, nowMs: number) => Incident | undefined;
  /** How grave an alert was that somebody heard of; undefined: nobody did. */
  readonly toldSeverityOf: (alertId: string) => Severity | undefined;
}

/** Where an alert belongs that looks back. */
export interface PastPlace {
  /** undefined: nothing has told of that failure yet. */
  readonly incident: Incident | undefined;
  /** What had failed. */
  readonly root: string;
  /** Nobody has heard of anything as grave: it is told. */
  readonly isNews: boolean;
}

/** Where alerts belong that look back, and begin when what they tell of is over. */
export class PastFailures {
  readonly #deps: PastFailureDeps;

  constructor(deps: PastFailureDeps) {
    this.#deps = deps;
  }

  /** With what took its service down the last time; undefined: it does not look back, or nobody knows that. */
  of(alert: OpenAlert, nowMs: number): PastPlace | undefined {
    const { placing, byRoot, lastFailureOf, reopen } = this.#deps;
    const { service } = alert.facts.entity;
    if (service === undefined || !placing.isEcho(alert)) return undefined;
    const failure = lastFailureOf(service, nowMs);
    const [first] = failure?.roots ?? [];
    if (failure === undefined || first === undefined) return undefined;
    const roots = placing.rootsFor(failure.roots);
    const open = roots.map((root) => byRoot.get(root)).find((incident) => incident !== undefined);
    const incident = open ?? reopen(roots, failure.fromMs, nowMs);
    const isNews = incident === undefined || !this.#isToldOf(alert, incident);
    return { incident, root: incident?.root ?? first, isNews };
  }

  /** Somebody heard of the incident by an alert that is as grave. */
  #isToldOf({ facts }: OpenAlert, { head, face, followed }: Incident): boolean {
    const { toldSeverityOf } = this.#deps;
    const told = [
      head?.facts.severity,
      followed?.severity,
      face.headAlert === undefined ? undefined : toldSeverityOf(face.headAlert),
    ];
    const rank = severityRank(facts.severity);
    return told.some((severity) => severity !== undefined && severityRank(severity) >= rank);
  }
}
