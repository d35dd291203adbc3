import { z } from 'zod';
import type { Clock } from '../../../runtime/clock.ts';
import { foldText } from '../../../runtime/fold-text.ts';
import type { AlertEngine } from '../../alerts/engine/engine.ts';
import {
  ALERT_ORDERS,
  alertDetailSchema,
  alertViewSchema,
  type AlertQuery,
  type AlertView,
} from '../../alerts/history/alert.ts';
import type { Incidents } from '../../alerts/incidents/incidents.ts';
import type { SuppressionOf } from '../../alerts/suppression/suppressed-alerts.ts';
import { suppressionSchema } from '../../alerts/suppression/suppression.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { App } from '../fastify-app.ts';
import { assertOwnAlerts } from '../limits/limit-callers.ts';
import { badCursor, cursorKey, encodeCursor, pageOf, pageQuery } from '../paging.ts';
import { placeNames, placeNameShape, type PlaceNameDeps } from '../place-names.ts';
import { ApiError } from '../problem.ts';
import { searchParameter } from '../search-parameter.ts';
import { presentOf, timeOf, timeZoneParameter } from '../times/time-range.ts';

const { phase, severity } = alertViewSchema.shape;

export interface AlertRouteDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly timeZone: string;
  readonly alerts: Pick<AlertEngine, 'list' | 'has' | 'get' | 'active'>;
  readonly incidents: Pick<Incidents, 'idOf'>;
  readonly suppressionOf: SuppressionOf;
  readonly inventory: PlaceNameDeps['inventory'];
}

/** What belongs to an alert beside its own life. */
const belonging = {
  ...placeNameShape,
  incident: z
    .string()
    .exactOptional()
    .describe('the incident that it belongs to; not there: a finding, or not known yet'),
  suppression: suppressionSchema
    .exactOptional()
    .describe('why nobody is told of it, now; not there: nothing speaks against it, or somebody was told'),
};

const ALERT_ID = /^a-[0-9a-f]{20}$/;

/** Alerts that fired, with what to do in English and Vietnamese. */
export function alertRoutes(app: App, deps: AlertRouteDeps): void {
  const tags = ['Alerts'];
  app.get(
    '/alerts',
    {
      config: { limits: 'filtered' },
      schema: {
        tags,
        summary: 'Alerts, newest first',
        querystring: z.object({
          ...pageQuery(),
          state: z
            .enum(['active', ...phase.options])
            .optional()
            .describe('`active`: firing, recovering or flapping'),
          severity: severity.optional(),
          unit: z.string().optional(),
          site: z.string().optional(),
          device: z.string().optional(),
          rule: z
            .string()
            .optional()
            .meta({ description: 'id of a rule', examples: ['room_smoke'] }),
          suppressed: z
            .enum(['true', 'false'])
            .optional()
            .describe(
              'true: only alerts that nobody is told of now, for a reason that each names; false: all others',
            ),
          acknowledged: z
            .enum(['true', 'false'])
            .optional()
            .describe('whether somebody has acknowledged it, and that is in force'),
          shelved: z.enum(['true', 'false']).optional().describe('whether it is on the shelf'),
          learnedLate: z
            .enum(['true', 'false'])
            .optional()
            .describe(
              'true: only alerts that began and ended while their agent was cut off, and of which its backlog told when they were over; false: all others',
            ),
          assignee: z
            .string()
            .max(100)
            .optional()
            .meta({ description: 'who is to see to it', examples: ['Lan'] }),
          since: timeOf('only alerts that central has recorded since', '-24h'),
          tz: timeZoneParameter,
          q: searchParameter(
            'the title in either language, rule, device and other tags, agent, site, unit and the name of the unit',
          ),
          order: z
            .enum(ALERT_ORDERS)
            .default('newest')
            .describe('newest or oldest first, or the gravest first and of one severity the newest'),
        }),
        response: { 200: pageOf(alertViewSchema.extend(belonging)) },
      },
    },
    ({ query, reach }) => {
      const {
        since,
        tz,
        q,
        suppressed,
        acknowledged,
        shelved,
        learnedLate,
        cursor: _encoded,
        ...plain
      } = query;
      const present = presentOf(deps, tz);
      const cursor = cursorKey(query, { pattern: ALERT_ID });
      // An id that does not exist would give an empty page.
      if (cursor !== undefined && !deps.alerts.has(cursor)) throw badCursor();
      const { items, nextCursor } = deps.alerts.list({
        ...given(plain),
        limit: query.limit,
        ...(reach !== undefined && { within: reach.alerts }),
        ...(acknowledged !== undefined && { acknowledged: acknowledged === 'true' }),
        ...(shelved !== undefined && { shelved: shelved === 'true' }),
        ...(learnedLate !== undefined && { learnedLate: learnedLate === 'true' }),
        ...(since !== undefined && { sinceMs: since(present) }),
        ...(q !== undefined && { search: { text: q, units: unitsNamed(deps.inventory, q) } }),
        ...(suppressed !== undefined && {
          [suppressed === 'true' ? 'among' : 'except']: suppressedIds(deps),
        }),
        ...(cursor !== undefined && { cursor }),
      });
      return {
        items: items.map((alert) => ({ ...alert, ...belongingOf(alert, deps) })),
        ...(nextCursor !== undefined && { nextCursor: encodeCursor(nextCursor) }),
      };
    },
  );
  app.get(
    '/alerts/:id',
    {
      config: { limits: 'filtered', problems: ['ALERT_NOT_FOUND'] },
      schema: {
        tags,
        summary: 'One alert and its timeline',
        params: z.object({ id: z.string().meta({ examples: ['a-6968e021c275d2208d7f'] }) }),
        response: { 200: alertDetailSchema.extend(belonging) },
      },
    },
    ({ params, caller, reach }) => {
      const alert = deps.alerts.get(params.id);
      if (alert === undefined) throw new ApiError('ALERT_NOT_FOUND', `no alert "${params.id}"`);
      assertOwnAlerts({ caller, reach }, [alert]);
      return { ...alert, ...belongingOf(alert, deps), timeline: [...alert.timeline] };
    },
  );
}

function belongingOf(alert: AlertView, deps: AlertRouteDeps) {
  const { incidents, suppressionOf } = deps;
  const incident = incidents.idOf(alert.id);
  const suppression = suppressionOf(alert);
  return {
    ...placeNames(deps, alert),
    ...(incident !== undefined && { incident }),
    ...(suppression !== undefined && { suppression }),
  };
}

function suppressedIds({ alerts, suppressionOf }: AlertRouteDeps): string[] {
  return alerts
    .active()
    .filter((alert) => suppressionOf(alert) !== undefined)
    .map(({ id }) => id);
}

type Filters = Pick<
  AlertQuery,
  'state' | 'severity' | 'unit' | 'site' | 'device' | 'rule' | 'assignee' | 'order'
>;

/** Without those that are not given. */
function given(filters: { readonly [Name in keyof Filters]: Filters[Name] | undefined }): Filters {
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined));
}

function unitsNamed({ units }: Pick<Inventory, 'units'>, text: string): string[] {
  const folded = foldText(text);
  return [...units.values()]
    .filter(({ name, nameEn }) => [name, nameEn].some((each) => foldText(each).includes(folded)))
    .map(({ code }) => code);
}
