import { z } from 'zod';
import { unixMs } from '../../../runtime/unix-ms.ts';
import type { AlertEngine } from '../../alerts/engine/engine.ts';
import { alertEventSchema, alertViewSchema, type AlertView } from '../../alerts/history/alert.ts';
import { incidentCountsSchema, type IncidentView } from '../../alerts/incidents/incident-view.ts';
import { SEVERITIES } from '../../alerts/rules/severity.ts';
import { tellingExplanationSchema } from '../../notify/explain/explanation.ts';
import type { Notifier } from '../../notify/notifier.ts';
import type { App } from '../fastify-app.ts';
import { assertOwnAlerts } from '../limits/limit-callers.ts';
import { ApiError } from '../problem.ts';

export interface AlertExplanationRouteDeps {
  readonly alerts: Pick<AlertEngine, 'get' | 'beginningOf'>;
  readonly notifications: Pick<Notifier, 'explain'>;
  readonly incidents?: Pick<IncidentView, 'incidentOf'>;
}

const { value, agent, startedAtMs, firedAtMs } = alertViewSchema.shape;

const evidenceSchema = z.object({
  what: z.string().exactOptional().describe('what was measured or missed, as the rule reads it'),
  value,
  agent,
  tags: z.record(z.string(), z.string()).exactOptional().describe('all tags of the sample that began it'),
  startedAtMs: startedAtMs.describe('when the breach began, by the sample'),
  firedAtMs: firedAtMs.describe('when it had lasted for long enough, by the sample'),
  recordedAtMs: unixMs.describe("by central's clock"),
});

const ruleSchema = z.object({
  id: z.string(),
  isLoaded: z.boolean().describe('false: the rule is gone; what it said is not known'),
  condition: z.string().exactOptional().describe('when it is in breach, without its limits'),
  levels: z
    .array(
      z.object({
        severity: z.enum(SEVERITIES),
        limit: z.string(),
        forMs: z.int().describe('how long a breach lasts before it fires'),
      }),
    )
    .describe('as of now, mildest first'),
  clearForMs: z.int().exactOptional().describe('how long it is clear before it is over'),
});

const incidentSchema = z.object({
  id: z.string(),
  root: z.string().exactOptional().describe('what is down or cut, such as site:hub-03'),
  rootName: z.string().exactOptional(),
  headAlertId: z.string().exactOptional().describe('the alert that is told for all of them'),
  openAlerts: z.int(),
  suppressedAlerts: z.int().describe('of them, those that nobody is told of because of the head'),
  counts: incidentCountsSchema.exactOptional(),
  beganAtMs: unixMs,
});

const explanationSchema = z.object({
  alert: alertViewSchema,
  evidence: evidenceSchema,
  rule: ruleSchema,
  timeline: z.array(alertEventSchema).describe('oldest first, at most the newest 1,000'),
  incident: incidentSchema
    .exactOptional()
    .describe('what it is part of; alerts of one incident are told together'),
  ...tellingExplanationSchema.shape,
});

/** The whole chain of one alert: from the sample that began it to each answer of a receiver, or why nobody was told. */
export function alertExplanationRoute(app: App, deps: AlertExplanationRouteDeps): void {
  app.get(
    '/alerts/:id/explain',
    {
      config: { limits: 'filtered', problems: ['ALERT_NOT_FOUND'] },
      schema: {
        tags: ['Alerts'],
        summary: 'Why an alert is there, and who was told of it or why nobody was',
        params: z.object({ id: z.string().meta({ examples: ['a-6968e021c275d2208d7f'] }) }),
        response: { 200: explanationSchema },
      },
    },
    ({ params: { id }, caller, reach }) => {
      const found = deps.alerts.get(id);
      if (found === undefined) throw new ApiError('ALERT_NOT_FOUND', `no alert "${id}"`);
      assertOwnAlerts({ caller, reach }, [found]);
      const { timeline, ...alert } = found;
      return {
        alert,
        ...beginningOf(deps, alert),
        timeline: [...timeline],
        ...incidentOf(deps, id),
        ...deps.notifications.explain(id),
      };
    },
  );
}

function beginningOf(
  { alerts }: AlertExplanationRouteDeps,
  alert: AlertView,
): Pick<z.infer<typeof explanationSchema>, 'evidence' | 'rule'> {
  const { subject, tags, rule } = alerts.beginningOf(alert.id) ?? {};
  return {
    evidence: {
      ...(subject !== undefined && { what: subject }),
      value: alert.value,
      agent: alert.agent,
      ...(tags !== undefined && { tags }),
      startedAtMs: alert.startedAtMs,
      firedAtMs: alert.firedAtMs,
      recordedAtMs: alert.openedAtMs,
    },
    rule: {
      id: alert.rule,
      isLoaded: rule !== undefined,
      ...(rule !== undefined && {
        condition: rule.evaluator.conditionText,
        clearForMs: rule.settings.clearFor,
      }),
      levels: (rule?.settings.levels ?? []).map((level, at) => ({
        severity: level.severity,
        limit: rule?.evaluator.levelTexts[at] ?? '',
        forMs: level.for ?? rule?.settings.for ?? 0,
      })),
    },
  };
}

function incidentOf(
  { incidents }: AlertExplanationRouteDeps,
  id: string,
): Pick<z.infer<typeof explanationSchema>, 'incident'> {
  const found = incidents?.incidentOf(id);
  if (found === undefined) return {};
  const { root, rootName, headAlertId, counts } = found;
  return {
    incident: {
      id: found.id,
      ...(root !== undefined && { root }),
      ...(rootName !== undefined && { rootName }),
      ...(headAlertId !== undefined && { headAlertId }),
      openAlerts: found.openAlerts,
      suppressedAlerts: found.suppressedAlerts,
      ...(counts !== undefined && { counts }),
      beganAtMs: found.beganAtMs,
    },
  };
}
