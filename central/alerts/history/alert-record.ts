import { createHash } from 'node:crypto';
import type { Location } from '../../samples/location.ts';
import type { Recent } from '../lifecycle/flapping.ts';
import type { Part, Parts } from '../lifecycle/parts.ts';
import { OFF, type AlertState, type LevelState } from '../lifecycle/alert-state.ts';
import type { AlertRule } from '../rules/rule.ts';
import { SEVERITIES, severityRank, type Severity } from '../rules/severity.ts';
import type { AlertEvent, AlertView } from './alert.ts';
import type { AlertValue } from '../lifecycle/alert-value.ts';
import { valueText } from '../rules/value-text.ts';

/** Level states by severity, so that a rule may gain or lose a level between two runs. */
export type SavedState = Omit<AlertState, 'levels' | 'gapsMs'> & {
  readonly gapsMs?: AlertState['gapsMs'];
  readonly levels: Readonly<Partial<Record<Severity, AlertState['levels'][number]>>>;
  readonly recent?: Recent;
  /** Of several. */
  readonly parts?: readonly (readonly [string, Part])[];
};

/** What a view takes from the rule: not kept with the alert. */
type OfRule = 'title' | 'action' | 'eventType' | 'probableCause' | 'valueText';

/** An alert as it is stored in `state.db`. */
export interface AlertRecord extends Omit<AlertView, OfRule> {
  readonly entityKey: string;
  /** Newest sample that was evaluated. */
  readonly lastSampleMs: number;
  /** What the state machine continues from; undefined once resolved. */
  readonly state?: SavedState | undefined;
  /** What its rule evaluated, without limits. Missing here and in `tags`: an older version wrote it. */
  readonly subject?: string;
  /** All tags of the sample that began it. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** A breach that has not lasted `for` yet; stored as JSON. */
export interface PendingRecord {
  readonly rule: string;
  readonly entityKey: string;
  readonly entity: Readonly<Record<string, string>>;
  readonly agent: string;
  /** Location, under its stored name. */
  readonly place: Location;
  readonly value: AlertValue;
  readonly state: SavedState;
  readonly subject?: string;
  readonly tags?: Readonly<Record<string, string>>;
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

/** Depends on rule, entity and start alone: samples that are sent again cannot make a second alert. */
export function alertId(rule: string, entityKey: string, startedAtMs: number): string {
  const digest = createHash('sha256').update(`${rule}\n${entityKey}\n${startedAtMs}`).digest('hex');
  return `a-${digest.slice(0, 20)}`;
}

export function saveState(
  state: AlertState,
  { recent, parts }: { readonly recent: Recent; readonly parts: Parts },
  severities: readonly Severity[],
): SavedState {
  const levels: Partial<Record<Severity, AlertState['levels'][number]>> = {};
  state.levels.forEach((level, at) => {
    const severity = severities[at];
    if (severity !== undefined && level.phase !== 'off') levels[severity] = level;
  });
  return { ...state, levels, recent, ...(parts.size > 1 && { parts: [...parts] }) };
}

/** A level whose severity the rule no longer has goes on as the nearest that it has, of two the milder. */
export function restoreState(saved: SavedState, severities: readonly Severity[]): AlertState {
  const levels = severities.map(() => OFF);
  for (const severity of SEVERITIES) {
    const level = saved.levels[severity];
    if (level === undefined) continue;
    const at = nearestAt(severities, severity);
    if (isFurther(level, levels[at] ?? OFF)) levels[at] = level;
  }
  // An older version wrote the shortest gap only.
  const { recent, parts, ...state } = saved;
  return { ...state, gapsMs: state.gapsMs ?? [], levels };
}

/** None of a rule that has more or fewer levels now: what they say of each level is not known. */
export function restoreParts(saved: SavedState | undefined, levels: number, nowMs: number): Parts {
  const parts = (saved?.parts ?? []).filter(([, { evaluations }]) => evaluations.length === levels);
  return new Map(parts.map(([key, part]) => [key, { ...part, freshFromMs: nowMs }]));
}

function nearestAt(severities: readonly Severity[], wanted: Severity): number {
  const distances = severities.map((severity) => Math.abs(severityRank(severity) - severityRank(wanted)));
  return distances.indexOf(Math.min(...distances));
}

const ORDER: readonly LevelState['phase'][] = ['off', 'pending', 'clearing', 'on'];

function isFurther(level: LevelState, than: LevelState): boolean {
  return ORDER.indexOf(level.phase) > ORDER.indexOf(than.phase);
}

/** `rule` is undefined when it is gone; its id then stands for its name. */
export function toView(record: AlertRecord, rule: AlertRule | undefined): AlertView {
  const { entityKey, lastSampleMs, state, subject, tags, ...shown } = record;
  return {
    ...shown,
    title: rule?.settings.name ?? { en: record.rule, vi: record.rule },
    action: rule?.settings.action ?? { en: '', vi: '' },
    eventType: rule?.settings.eventType ?? 'processing_error',
    probableCause: rule?.settings.probableCause ?? 'threshold_crossed',
    valueText: valueText(record.lastValue, rule?.evaluator.valueUnit ?? ''),
  };
}
