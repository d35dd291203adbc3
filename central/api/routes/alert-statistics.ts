import { z } from 'zod';
import type { Clock } from '../../../runtime/clock.ts';
import { unixMs } from '../../../runtime/unix-ms.ts';
import type { AlertEngine } from '../../alerts/engine/engine.ts';
import type { Durations } from '../../alerts/history/alert-durations.ts';
import { SEVERITIES } from '../../alerts/rules/severity.ts';
import type { SuppressionOf } from '../../alerts/suppression/suppressed-alerts.ts';
import type { StateHistory } from '../../health/states/history/state-history.ts';
import type { OnCallCalendars } from '../../notify/on-call/calendars.ts';
import type { App } from '../fastify-app.ts';
import { meanOnCall } from '../alerts/mean-on-call.ts';
import { DAY_MS, presentOf, rangeOf, rangeParameters } from '../times/time-range.ts';

export interface AlertStatisticsRouteDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly timeZone: string;
  readonly alerts: Pick<AlertEngine, 'visitActive' | 'statistics' | 'rules'>;
  readonly stateHistory: Pick<StateHistory, 'knownFromMs'>;
  readonly suppressionOf: SuppressionOf;
  readonly onCall: Pick<OnCallCalendars, 'isEmpty' | 'countAt'>;
}

const durations = z.object({
  alerts: z.int(),
  medianMs: z.int().exactOptional().describe('not there if there were none'),
  p90Ms: z.int().exactOptional().describe('nine in ten took no longer; not there if there were none'),
});
const timeToAcknowledge = durations.describe(
  'from being recorded to the first acknowledgement, of alerts that were acknowledged first in the range (MTTA); see `unacknowledged` for those that nobody has answered',
);
const timeToRecover = durations.describe(
  'from firing to the end, of alerts that ended in the range, those that were withdrawn or closed by hand left out (MTTR)',
);

const answer = z.object({
  fromMs: unixMs,
  toMs: unixMs.describe('exclusive; what is to come is left out'),
  observedFromMs: unixMs.describe(
    'begin of the part of the range in which central watched, of which `per10Min` is told; `fromMs` where it watched all of it',
  ),
  fired: z.int().describe('alerts that central recorded in the range, those of `learnedLate` left out'),
  learnedLate: z
    .int()
    .describe(
      'alerts that were over when the backlog of an agent told of them, in the range: in no other count and no rate',
    ),
  resolved: z.int().describe('alerts that ended in the range, those that were withdrawn left out'),
  meanTimeToRecoverMs: z
    .int()
    .optional()
    .describe('mean of what `timeToRecover` tells; not there if none ended'),
  timeToAcknowledge,
  timeToRecover,
  severities: z
    .array(z.object({ severity: z.enum(SEVERITIES), fired: z.int(), timeToAcknowledge, timeToRecover }))
    .describe('the same by severity, the gravest first'),
  active: z.int().describe('firing, recovering or flapping now'),
  activeLongerThan24h: z.int().describe('of these, begun more than 24 hours ago'),
  unacknowledged: z
    .int()
    .describe('of the active ones, those that people are told of and nobody has acknowledged'),
  suppressed: z
    .int()
    .describe('of the active ones, those that nobody is told of now, for a reason that each names'),
  per10Min: z
    .object({
      mean: z.number(),
      peak: z.int(),
      peakAtMs: unixMs.optional().describe('begin of the ten minutes with most alarms'),
      floodRatio: z.number().describe('share of the ten minutes with more than ten alarms, 0 to 1'),
      peopleOnCall: z
        .number()
        .exactOptional()
        .describe(
          'how many people were on call, on average by the calendars of today; not there without calendars',
        ),
      meanPerPerson: z
        .number()
        .exactOptional()
        .describe('`mean` by the people on call; not there where nobody was, or without calendars'),
    })
    .describe('alarms in ten minutes; EEMUA 191 asks for one on average, and calls more than ten a flood'),
  rules: z
    .array(
      z.object({
        rule: z.string(),
        title: z
          .object({ en: z.string(), vi: z.string() })
          .optional()
          .describe('not there if the rule is gone'),
        fired: z.int(),
        active: z.int().describe('of these, not ended yet'),
      }),
    )
    .describe('most often fired first'),
  truncated: z.boolean().describe('more than `limit` rules have fired'),
});

/** How noisy the rules are, and how long alerts stand. */
export function alertStatisticsRoute(app: App, deps: AlertStatisticsRouteDeps): void {
  app.get(
    '/alerts/stats',
    {
      config: { namesFirst: true },
      schema: {
        tags: ['Alerts'],
        summary:
          'Noisiest rules, alarm rate, time to acknowledge and to recover, alerts that stand for more than a day',
        querystring: z.object({
          ...rangeParameters('a day'),
          unit: z.string().optional(),
          limit: z.coerce.number().int().min(1).max(1_000).default(20).describe('most rules of the answer'),
        }),
        response: { 200: answer },
      },
    },
    ({ query: { unit, limit, tz, ...times } }): z.input<typeof answer> => {
      const present = presentOf(deps, tz);
      const { fromMs, toMs } = rangeOf(times, present, DAY_MS);
      const found = deps.alerts.statistics({
        ...{ fromMs, toMs, unit },
        knownFromMs: deps.stateHistory.knownFromMs(),
      });
      const { rules, meanRecoveryMs, per10Min, fired, learnedLate, resolved, observedFromMs } = found;
      const standing = standingNow(deps, unit, present.nowMs - DAY_MS);
      const people = meanOnCall(deps.onCall, { fromMs: observedFromMs, toMs });
      const { peakAtMs, ...rates } = per10Min;
      return {
        fromMs,
        toMs,
        observedFromMs,
        fired,
        learnedLate,
        resolved,
        ...(meanRecoveryMs !== undefined && { meanTimeToRecoverMs: meanRecoveryMs }),
        timeToAcknowledge: durationsOf(found.acknowledged),
        timeToRecover: durationsOf(found.recovered),
        severities: found.severities.map(({ severity, fired, acknowledged, recovered }) => ({
          ...{ severity, fired },
          timeToAcknowledge: durationsOf(acknowledged),
          timeToRecover: durationsOf(recovered),
        })),
        ...standing,
        per10Min: {
          ...rates,
          ...(peakAtMs !== undefined && { peakAtMs }),
          ...(people !== undefined && { peopleOnCall: people }),
          ...(people !== undefined && people > 0 && { meanPerPerson: rates.mean / people }),
        },
        rules: rules.slice(0, limit).map((each) => {
          const title = deps.alerts.rules.get(each.rule)?.settings.name;
          return { ...each, ...(title !== undefined && { title }) };
        }),
        truncated: rules.length > limit,
      };
    },
  );
}

/** In one walk: in a storm thousands are active, and a view of each would cost more than all the rest. */
function standingNow(
  { alerts, suppressionOf }: AlertStatisticsRouteDeps,
  unit: string | undefined,
  longBeforeMs: number,
) {
  const counts = { active: 0, activeLongerThan24h: 0, unacknowledged: 0, suppressed: 0 };
  alerts.visitActive((alert) => {
    if (unit !== undefined && alert.unit !== unit) return;
    counts.active++;
    if (alert.startedAtMs < longBeforeMs) counts.activeLongerThan24h++;
    if (suppressionOf(alert) !== undefined) counts.suppressed++;
    else if (alert.acknowledgement === undefined) counts.unacknowledged++;
  });
  return counts;
}

function durationsOf({ alerts, medianMs, p90Ms }: Durations): z.input<typeof durations> {
  return { alerts, ...(medianMs !== undefined && { medianMs }), ...(p90Ms !== undefined && { p90Ms }) };
}
