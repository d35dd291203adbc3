import type { Severity } from '../../alerts/rules/severity.ts';
import type { AlertFacts } from '../message/alert-facts.ts';
import { isOver, type MessageAlert } from '../message/message.ts';

/** `postableAlert` of Alertmanager's API v2. Labels identify an alert there. */
export interface PostableAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** RFC 3339. */
  readonly startsAt: string;
  readonly endsAt: string;
}

/**
 * Longer than central is usually away for: without it Alertmanager would say "resolved" after its `resolve_timeout`, by
 * default five minutes, although nothing is.
 */
const HOLD_MS = 3_600_000;

/** Pure. Another severity is another alert there: the one before ends, so that it does not stay beside it. */
export function postableAlerts(alert: MessageAlert, nowMs: number): readonly PostableAlert[] {
  const { facts, toldSeverity } = alert;
  const endsAtMs = isOver(alert) ? endOf(facts, nowMs) : nowMs + HOLD_MS;
  // Its end is told with the labels that its beginning had.
  if (isOver(alert)) return [postable(facts, toldSeverity ?? facts.severity, endsAtMs)];
  const current = postable(facts, facts.severity, endsAtMs);
  if (toldSeverity === undefined || toldSeverity === facts.severity) return [current];
  return [postable(facts, toldSeverity, nowMs), current];
}

/** By central's clock: one of a sample that is ahead would be "firing" there until then. */
function endOf({ endedAtMs = 0, startedAtMs }: AlertFacts, nowMs: number): number {
  return Math.min(Math.max(endedAtMs, startedAtMs + 1), nowMs);
}

function postable(facts: AlertFacts, severity: Severity, endsAtMs: number): PostableAlert {
  const { id, rule, entity, agent, unit, unitName, site, title, action, valueText, startedAtMs } = facts;
  return {
    labels: withoutEmpty({
      ...entity,
      agent,
      unit,
      site,
      severity,
      alertname: rule,
      wardwatch_id: id,
    }),
    annotations: withoutEmpty({
      summary: title.en,
      summary_vi: title.vi,
      description: action.en,
      description_vi: action.vi,
      value: valueText,
      unit_name: unitName,
    }),
    startsAt: new Date(Math.min(startedAtMs, endsAtMs - 1)).toISOString(),
    endsAt: new Date(endsAtMs).toISOString(),
  };
}

/** An empty label is none to Alertmanager. */
function withoutEmpty(
  values: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => (entry[1] ?? '') !== ''),
  );
}
