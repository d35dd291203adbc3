import type { Text } from '../../../contract/catalogue.ts';
import type { Severity } from '../rules/severity.ts';
import type { EventKind } from '../lifecycle/transition.ts';
import type { EventType, ProbableCause } from '../rules/x733.ts';

export type AlertValue = number | string | boolean;

/** An alert that fired. All times are Unix ms; those of its life are sample times, not arrival. */
export interface AlertView {
  readonly id: string;
  readonly rule: string;
  readonly title: Text;
  readonly action: Text;
  readonly eventType: EventType;
  readonly probableCause: ProbableCause;
  /** The tags of its identity. */
  readonly entity: Readonly<Record<string, string>>;
  /** Code of the ward, commune or special zone, where the sample named it. */
  readonly unit?: string;
  readonly site?: string;
  /** Whose sample began it. */
  readonly agent: string;
  readonly severity: Severity;
  readonly phase: 'firing' | 'recovering' | 'resolved';
  readonly startedAtMs: number;
  readonly firedAtMs: number;
  readonly resolvedAtMs?: number;
  /** When it fired, and as last recorded. */
  readonly value: AlertValue;
  readonly lastValue: AlertValue;
  /** The last value with its unit, such as `97.2 %`. */
  readonly valueText: string;
  /** By central's clock: recorded first, changed last. */
  readonly openedAtMs: number;
  readonly updatedAtMs: number;
}

/** One line of an alert's timeline; never changed afterwards. */
export interface AlertEvent {
  readonly kind: EventKind;
  readonly phase: 'pending' | AlertView['phase'];
  readonly severity: Severity;
  readonly value: AlertValue;
  /** Sample time. */
  readonly atMs: number;
  /** By central's clock. */
  readonly recordedAtMs: number;
}

export interface AlertDetail extends AlertView {
  /** Oldest first, at most the newest 1,000. */
  readonly timeline: readonly AlertEvent[];
}

export interface AlertQuery {
  /** `active` is `firing` or `recovering`. */
  readonly state?: 'active' | AlertView['phase'];
  readonly severity?: Severity;
  /** Unit code. */
  readonly unit?: string;
  readonly limit: number;
  /** `nextCursor` of the page before: the id of its last alert. */
  readonly cursor?: string;
}

/** Newest first. */
export interface AlertPage {
  readonly items: readonly AlertView[];
  readonly nextCursor?: string;
}

/** Announced after it was recorded, once. */
export interface AlertTransition {
  readonly alert: AlertView;
  readonly event: AlertEvent;
}
