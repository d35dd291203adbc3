import { z } from 'zod';
import type { Catalogue, FieldDefinition, MeasurementDefinition } from '../../../contract/catalogue.ts';
import type { FieldValue } from '../../../contract/sample.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { DURATION_PATTERN, parseDurationMs } from '../../../runtime/duration.ts';
import { unixMs } from '../../../runtime/unix-ms.ts';
import type { LatestCache } from '../../live/latest-cache.ts';
import type { Aggregate, SampleStore } from '../../store/sample-store.ts';
import type { App } from '../fastify-app.ts';
import { ApiError } from '../problem.ts';
import { suggestionFor } from '../suggestion.ts';
import { assertTag, tagFilterOf } from '../tag-filter.ts';
import { DAY_MS, timeParameter } from '../time-schemas.ts';

export interface SampleRouteDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly catalogue: Catalogue;
  readonly latest: Pick<LatestCache, 'rows'>;
  readonly store: Pick<SampleStore, 'query'>;
}

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
/** Those of values that are no numbers. */
const OF_ANY_TYPE: readonly Aggregate[] = ['count', 'first', 'last'];
/** A century. */
const MAX_WIDTH_DAYS = 36_500;
const MAX_POINTS = 50_000;
const QUERY_TIMEOUT_MS = 30_000;

const value = z.union([z.number(), z.string(), z.boolean()]);

/** Live and stored samples. Integers beyond 2^53 are decimal strings. */
export function sampleRoutes(app: App, deps: SampleRouteDeps): void {
  const tags = ['Samples'];
  app.get(
    '/latest',
    {
      config: { problems: ['UNKNOWN_MEASUREMENT', 'UNKNOWN_TAG', 'BAD_TAG'] },
      schema: {
        tags,
        summary:
          'Newest row of each series, as it arrived. Filter with tag.NAME=VALUE, several times for several values.',
        querystring: z.looseObject({
          measurement: z.string(),
          limit: z.coerce
            .number()
            .int()
            .min(1)
            .max(10_000)
            .default(1_000)
            .describe('most rows of the answer'),
        }),
        response: {
          200: z.object({
            rows: z.array(
              z.object({
                tags: z.record(z.string(), z.string()),
                timeMs: unixMs,
                fields: z.record(z.string(), value),
              }),
            ),
          }),
        },
      },
    },
    ({ query }) => {
      const definition = definitionOf(deps.catalogue, query.measurement);
      const rows = deps.latest.rows(query.measurement, tagFilterOf(query, definition), query.limit);
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
      config: {
        problems: [
          'UNKNOWN_MEASUREMENT',
          'UNKNOWN_FIELD',
          'UNKNOWN_TAG',
          'BAD_TAG',
          'EMPTY_RANGE',
          'BAD_WIDTH',
          'QUERY_REFUSED',
          'STORE_UNAVAILABLE',
        ],
      },
      schema: {
        tags,
        summary: 'Stored samples of one field, raw or in time buckets. Filter with tag.NAME=VALUE.',
        querystring: z.looseObject({
          measurement: z.string(),
          field: z.string(),
          from: timeParameter
            .optional()
            .describe('inclusive; Unix time in ms, or RFC 3339; a day before `to` without it'),
          to: timeParameter.optional().describe('exclusive; Unix time in ms, or RFC 3339; now without it'),
          every: z
            .string()
            .regex(DURATION_PATTERN, 'expected a width such as 30s, 5m, 1h')
            .optional()
            .describe(
              'width of the time buckets, such as 30s, 5m, 1h; without it points are given as stored',
            ),
          aggregate: z.enum(AGGREGATES).default('mean'),
          group: z.string().optional().describe('tags that tell series apart, separated by commas'),
        }),
        response: {
          200: z.object({
            series: z.array(
              z.object({
                tags: z.record(z.string(), z.string()),
                points: z.array(z.tuple([unixMs, value])),
              }),
            ),
            truncated: z
              .boolean()
              .describe(`there are more than ${MAX_POINTS} points; the earliest are given`),
          }),
        },
      },
    },
    async ({ query, signal }) => {
      const definition = definitionOf(deps.catalogue, query.measurement);
      const field = fieldOf(definition, query.field);
      const filter = tagFilterOf(query, definition);
      const groupBy = query.group === undefined || query.group === '' ? [] : query.group.split(',');
      for (const tag of groupBy) assertTag(definition, tag);
      const toMs = query.to ?? deps.clock.now();
      const fromMs = query.from ?? toMs - DAY_MS;
      if (fromMs >= toMs) throw new ApiError('EMPTY_RANGE', `from (${fromMs}) must be before to (${toMs})`);
      const everyMs = query.every === undefined ? undefined : widthMs(query.every);
      if (everyMs !== undefined) assertAggregate(field, query);
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
        AbortSignal.any([signal, AbortSignal.timeout(QUERY_TIMEOUT_MS)]),
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

function definitionOf(catalogue: Catalogue, name: string): MeasurementDefinition {
  const definition = catalogue.get(name);
  if (definition === undefined) {
    const hint = suggestionFor(name, [...catalogue.keys()]);
    throw new ApiError(
      'UNKNOWN_MEASUREMENT',
      `no measurement "${name}"${hint || '; /api/v1/catalogue lists them'}`,
    );
  }
  return definition;
}

function fieldOf(definition: MeasurementDefinition, name: string): FieldDefinition {
  const field = Object.hasOwn(definition.fields, name) ? definition.fields[name] : undefined;
  if (field !== undefined) return field;
  const hint = suggestionFor(name, Object.keys(definition.fields));
  throw new ApiError('UNKNOWN_FIELD', `"${definition.name}" has no field "${name}"${hint}`);
}

function widthMs(text: string): number {
  const width = parseDurationMs(text) ?? 0;
  if (width === 0 || width > MAX_WIDTH_DAYS * DAY_MS) {
    const expected = `expected a width above zero and of at most ${MAX_WIDTH_DAYS}d`;
    throw new ApiError('BAD_WIDTH', `querystring.every: ${expected}, got "${text}"`);
  }
  return width;
}

/** The default is the mean: whoever leaves it out must learn what else there is. */
function assertAggregate({ type }: FieldDefinition, query: { field: string; aggregate: Aggregate }): void {
  if (type === 'float' || type === 'int' || OF_ANY_TYPE.includes(query.aggregate)) return;
  const expected = `expected ${OF_ANY_TYPE.join(', ')} for "${query.field}", which is ${type}`;
  const detail = `querystring.aggregate: ${expected}, got "${query.aggregate}" (mean without it)`;
  throw new ApiError('QUERY_REFUSED', detail);
}

function toJson(field: FieldValue): number | string | boolean {
  return typeof field === 'bigint' ? String(field) : field;
}
