import { z } from 'zod';
import type { Catalogue } from '../../../contract/catalogue.ts';
import { unixMs } from '../../../runtime/unix-ms.ts';
import type { LatestCache } from '../../live/latest-cache.ts';
import { definitionOf } from '../catalogue-names.ts';
import type { App } from '../fastify-app.ts';
import { jsonValue, toJsonValue } from '../json-value.ts';
import { badCursor, cursorKey, encodeCursor, pageQuery } from '../paging.ts';
import { tagFilterOf } from '../tag-filter.ts';

export interface LatestRouteDeps {
  readonly catalogue: Catalogue;
  readonly latest: Pick<LatestCache, 'page'>;
}

const MAX_ROWS = 10_000;
/** Which run of central listed the series, and the number of the page's last one. */
const CURSOR = /^[0-9a-f]{8} \d{1,15}$/;

export function latestRoute(app: App, deps: LatestRouteDeps): void {
  const run = crypto.randomUUID().slice(0, 8);
  app.get(
    '/latest',
    {
      config: { limits: 'named', problems: ['UNKNOWN_MEASUREMENT', 'UNKNOWN_TAG', 'BAD_TAG'] },
      schema: {
        tags: ['Samples'],
        summary: 'Newest row of each series, as it arrived, page by page',
        querystring: z.looseObject({ measurement: z.string(), ...pageQuery(1_000, MAX_ROWS) }),
        response: {
          200: z.object({
            rows: z.array(
              z.object({
                tags: z.record(z.string(), z.string()),
                timeMs: unixMs,
                fields: z.record(z.string(), jsonValue),
              }),
            ),
            nextCursor: z
              .string()
              .optional()
              .describe('the cursor of the next page, until central starts anew; not there on the last page'),
          }),
        },
      },
    },
    ({ query }) => {
      const definition = definitionOf(deps.catalogue, query.measurement);
      const [cursorRun, after] = cursorKey(query, { pattern: CURSOR })?.split(' ') ?? [];
      if (cursorRun !== undefined && cursorRun !== run)
        throw badCursor('central has started anew since; begin again');
      const { rows, next } = deps.latest.page(query.measurement, tagFilterOf(query, definition), {
        maxRows: query.limit,
        after: Number(after ?? 0),
      });
      return {
        rows: rows.map(({ tags, timeMs, fields }) => ({
          tags,
          timeMs,
          fields: Object.fromEntries(
            Object.entries(fields).map(([name, value]) => [name, toJsonValue(value)]),
          ),
        })),
        ...(next !== undefined && { nextCursor: encodeCursor(`${run} ${next}`) }),
      };
    },
  );
}
