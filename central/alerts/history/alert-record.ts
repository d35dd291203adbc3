import { createHash } from 'node:crypto';
import type { AlertState } from '../lifecycle/alert-state.ts';
import type { AlertEvent, AlertValue, AlertView } from './alert.ts';
import type { AlertRule } from '../rules/rule.ts';
import type { Severity } from '../rules/severity.ts';
import type { Location } from '../../samples/location.ts';
import { valueText } from './value-text.ts';

/** Level states by severity, so that a rule may gain or lose a level between two runs. */
export type SavedState = Omit<AlertState, 'levels'> & {
  readonly levels: Readonly<Partial<Record<Severity, AlertState['levels'][number]>>>;
};

/** An alert as it is kept in `state.db`. */
export interface AlertRecord {
  readonly id: string;
  readonly rule: string;
  readonly entityKey: string;
  readonly entity: Readonly<Record<string, string>>;
  readonly agent: string;
  readonly place: Location;
  readonly severity: Severity;
  readonly phase: AlertView['phase'];
  readonly startedAtMs: number;
  readonly firedAtMs: number;
  readonly resolvedAtMs: number | undefined;
  readonly value: AlertValue;
  readonly lastValue: AlertValue;
  readonly openedAtMs: number;
  readonly updatedAtMs: number;
  /** Newest sample that was judged. */
  readonly lastSampleMs: number;
  /** What the state machine continues from; undefined once resolved. */
  readonly state: SavedState | undefined;
}

/** A breach that has not lasted `for` yet. */
export interface PendingRecord {
  readonly rule: string;
  readonly entityKey: string;
  readonly entity: Readonly<Record<string, string>>;
  readonly agent: string;
  readonly place: Location;
  readonly value: AlertValue;
  readonly state: SavedState;
}

export interface PendingKey {
  readonly rule: string;
  readonly entityKey: string;
}

/** What one step of one alert leaves on disk; `events` may be empty. */
export interface AlertWrite {
  readonly record: AlertRecord;
  readonly events: readonly AlertEvent[];
}

/** The same alert has the same id wherever and whenever it is worked out: a replay cannot make a second one. */
export function alertId(rule: string, entityKey: string, startedAtMs: number): string {
  const digest = createHash('sha256').update(`${rule}\n${entityKey}\n${startedAtMs}`).digest('hex');
  return `a-${digest.slice(0, 20)}`;
}

export function saveState(state: AlertState, severities: readonly Severity[]): SavedState {
  const levels: Partial<Record<Severity, AlertState['levels'][number]>> = {};
  state.levels.forEach((level, at) => {
    const severity = severities[at];
    if (severity !== undefined && level.phase !== 'off') levels[severity] = level;
  });
  return { ...state, levels };
}

export function restoreState(saved: SavedState, severities: readonly Severity[]): AlertState {
  return {
    ...saved,
    levels: severities.map((severity) => saved.levels[severity] ?? { phase: 'off', progressMs: 0 }),
  };
}

/** `rule` is undefined when it is gone; its id then stands for its name. */
export function toView(record: AlertRecord, rule: AlertRule | undefined): AlertView {
  return {
    id: record.id,
    rule: record.rule,
    title: rule?.name ?? { en: record.rule, vi: record.rule },
    action: rule?.action ?? { en: '', vi: '' },
    eventType: rule?.eventType ?? 'processing_error',
    probableCause: rule?.probableCause ?? 'threshold_crossed',
    entity: record.entity,
    ...record.place,
    agent: record.agent,
    severity: record.severity,
    phase: record.phase,
    startedAtMs: record.startedAtMs,
    firedAtMs: record.firedAtMs,
    ...(record.resolvedAtMs !== undefined && { resolvedAtMs: record.resolvedAtMs }),
    value: record.value,
    lastValue: record.lastValue,
    valueText: valueText(rule, record.lastValue),
    openedAtMs: record.openedAtMs,
    updatedAtMs: record.updatedAtMs,
  };
}
