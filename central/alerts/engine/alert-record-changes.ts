import {
  alertId,
  saveState,
  type AlertRecord,
  type AlertWrite,
  type PendingRecord,
} from '../history/alert-record.ts';
import { levelOf, phaseOf, type AlertState, type EventKind } from '../lifecycle/alert-state.ts';
import type { AlertEvent } from '../history/alert.ts';
import { severityRank } from '../rules/severity.ts';
import type { LiveEntity, RuleRuntime } from './rule-runtime.ts';

function severityOf(runtime: RuleRuntime, state: AlertState): AlertRecord['severity'] {
  return runtime.severities[levelOf(state)] ?? 'warning';
}

/** Whether the breach is graver by now than that alert. */
export function isGraver(runtime: RuleRuntime, state: AlertState, than: AlertRecord): boolean {
  return severityRank(severityOf(runtime, state)) > severityRank(than.severity);
}

function withoutPlace({ unit, site, ...rest }: AlertRecord): Omit<AlertRecord, 'unit' | 'site'> {
  return rest;
}

function shownPhaseOf(state: AlertState): AlertRecord['phase'] {
  const phase = phaseOf(state);
  return phase === 'pending' ? 'firing' : phase;
}

/** Stays with the alert once it is steady. */
function flapsOf({ flapping }: AlertState): Pick<AlertRecord, 'flaps'> {
  return flapping === undefined ? {} : { flaps: flapping.count };
}

function ruleVersionOf({ rule: { version } }: RuleRuntime): Pick<AlertRecord, 'ruleVersion'> {
  return version === undefined ? {} : { ruleVersion: version };
}

export function firedRecord(
  runtime: RuleRuntime,
  live: LiveEntity,
  state: AlertState,
  nowMs: number,
): AlertRecord {
  return {
    id: alertId(runtime.rule.id, live.key, state.startedAtMs),
    rule: runtime.rule.id,
    ...ruleVersionOf(runtime),
    entityKey: live.key,
    entity: live.entity,
    ...live.location,
    agent: live.agent,
    severity: severityOf(runtime, state),
    phase: shownPhaseOf(state),
    ...flapsOf(state),
    startedAtMs: state.startedAtMs,
    firedAtMs: live.lastSampleMs,
    value: live.value,
    lastValue: live.value,
    openedAtMs: nowMs,
    updatedAtMs: nowMs,
    lastSampleMs: live.lastSampleMs,
    state: saveState(state, live, runtime.severities),
    subject: runtime.subject,
    ...(live.tags !== undefined && { tags: live.tags }),
  };
}

export function updatedRecord(
  alert: AlertRecord,
  runtime: RuleRuntime,
  live: LiveEntity,
  state: AlertState,
  nowMs: number,
): AlertRecord {
  return {
    ...withoutPlace(alert),
    ...live.location,
    agent: live.agent,
    severity: severityOf(runtime, state),
    phase: shownPhaseOf(state),
    ...flapsOf(state),
    lastValue: live.value,
    lastSampleMs: live.lastSampleMs,
    updatedAtMs: nowMs,
    state: saveState(state, live, runtime.severities),
  };
}

export function pendingRecord(runtime: RuleRuntime, live: LiveEntity, state: AlertState): PendingRecord {
  return {
    rule: runtime.rule.id,
    entityKey: live.key,
    entity: live.entity,
    agent: live.agent,
    place: live.location,
    value: live.startValue,
    state: saveState(state, live, runtime.severities),
    subject: runtime.subject,
    ...(live.tags !== undefined && { tags: live.tags }),
  };
}

/** The end of an alert by a sample of `atMs`. */
export function resolvedRecord(alert: AlertRecord, atMs: number, nowMs: number): AlertRecord {
  return {
    ...alert,
    phase: 'resolved',
    resolvedAtMs: atMs,
    updatedAtMs: nowMs,
    state: undefined,
    shelf: undefined,
  };
}

/** The end of an alert about something that nobody will ever find well again. */
export function withdrawal(alert: AlertRecord, nowMs: number): AlertWrite {
  const record: AlertRecord = {
    ...alert,
    phase: 'withdrawn',
    resolvedAtMs: nowMs,
    updatedAtMs: nowMs,
    state: undefined,
    shelf: undefined,
  };
  return { record, events: [{ ...eventOf('withdrawn', record, nowMs), atMs: nowMs }] };
}

/** Undefined: the severity stayed the same. */
export function severityChange(
  before: AlertRecord,
  after: AlertRecord,
  nowMs: number,
): AlertWrite | undefined {
  const change = severityRank(after.severity) - severityRank(before.severity);
  if (change === 0) return undefined;
  return { record: after, events: [eventOf(change > 0 ? 'escalated' : 'deescalated', after, nowMs)] };
}

/** The end of an alert by a person: its state stays, so that the breach that goes on is known as the same one. */
export function closedRecord(alert: AlertRecord, nowMs: number): AlertRecord {
  return { ...alert, phase: 'closed', resolvedAtMs: nowMs, updatedAtMs: nowMs, shelf: undefined };
}

/** An alert that was closed by hand, with where its breach stands now. */
export function closedInBreach(
  closed: AlertRecord,
  runtime: RuleRuntime,
  live: LiveEntity,
  state: AlertState,
): AlertRecord {
  return { ...closed, lastSampleMs: live.lastSampleMs, state: saveState(state, live, runtime.severities) };
}

/** An alert that was closed by hand: its breach is over, or another alert tells of it. */
export function leftInBreach(closed: AlertRecord): AlertRecord {
  return { ...closed, state: undefined };
}

export function eventOf(kind: EventKind, record: AlertRecord, nowMs: number): AlertEvent {
  return {
    kind,
    phase: record.phase,
    severity: record.severity,
    value: record.lastValue,
    atMs: record.lastSampleMs,
    recordedAtMs: nowMs,
  };
}
