import { z } from 'zod';
import type { FieldValue } from '../../../contract/sample.ts';
import type { Aggregate } from '../../store/sample-store.ts';
import type { App, ApiDeps } from '../deps.ts';
import { ApiError } from '../problem.ts';
import { tagFilterOf } from '../tag-filter.ts';

const AGGREGATES = [
  'mean',
  'min',
  'max',
  'sum',
  'count',
  'first',
  'last',
  'p50',
  'p95',
  'p99',
] as const satisfies readonly Aggregate[];
const MAX_POINTS = 50_000;
const DAY_MS = 86_400_000;

const value = z.union([z.number(), z.string(), z.boolean()]);
const time = z
  .union([z.coerce.number(), z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))])
  .describe('Unix time in ms, or RFC 3339');

/** Live and stored samples. Integers beyond 2^53 are decimal strings. */
export function sampleRoutes(app: App, deps: ApiDeps): void {
  const tags = ['Samples'];
  app.get(
    '/latest',
    {
      schema: {
        tags,
        summary:
          'Newest row of each series, as it arrived. Filter with tag.NAME=VALUE, several times for several values.',
        querystring: z.looseObject({
          measurement: z.string(),
          limit: z.coerce.number().int().min(1).max(10_000).default(1_000),
        }),
        response: {
          200: z.object({
            rows: z.array(
              z.object({
                tags: z.record(z.string(), z.string()),
                timeMs: z.number(),
                fields: z.record(z.string(), value),
              }),
            ),
          }),
        },
      },
    },
    ({ query }) => {
      assertMeasurement(deps, query.measurement);
      const rows = deps.latest.rows(query.measurement, tagFilterOf(query), query.limit);
      return {
        rows: rows.map((row) => ({
          tags: row.tags,
          timeMs: row.timeMs,
          fields: Object.fromEntries(
            Object.entries(row.fields).map(([name, field]) => [name, toJson(field)]),
          ),
        })),
      };
    },
  );
  app.get(
    '/series',
    {
      schema: {
        tags,
        summary: 'Stored samples of one field, raw or in time buckets',
        querystring: z.looseObject({
          measurement: z.string(),
          field: z.string(),
          from: time.optional(),
          to: time.optional(),
          every: z
            .string()
            .regex(/^\d{1,6}(ms|s|m|h|d)$/, 'expected a width such as 30s, 5m, 1h')
            .optional(),
          aggregate: z.enum(AGGREGATES).default('mean'),
          group: z.string().optional().describe('tags that tell series apart, separated by commas'),
        }),
        response: {
          200: z.object({
            series: z.array(
              z.object({
                tags: z.record(z.string(), z.string()),
                points: z.array(z.tuple([z.number(), value])),
              }),
            ),
            truncated: z.boolean(),
          }),
        },
      },
    },
    async ({ query, signal }) => {
      const definition = assertMeasurement(deps, query.measurement);
      if (definition.fields[query.field] === undefined) {
        throw new ApiError(400, 'UNKNOWN_FIELD', `"${query.measurement}" has no field "${query.field}"`);
      }
      const groupBy = query.group === undefined || query.group === '' ? [] : query.group.split(',');
      const filter = tagFilterOf(query);
      for (const tag of [...groupBy, ...Object.keys(filter)]) {
        if (tag !== 'agent' && definition.tags[tag] === undefined) {
          throw new ApiError(400, 'UNKNOWN_TAG', `"${query.measurement}" has no tag "${tag}"`);
        }
      }
      const toMs = query.to ?? deps.clock.now();
      const fromMs = query.from ?? toMs - DAY_MS;
      if (fromMs >= toMs)
        throw new ApiError(400, 'EMPTY_RANGE', `from (${fromMs}) must be before to (${toMs})`);
      const everyMs = query.every === undefined ? undefined : widthMs(query.every);
      const result = await deps.store.query(
        {
          measurement: query.measurement,
          field: query.field,
          fromMs,
          toMs,
          ...(everyMs !== undefined && { everyMs }),
          aggregate: query.aggregate,
          groupBy,
          tags: filter,
          maxPoints: MAX_POINTS,
        },
        AbortSignal.any([signal, AbortSignal.timeout(30_000)]),
      );
      return {
        truncated: result.truncated,
        series: result.series.map((series) => ({
          tags: series.tags,
          points: series.points.map(([timeMs, point]): [number, string | number | boolean] => [
            timeMs,
            toJson(point),
          ]),
        })),
      };
    },
  );
  app.get(
    '/catalogue',
    {
      schema: {
        tags,
        summary: 'Every measurement: fields, types, UCUM units, ranges, meaning in English and Vietnamese',
        response: { 200: z.object({ measurements: z.array(z.record(z.string(), z.unknown())) }) },
      },
    },
    () => ({ measurements: [...deps.catalogue.values()].map((definition) => ({ ...definition })) }),
  );
}

function assertMeasurement(deps: ApiDeps, name: string) {
  const definition = deps.catalogue.get(name);
  if (definition === undefined) {
    throw new ApiError(400, 'UNKNOWN_MEASUREMENT', `no measurement "${name}"; /api/v1/catalogue lists them`);
  }
  return definition;
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: DAY_MS };

function widthMs(text: string): number {
  const [, count = '', unit = ''] = /^(\d+)(ms|s|m|h|d)$/.exec(text) ?? [];
  const width = Number(count) * (UNIT_MS[unit] ?? 0);
  if (width <= 0) throw new ApiError(400, 'BAD_WIDTH', `every must be above zero, got "${text}"`);
  return width;
}

function toJson(field: FieldValue): number | string | boolean {
  return typeof field === 'bigint' ? String(field) : field;
}
