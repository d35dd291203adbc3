import { z } from 'zod';
import { UNIT_CODE_PATTERN } from '../../../contract/inventory.ts';
import type { Clock } from '../../../runtime/clock.ts';
import {
  UNIT_STATES,
  unitViews,
  unitViewSchema,
  type UnitSummaryDeps,
  type UnitView,
} from '../../health/unit-summary.ts';
import type { App } from '../fastify-app.ts';
import { isInOneOf, kindsParameter } from '../kinds-parameter.ts';
import { pageOf, pageOfSorted, pageQuery, WHOLE_LIST, type ListKey } from '../paging.ts';

export interface UnitRouteDeps extends UnitSummaryDeps {
  readonly clock: Pick<Clock, 'now'>;
}

const KEY: ListKey<UnitView> = { of: (unit) => unit.code, pattern: UNIT_CODE_PATTERN };

export function unitRoutes(app: App, deps: UnitRouteDeps): void {
  app.get(
    '/units',
    {
      schema: {
        tags: ['City'],
        summary: 'Wards, communes and special zones, with what they have and how it is',
        querystring: z.object({
          ...pageQuery(WHOLE_LIST),
          state: kindsParameter(UNIT_STATES, 'only those in one of these states'),
        }),
        response: { 200: pageOf(unitViewSchema) },
      },
    },
    ({ query }) => {
      const units = unitViews(deps, deps.clock.now());
      return pageOfSorted(
        units.filter(({ state }) => isInOneOf(query.state, state)),
        KEY,
        query,
      );
    },
  );
}
