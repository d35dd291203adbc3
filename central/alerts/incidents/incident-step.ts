import type { MemberRelation } from './incident.ts';

/** One line of an incident's timeline; only ever added to. */
export interface IncidentStep {
  readonly incident: string;
  /**
   * `opened` and `ended` of the incident; `joined` and `left` of an alert; `head`: the alert that stands for all of them from now on;
   * `merged`: its last alert has gone to another incident; `reopened`: it had ended, and an alert came that tells of its time.
   */
  readonly kind: (typeof STEP_KINDS)[number];
  readonly alert?: string;
  /** Of `joined`. */
  readonly as?: Joined;
  /** In words: why. */
  readonly reason: string;
  readonly atMs: number;
}

export interface Joined {
  readonly relation: MemberRelation;
  readonly kind: 'parent' | 'power';
  readonly wasTold: boolean;
}

export const STEP_KINDS = ['opened', 'joined', 'left', 'head', 'merged', 'ended', 'reopened'] as const;
