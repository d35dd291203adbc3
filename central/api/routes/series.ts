import { z } from 'zod';
import type { Catalogue } from '../../../contract/catalogue.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { DURATION_PATTERN } from '../../../runtime/duration.ts';
import { unixMs } from '../../../runtime/unix-ms.ts';
import type { SampleStore } from '../../store/sample-store.ts';
import type { App } from '../fastify-app.ts';
import { jsonValue } from '../json-value.ts';
import { ACROSS, AGGREGATES } from '../series/aggregates.ts';
import { availabilityFields } from '../series/availability.ts';
import { askStore } from '../series/ask-store.ts';
import { FILLS } from '../series/buckets.ts';
import { planSeries } from '../series/plan-series.ts';
import { seriesAnswer } from '../series/series-answer.ts';
import { rangeParameters } from '../times/time-range.ts';

export interface SeriesRouteDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly catalogue: Catalogue;
  readonly questions: Pick<SampleStore, 'query'>;
  /** Where days begin unless a query says otherwise: a name of the IANA time zone database. */
  readonly timeZone: string;
}

const MAX_POINTS = 50_000;

const seriesParameters = z.looseObject({
  measurement: z.string(),
  field: z.string(),
  ...rangeParameters('a day'),
  every: z
    .string()
    .regex(DURATION_PATTERN, 'expected a width such as 30s, 5m, 1h')
    .optional()
    .describe('width of the time buckets, such as 30s, 5m, 1h, 1d; without it points are given as stored'),
  aggregate: z
    .enum(AGGREGATES)
    .optional()
    .describe(
      'of the points of each series in a bucket; mean without it. The `mean` of a flag is the share of points that are true: availability, 0 to 1. ' +
        '`share` gives a series for each value of a flag, a text or a whole number, with the share of points that have it; they add up to 1, and 20 values ' +
        'are the most. Time in which nothing was measured counts in neither. Needs `every`',
    ),
  across: z
    .enum(ACROSS)
    .optional()
    .describe(
      'of the aggregates of several series, bucket by bucket: `aggregate=mean&across=sum` is the traffic of all lines together, ' +
        'however often each was measured; `p95` is what 95 % of the series stay below; `count` is the number of series. With `aggregate=share` sum ' +
        '(how many series are in each state) and mean. Without it each series is given by itself. Needs `every`',
    ),
  groupBy: z
    .string()
    .optional()
    .describe(
      'tags, separated by commas: with `across`, the groups that are put together (all without it); without `every`, the tags by ' +
        'which points are put together',
    ),
  group: z.string().optional().meta({ description: 'former name of `groupBy`', deprecated: true }),
  fill: z
    .enum(FILLS)
    .optional()
    .describe(
      'what stands for a bucket without points: nothing (none), null, or the value before. Needs `every`',
    ),
  cursor: z
    .string()
    .optional()
    .describe('nextCursor of the answer before, with all other parameters as they were: what is older'),
});
export type SeriesParameters = z.output<typeof seriesParameters>;

const answer = z.object({
  fromMs: unixMs,
  toMs: unixMs,
  everyMs: z.number().optional().describe('width of the buckets, ms'),
  timeZone: z.string().optional().describe('in which buckets of a day begin at midnight'),
  partial: z
    .array(unixMs)
    .optional()
    .describe('starts of the buckets that are not whole, since `from`, `to` or the present cuts them'),
  series: z.array(
    z.object({
      tags: z.record(z.string(), z.string()),
      state: jsonValue.optional().describe('with `aggregate=share`: the value whose share the points are'),
      points: z
        .array(z.tuple([unixMs, jsonValue.nullable()]))
        .describe('time, or start of the bucket, and value; null only with `fill`'),
    }),
  ),
  truncated: z
    .boolean()
    .describe(
      `there are more than ${MAX_POINTS} points: the newest are given, from \`fromMs\` on whole; \`nextCursor\` leads to the older ones, ` +
        'wider buckets or `across` give fewer',
    ),
  nextCursor: z.string().optional().describe('not there unless truncated'),
  ...availabilityFields,
});
export type SeriesAnswer = z.input<typeof answer>;

export function seriesRoute(app: App, deps: SeriesRouteDeps): void {
  app.get(
    '/series',
    {
      config: {
        limits: 'named',
        problems: [
          'UNKNOWN_MEASUREMENT',
          'UNKNOWN_FIELD',
          'UNKNOWN_TAG',
          'BAD_TAG',
          'BAD_WIDTH',
          'QUERY_REFUSED',
          'QUERY_TOO_SLOW',
          'STORE_UNAVAILABLE',
        ],
      },
      schema: {
        tags: ['Samples'],
        summary: 'Stored samples of one field, raw or in time buckets, of each series or of several together',
        querystring: seriesParameters,
        response: { 200: answer },
      },
    },
    async ({ query, signal }) => {
      const plan = planSeries(query, { ...deps, maxPoints: MAX_POINTS });
      return seriesAnswer(plan, await askStore(deps.questions, plan.query, signal));
    },
  );
}
