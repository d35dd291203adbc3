import { z } from 'zod';
import { UNIT_CODE_PATTERN, unitSchema, type Unit } from '../../../contract/inventory.ts';
import type { Clock } from '../../../runtime/clock.ts';
import {
  UNIT_STATES,
  unitViews,
  unitViewSchema,
  type UnitSummaryDeps,
  type UnitView,
} from '../../health/unit-summary.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { App } from '../fastify-app.ts';
import { elementPage, elementParameters } from '../lists/element-list.ts';
import { SearchedTexts } from '../lists/searched-texts.ts';
import { pageOf, pageQuery, WHOLE_LIST, type ListKey } from '../paging.ts';

export interface UnitRouteDeps extends UnitSummaryDeps {
  readonly inventory: UnitSummaryDeps['inventory'] & Pick<Inventory, 'devices'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly timeZone: string;
}

const KEY: ListKey<UnitView> = { of: (unit) => unit.code, pattern: UNIT_CODE_PATTERN };

export function unitRoutes(app: App, deps: UnitRouteDeps): void {
  const texts = new SearchedTexts<Unit>(({ code, name, nameEn }) => [code, name, nameEn]);
  app.get(
    '/units',
    {
      config: { limits: 'filtered' },
      schema: {
        tags: ['City'],
        summary: 'Wards, communes and special zones, with what they have and how it is',
        querystring: z.object({
          ...pageQuery(WHOLE_LIST),
          ...elementParameters(UNIT_STATES, { searched: 'code and name' }),
          unit: z.string().optional().describe('only this one, by its code'),
          kind: unitSchema.shape.kind.optional().describe('only of this kind'),
          agency: z.string().optional().describe('only those in which this agency owns a site or a device'),
        }),
        response: { 200: pageOf(unitViewSchema) },
      },
    },
    ({ query, reach }) => {
      const { unit, kind, agency } = query;
      const found = new Set(
        texts.filter([...deps.inventory.units.values()], query.q).map(({ code }) => code),
      );
      const owned = agency === undefined ? undefined : unitsOf(agency, deps.inventory);
      const units = unitViews(deps, deps.clock.now()).filter(
        ({ code, ...view }) =>
          reach?.has('unit', code) !== false &&
          found.has(code) &&
          (unit === undefined || code === unit) &&
          (kind === undefined || view.kind === kind) &&
          (owned === undefined || owned.has(code)),
      );
      return elementPage(units, { key: KEY, states: UNIT_STATES, momentOf: (view) => view }, query, deps);
    },
  );
}

/** Codes of the units in which the agency owns something. */
function unitsOf(
  agency: string,
  { sites, devices }: Pick<Inventory, 'sites' | 'devices'>,
): ReadonlySet<string> {
  const owned = [...sites.values(), ...devices.values()].filter((each) => each.agency === agency);
  return new Set(owned.map(({ unit }) => unit));
}
