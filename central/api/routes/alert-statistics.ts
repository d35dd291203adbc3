import { z } from 'zod';
import type { Clock } from '../../../runtime/clock.ts';
import { unixMs } from '../../../runtime/unix-ms.ts';
import type { AlertEngine } from '../../alerts/engine/engine.ts';
import type { SuppressionOf } from '../../alerts/suppression/suppressed-alerts.ts';
import type { StateHistory } from '../../health/states/history/state-history.ts';
import type { App } from '../fastify-app.ts';
import { DAY_MS, presentOf, rangeOf, rangeParameters } from '../times/time-range.ts';

export interface AlertStatisticsRouteDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly timeZone: string;
  readonly alerts: Pick<AlertEngine, 'active' | 'statistics' | 'rules'>;
  readonly stateHistory: Pick<StateHistory, 'knownFromMs'>;
  readonly suppressionOf: SuppressionOf;
}

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
    .describe('from firing to the end, of those that ended in the range; not there if none did'),
  active: z.int().describe('firing, recovering or flapping now'),
  activeLongerThan24h: z.int().describe('of these, begun more than 24 hours ago'),
  suppressed: z
    .int()
    .describe('of the active ones, those that nobody is told of now, for a reason that each names'),
  per10Min: z
    .object({
      mean: z.number(),
      peak: z.int(),
      peakAtMs: unixMs.optional().describe('begin of the ten minutes with most alarms'),
      floodRatio: z.number().describe('share of the ten minutes with more than ten alarms, 0 to 1'),
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
        summary: 'Noisiest rules, alarm rate, time to recover, alerts that stand for more than a day',
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
      const { rules, meanRecoveryMs, per10Min, fired, learnedLate, resolved, observedFromMs } =
        deps.alerts.statistics({
          fromMs,
          toMs,
          unit,
          knownFromMs: deps.stateHistory.knownFromMs(),
        });
      const active = deps.alerts.active().filter((alert) => unit === undefined || alert.unit === unit);
      const { peakAtMs, ...rates } = per10Min;
      return {
        fromMs,
        toMs,
        observedFromMs,
        fired,
        learnedLate,
        resolved,
        ...(meanRecoveryMs !== undefined && { meanTimeToRecoverMs: meanRecoveryMs }),
        active: active.length,
        activeLongerThan24h: active.filter(({ startedAtMs }) => startedAtMs < present.nowMs - DAY_MS).length,
        suppressed: active.filter((alert) => deps.suppressionOf(alert) !== undefined).length,
        per10Min: { ...rates, ...(peakAtMs !== undefined && { peakAtMs }) },
        rules: rules.slice(0, limit).map((each) => {
          const title = deps.alerts.rules.get(each.rule)?.settings.name;
          return { ...each, ...(title !== undefined && { title }) };
        }),
        truncated: rules.length > limit,
      };
    },
  );
}
