import { z } from 'zod';
import { unixMs } from '../../../runtime/unix-ms.ts';
import { incidentSchema } from '../../alerts/incidents/incident-view.ts';
import { serviceViewSchema } from '../../health/services/service-view.ts';
import { unitViews, unitViewSchema } from '../../health/unit-summary.ts';
import type { LatestCache } from '../../live/latest-cache.ts';
import { soonFull, soonFullSchema } from '../city/soon-full.ts';
import { SharedAnswer } from '../city/shared-answer.ts';
import type { App } from '../fastify-app.ts';
import type { Reach } from '../limits/reach.ts';
import { readinessNow, readinessSchema, type HealthRouteDeps } from './health.ts';
import { openIncidents, type IncidentRouteDeps } from './incidents.ts';
import { poolViews, type PoolRouteDeps } from './pools.ts';
import type { ServiceRouteDeps } from './services.ts';
import type { UnitRouteDeps } from './units.ts';

type CityRouteDeps = UnitRouteDeps &
  IncidentRouteDeps &
  PoolRouteDeps &
  ServiceRouteDeps &
  Omit<HealthRouteDeps, 'latest'> & {
    readonly latest: Pick<LatestCache, 'page' | 'visit' | 'isMeasured'>;
  };

const MAX_INCIDENTS = 50;
/** Central makes these rows every minute or more often; an older one says nothing about now. */
const OLD_AFTER_MS = 180_000;

const figure = (description: string) => z.number().exactOptional().describe(description);

const citySchema = z.object({
  madeAtMs: unixMs,
  isSimulated: z.boolean().describe('it can be broken for a look around: /api/v1/demo'),
  units: z
    .array(
      z.object(
        unitViewSchema.omit({ nameEn: true, reason: true, reasons: true, roots: true, siteStates: true })
          .shape,
      ),
    )
    .describe('as /api/v1/units lists them'),
  incidents: z
    .object({ items: z.array(incidentSchema), isMore: z.boolean().describe('there are more than these') })
    .describe(`open ones, the gravest first, at most ${MAX_INCIDENTS}`),
  services: z.array(
    z.object(serviceViewSchema.pick({ id: true, name: true, state: true, sinceMs: true }).shape),
  ),
  readiness: readinessSchema.describe('as /readyz answers'),
  pools: soonFullSchema,
  figures: z
    .object({
      completenessPercent: figure('samples that were received, of those expected'),
      samplesPerS: figure('taken by central'),
      lagMs: figure('how long the oldest sample waits for the store, ms'),
    })
    .describe(
      'of the last minutes; not there where nothing so new is known, and for a token with limits, since they tell of the whole city',
    ),
});
type City = z.infer<typeof citySchema>;

/** All that the first page shows, in one answer. */
export function cityRoute(app: App, deps: CityRouteDeps, isSimulated: boolean): void {
  const whole = new SharedAnswer<string>();
  app.get(
    '/city',
    {
      config: { limits: 'filtered' },
      schema: {
        tags: ['City'],
        summary:
          'The city at a glance: units, open incidents, services, what is full soon, and central itself',
        response: { 200: citySchema },
      },
    },
    async ({ reach }, reply) => {
      if (reach !== undefined) return cityNow(deps, isSimulated, reach);
      // Checked and written once for all who ask: that is most of its cost.
      const text = await whole.ask(() => reply.serialize(cityNow(deps, isSimulated, undefined)) as string);
      return reply.type('application/json; charset=utf-8').send(text as never);
    },
  );
}

function cityNow(deps: CityRouteDeps, isSimulated: boolean, reach: Reach | undefined): City {
  const nowMs = deps.clock.now();
  const isOwn = (kind: 'unit' | 'service', id: string): boolean => reach?.has(kind, id) !== false;
  return {
    madeAtMs: nowMs,
    isSimulated,
    units: unitViews(deps, nowMs).filter(({ code }) => isOwn('unit', code)),
    incidents: openIncidents(deps, MAX_INCIDENTS, reach),
    services: deps.serviceStates.list().filter(({ id }) => isOwn('service', id)),
    readiness: readinessNow(deps),
    pools: soonFull(
      poolViews(
        deps.inventory.pools.filter((pool) => reach?.hasPool(pool) !== false),
        deps,
      ),
    ),
    figures: reach === undefined ? figuresNow(deps.latest, nowMs) : {},
  };
}

function figuresNow(latest: Pick<LatestCache, 'page'>, nowMs: number): City['figures'] {
  const fieldOf = (measurement: string, field: string): number | undefined => {
    const [row] = latest.page(measurement, {}, { maxRows: 1, after: 0 }).rows;
    const value = row?.fields[field];
    return row !== undefined && nowMs - row.timeMs <= OLD_AFTER_MS && typeof value === 'number'
      ? value
      : undefined;
  };
  const figures = {
    completenessPercent: fieldOf('city_state', 'completeness_pct'),
    samplesPerS: fieldOf('pipeline', 'samples_per_s'),
    lagMs: fieldOf('pipeline', 'lag_ms'),
  };
  return Object.fromEntries(Object.entries(figures).filter(([, value]) => value !== undefined));
}
