import { z } from 'zod';
import type { Clock } from '../../../runtime/clock.ts';
import { foldText } from '../../../runtime/fold-text.ts';
import { unixMs } from '../../../runtime/unix-ms.ts';
import { describeLimits } from '../../access/limits.ts';
import type { AlertEngine } from '../../alerts/engine/engine.ts';
import { alertViewSchema } from '../../alerts/history/alert.ts';
import { unitsOf } from '../../alerts/incidents/count-cut-off.ts';
import { INCIDENT_ORDERS, isIncidentWithin } from '../../alerts/incidents/incident-record.ts';
import { STEP_KINDS } from '../../alerts/incidents/incident-step.ts';
import { incidentSchema } from '../../alerts/incidents/incident-view.ts';
import type { Incidents } from '../../alerts/incidents/incidents.ts';
import { SEVERITIES } from '../../alerts/rules/severity.ts';
import type { SuppressionOf } from '../../alerts/suppression/suppressed-alerts.ts';
import { suppressionSchema } from '../../alerts/suppression/suppression.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { App } from '../fastify-app.ts';
import { handlingOf, type Handled } from '../incidents/incident-handling.ts';
import { incidentSummary, ownCutOff } from '../incidents/incident-summary.ts';
import { outsideLimits } from '../limits/limit-callers.ts';
import type { Reach } from '../limits/reach.ts';
import { badCursor, cursorKey, cutPage, pageOf, pageQuery } from '../paging.ts';
import { ApiError } from '../problem.ts';
import { searchParameter } from '../search-parameter.ts';
import { presentOf, timeOf, timeZoneParameter } from '../times/time-range.ts';

export interface IncidentRouteDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly timeZone: string;
  readonly incidents: Pick<Incidents, 'page' | 'has' | 'get' | 'members' | 'steps' | 'openCounts' | 'idOf'>;
  readonly alerts: Pick<AlertEngine, 'list' | 'rules' | 'visitActive'>;
  readonly suppressionOf: SuppressionOf;
  readonly inventory: Pick<Inventory, 'sites' | 'devices' | 'units' | 'services'>;
}

const INCIDENT_ID = /^i-[0-9a-f]{20}$/;
const MAX_STEPS = 1_000;
const MAX_NAMED = 1_000;

const list = pageOf(incidentSchema);

const memberSchema = alertViewSchema
  .pick({
    id: true,
    rule: true,
    title: true,
    severity: true,
    phase: true,
    entity: true,
    unit: true,
    site: true,
    startedAtMs: true,
    resolvedAtMs: true,
  })
  .extend({
    relation: z
      .enum(['alone', 'root', 'impact', 'behind'])
      .describe(
        'root: it is about the root itself; impact: about a service of the city that loses by it; behind: it hangs on it; alone: nothing behind it is known',
      ),
    wasTold: z.boolean().describe('somebody was told of it before its root was known'),
    joinedAtMs: unixMs,
    leftAtMs: unixMs.exactOptional().describe('when it turned out to belong elsewhere, or to be on its own'),
    suppression: suppressionSchema.exactOptional(),
  });

const named = z.object({ id: z.string(), name: z.string() });

const detailSchema = incidentSchema.extend({
  members: z.array(memberSchema).describe('in the order in which they joined'),
  affected: z
    .object({
      sites: z.array(named.extend({ unit: z.string() })),
      devices: z.array(named.extend({ site: z.string(), unit: z.string() })),
      units: z.array(named),
      services: z.array(named),
    })
    .describe('what was cut off because of the root at any time, itself included; at most 1,000 of each'),
  timeline: z
    .array(
      z.object({
        kind: z.enum(STEP_KINDS),
        alert: z.string().exactOptional(),
        reason: z.string(),
        atMs: unixMs.describe("by central's clock"),
      }),
    )
    .describe('oldest first, at most the newest 1,000'),
  truncated: z.boolean().describe('it has more members than `limit`'),
});

/** Alerts that belong together, with what is to blame and what hangs on it. */
export function incidentRoutes(app: App, deps: IncidentRouteDeps): void {
  const tags = ['Alerts'];
  app.get(
    '/incidents',
    {
      config: { limits: 'filtered' },
      schema: {
        tags,
        summary: 'Incidents: a root and the alerts that hang on it, newest first',
        querystring: z.object({
          ...pageQuery(),
          state: z.enum(['open', 'ended']).optional(),
          severity: z.enum(SEVERITIES).optional().describe('the gravest of its alerts'),
          unit: z
            .string()
            .optional()
            .meta({ description: 'only those with something cut off in this unit', examples: ['26737'] }),
          root: z
            .string()
            .optional()
            .meta({ description: 'what is down or cut', examples: ['site:hub-03'] }),
          since: timeOf('only incidents that began since, and those that are still open', '-24h'),
          tz: timeZoneParameter,
          q: searchParameter(
            'the root, its site and unit, and the title of the alert that is told, in both languages',
          ),
          order: z
            .enum(INCIDENT_ORDERS)
            .default('newest')
            .describe('newest or oldest first, or the gravest first and of one severity the newest'),
        }),
        response: { 200: list },
      },
    },
    ({ query, reach }) => {
      const { since, tz, q, state, severity, unit, root, order, limit } = query;
      const cursor = cursorKey(query, { pattern: INCIDENT_ID });
      if (cursor !== undefined && !deps.incidents.has(cursor)) throw badCursor();
      const records = deps.incidents.page({
        ...{ state, severity, unit, root, order, limit, cursor, within: reach?.incidents },
        ...(since !== undefined && { sinceMs: since(presentOf(deps, tz)) }),
        ...(q !== undefined && { search: foldText(q) }),
      });
      const { items, ...next } = cutPage(records, { of: ({ id }) => id, pattern: INCIDENT_ID }, query);
      const handling = handlingNow(deps, reach);
      return { items: items.map((record) => incidentSummary(record, deps, { reach, handling })), ...next };
    },
  );
  app.get(
    '/incidents/:id',
    {
      config: { limits: 'filtered', problems: ['INCIDENT_NOT_FOUND'] },
      schema: {
        tags,
        summary: 'One incident: its alerts, what was cut off, and its timeline',
        params: z.object({ id: z.string().meta({ examples: ['i-5f0c21c275d2208d7f6e'] }) }),
        querystring: z.object({
          limit: z.coerce
            .number()
            .int()
            .min(1)
            .max(1_000)
            .default(100)
            .describe('most members of the answer'),
        }),
        response: { 200: detailSchema },
      },
    },
    ({ params: { id }, query: { limit }, caller, reach }) => {
      const record = deps.incidents.get(id);
      if (record === undefined) throw new ApiError('INCIDENT_NOT_FOUND', `no incident "${id}"`);
      if (reach !== undefined && !isIncidentWithin(record, reach.incidents))
        throw outsideLimits([`incident "${id}"`], describeLimits(caller?.limits ?? {}));
      const members = deps.incidents.members(id, limit + 1);
      return {
        ...incidentSummary(record, deps, { reach, handling: handlingNow(deps, reach) }),
        members: membersOf(members.slice(0, limit), deps, reach),
        affected: affectedOf(ownCutOff(record, reach), deps.inventory),
        timeline: timelineOf(deps.incidents.steps(id, MAX_STEPS), deps, reach),
        truncated: members.length > limit,
      };
    },
  );
}

/** Open incidents as the first page shows them, the gravest first; `isMore`: there are more than `limit`. */
export function openIncidents(
  deps: IncidentRouteDeps,
  limit: number,
  reach: Reach | undefined,
): { readonly items: z.infer<typeof incidentSchema>[]; readonly isMore: boolean } {
  const records = deps.incidents.page({
    ...{ state: 'open', order: 'severity', limit, within: reach?.incidents },
  });
  const handling = handlingNow(deps, reach);
  return {
    items: records.slice(0, limit).map((record) => incidentSummary(record, deps, { reach, handling })),
    isMore: records.length > limit,
  };
}

/** By all that is open now, of a limited token by what is its own. */
function handlingNow({ alerts, incidents }: IncidentRouteDeps, reach: Reach | undefined) {
  const handled: Handled[] = [];
  alerts.visitActive((alert) => {
    const isHandled = alert.assignee !== undefined || alert.acknowledgement !== undefined;
    if (isHandled && reach?.hasAlert(alert) !== false) handled.push(alert);
  });
  return handlingOf(handled, (id) => incidents.idOf(id));
}

/** Without what happened to alerts that are not the caller's own. */
function timelineOf(
  steps: ReturnType<IncidentRouteDeps['incidents']['steps']>,
  { alerts }: IncidentRouteDeps,
  reach: Reach | undefined,
): z.infer<typeof detailSchema>['timeline'] {
  const named = [...new Set(steps.flatMap(({ alert }) => alert ?? []))];
  const own =
    reach === undefined || named.length === 0
      ? undefined
      : new Set(
          alerts.list({ among: named, limit: named.length, within: reach.alerts }).items.map(({ id }) => id),
        );
  const isOwn = (alert: string): boolean => reach === undefined || own?.has(alert) === true;
  return steps
    .filter(({ alert }) => alert === undefined || isOwn(alert))
    .map(({ kind, alert, reason, atMs }) => ({
      ...{ kind, reason, atMs },
      ...(alert !== undefined && { alert }),
    }));
}

function membersOf(
  members: ReturnType<IncidentRouteDeps['incidents']['members']>,
  { alerts, suppressionOf }: IncidentRouteDeps,
  reach: Reach | undefined,
): z.infer<typeof memberSchema>[] {
  if (members.length === 0) return [];
  const among = members.map(({ alert }) => alert);
  const within = reach === undefined ? {} : { within: reach.alerts };
  const { items } = alerts.list({ among, limit: among.length, ...within });
  const found = new Map(items.map((alert) => [alert.id, alert]));
  return members.flatMap(({ alert: id, relation, wasTold, joinedAtMs, leftAtMs }) => {
    const alert = found.get(id);
    if (alert === undefined) return [];
    const suppression = suppressionOf(alert);
    return [
      {
        ...{ id, rule: alert.rule, title: alert.title, severity: alert.severity, phase: alert.phase },
        ...{ entity: alert.entity, startedAtMs: alert.startedAtMs, relation, wasTold, joinedAtMs },
        ...(alert.unit !== undefined && { unit: alert.unit }),
        ...(alert.site !== undefined && { site: alert.site }),
        ...(alert.resolvedAtMs !== undefined && { resolvedAtMs: alert.resolvedAtMs }),
        ...(leftAtMs !== undefined && { leftAtMs }),
        ...(suppression !== undefined && { suppression }),
      },
    ];
  });
}

/** By their names today; what the inventory no longer has, by its id. */
function affectedOf(
  cutOff: readonly string[],
  inventory: IncidentRouteDeps['inventory'],
): z.infer<typeof detailSchema>['affected'] {
  const idsOf = (kind: string): string[] =>
    cutOff
      .filter((ref) => ref.startsWith(`${kind}:`))
      .slice(0, MAX_NAMED)
      .map((ref) => ref.slice(kind.length + 1));
  return {
    sites: idsOf('site').map((id) => {
      const site = inventory.sites.get(id);
      return { id, name: site?.name ?? id, unit: site?.unit ?? '' };
    }),
    devices: idsOf('device').map((id) => {
      const device = inventory.devices.get(id);
      return { id, name: device?.name ?? id, site: device?.site ?? '', unit: device?.unit ?? '' };
    }),
    units: [...unitsOf(cutOff, inventory)].map((id) => ({ id, name: inventory.units.get(id)?.name ?? id })),
    services: idsOf('service').map((id) => ({ id, name: inventory.services.get(id)?.name ?? id })),
  };
}
