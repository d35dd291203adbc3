import type { HistoryEntry, Rollout } from '../../agent-config/rollout/rollout.ts';
import type { ConfigStanding } from '../../agent-config/standing.ts';
import type { AlertEvent, AlertView } from '../../alerts/history/alert.ts';
import type { PhaseChange } from '../../liveness/phase-log.ts';
import type { Location } from '../../samples/location.ts';
import type { CityEvent } from './event-log.ts';

/** A transition of an alert; `change`, `phase` and `severity` are those of the alert's timeline. */
export function alertEvent(alert: AlertView, event: AlertEvent): CityEvent {
  const { kind, phase, severity, recordedAtMs, value: _value, atMs: _atMs, ...handling } = event;
  const { id, rule, title, entity, unit, site, agent, valueText, startedAtMs, learnedLateAtMs } = alert;
  const late = learnedLateAtMs === undefined ? {} : { learnedLateAtMs };
  return {
    kind: 'alert',
    atMs: recordedAtMs,
    unit,
    site,
    device: entity['device'],
    agent,
    detail: {
      change: kind,
      id,
      rule,
      title,
      severity,
      phase,
      entity,
      valueText,
      startedAtMs,
      ...late,
      ...handling,
    },
  };
}

export function agentEvent({ agent, before, phase, atMs, unit, site }: PhaseChange): CityEvent {
  return { kind: 'agent', atMs, unit, site, agent, detail: { before, phase } };
}

/** What a roll-out of a config has just done; it is of no unit. */
export function rolloutEvent(
  { id, state, stage, stages }: Rollout,
  { atMs, what, detail }: HistoryEntry,
): CityEvent {
  const why = detail === undefined ? {} : { detail };
  return { kind: 'rollout', atMs, detail: { id, state, what, stage, stages, ...why } };
}

export function configEvent(
  agent: string,
  standing: ConfigStanding,
  { unit, site }: Location,
  atMs: number,
): CityEvent {
  return { kind: 'config', atMs, unit, site, agent, detail: { ...standing } };
}
