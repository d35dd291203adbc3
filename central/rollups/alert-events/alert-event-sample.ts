import type { Sample } from '../../../contract/sample.ts';
import type { TimelineStep } from '../../alerts/history/timeline-steps.ts';
import type { IncidentOfAlert } from '../../alerts/incidents/incident-view.ts';
import type { AlertRule } from '../../alerts/rules/rule.ts';
import type { Suppression } from '../../alerts/suppression/suppression.ts';
import type { AlertResource } from '../alert-resource.ts';
import { definedFields } from '../defined-fields.ts';
import { textField } from '../state-fields.ts';

/** What the alert of a step belongs to at the time of writing; undefined: nothing, or it is not known. */
export interface StepContext extends AlertResource {
  /** As it runs now. */
  readonly rule: Pick<AlertRule, 'settings'> | undefined;
  readonly incident: Pick<IncidentOfAlert, 'id' | 'root' | 'counts'> | undefined;
  readonly suppression: Pick<Suppression, 'kind'> | undefined;
}

/** Pure. One step as a row at `timeMs`, which no other row of `alert_event` has. */
export function alertEventSample(step: TimelineStep, context: StepContext, timeMs: number): Sample {
  const { alert, kind, severity, atMs, recordedAtMs } = step;
  const { rule, resource, qualifier, incident, suppression } = context;
  const { unit, site } = alert;
  const eventType = rule?.settings.eventType;
  return {
    measurement: 'alert_event',
    tags: {
      ...{ rule: alert.rule, severity },
      ...(eventType !== undefined && { event_type: eventType }),
      ...(unit !== undefined && { unit }),
      ...(site !== undefined && { site }),
      ...(resource !== undefined && { resource }),
    },
    fields: {
      ...{ alert_id: alert.id, step: step.sequence, event: kind, active: !step.isEnd },
      ...textField('title', rule?.settings.name.en ?? alert.rule),
      ...textField('title_vi', rule?.settings.name.vi ?? alert.rule),
      ...textField('qualifier', qualifier),
      ...textField('probable_cause', rule?.settings.probableCause ?? ''),
      ...textField('incident_id', incident?.id ?? ''),
      ...textField('root_cause_resource', incident?.root ?? ''),
      ...textField('suppressed_by', suppression?.kind ?? ''),
      ...textField('by', step.by ?? ''),
      ...textField('assignee', alert.assignee ?? ''),
      shelved: alert.isShelved,
      measured_at: Math.max(0, atMs),
      raised_at: Math.max(0, alert.firedAtMs),
      latency_ms: Math.max(0, recordedAtMs - atMs),
      ...definedFields({
        impacted_resources: incident?.counts?.devices,
        value: typeof step.value === 'number' ? step.value : undefined,
        acked_at: alert.acknowledgement?.atMs,
        ...durationFields(step),
      }),
    },
    timeMs,
  };
}

/** Each once an alert, of those that `alert-durations` counts: withdrawn and closed ones did not recover. */
function durationFields(step: TimelineStep): Record<string, number | undefined> {
  const { kind, isEnd, isFirstAcknowledgement, recordedAtMs, alert } = step;
  const { firedAtMs, openedAtMs, resolvedAtMs, isLearnedLate } = alert;
  const isOver = isEnd && resolvedAtMs !== undefined;
  const isRecovery = isOver && kind === 'resolved' && !isLearnedLate;
  return {
    cleared_at: isOver ? Math.max(0, resolvedAtMs) : undefined,
    duration_s: isRecovery ? seconds(resolvedAtMs - firedAtMs) : undefined,
    ack_s: isFirstAcknowledgement && !isLearnedLate ? seconds(recordedAtMs - openedAtMs) : undefined,
  };
}

function seconds(ms: number): number {
  return Math.max(0, ms) / 1_000;
}
