import { z } from 'zod';
import { INVENTORY_ID_PATTERN } from '../../../contract/inventory.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { unixMs } from '../../../runtime/unix-ms.ts';
import { findElements, readTimes, type GroupTimes } from '../../health/states/history/history-query.ts';
import type { StateHistory } from '../../health/states/history/state-history.ts';
import type { StateTimes } from '../../health/states/history/state-intervals.ts';
import { STATES, stateSchema } from '../../health/states/state-view.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { App } from '../fastify-app.ts';
import { pageOf, pageOfSorted, pageQuery, type ListKey } from '../paging.ts';
import { elementFilter } from '../state-parameters.ts';
import { DAY_MS, presentOf, rangeOf, rangeParameters } from '../times/time-range.ts';

export interface AvailabilityRouteDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly timeZone: string;
  readonly inventory: Inventory;
  readonly stateHistory: Pick<StateHistory, 'read' | 'turns'>;
}

const OF = ['device', 'site', 'link', 'unit', 'agency'] as const;

const availabilitySchema = z.object({
  id: z.string(),
  name: z.string().exactOptional(),
  elements: z.int().describe('1, or the number of devices of a unit or an agency'),
  expectedMs: z
    .int()
    .describe('time in which they were expected and central had begun to follow them, all together'),
  timeMs: z.record(stateSchema, z.int()).describe('of that in each state; adds up to `expectedMs`'),
  sharePercent: z
    .record(stateSchema, z.number())
    .exactOptional()
    .describe('the same in per cent; adds up to 100; not there where nothing was expected'),
  completeness: z.number().exactOptional().describe('share of the time of which the state is known, 0 to 1'),
});
type AvailabilityView = z.infer<typeof availabilitySchema>;

const KEY: ListKey<{ readonly id: string }> = { of: ({ id }) => id, pattern: INVENTORY_ID_PATTERN };

/** Share of time in each state. */
export function availabilityRoutes(app: App, deps: AvailabilityRouteDeps): void {
  app.get(
    '/availability',
    {
      config: { problems: ['EMPTY_RANGE', 'BAD_TIME_ZONE', 'TOO_MANY_QUESTIONS'] },
      schema: {
        tags: ['City'],
        summary: 'Share of time in each state, with how much of it is known',
        description:
          'Of a unit and of an agency: of its devices, all together. Time in which nobody can say is unknown; it counts neither as up nor as down.',
        querystring: z.object({
          ...pageQuery(),
          of: z.enum(OF).default('site').describe('what is listed'),
          ...rangeParameters('24 h'),
          ...elementFilter,
        }),
        response: {
          200: pageOf(availabilitySchema).extend({
            fromMs: unixMs,
            toMs: unixMs.describe('exclusive; what is to come is left out'),
          }),
        },
      },
    },
    async ({ query }) => {
      const present = presentOf(deps, query.tz);
      const range = rangeOf(query, present, DAY_MS);
      const { of } = query;
      if (of === 'unit' || of === 'agency') {
        const devices = findElements(deps.inventory, { ...query, of: 'device' });
        const groups = await readTimes(deps.stateHistory, devices, range, (device) => device[of]);
        const views = groups.map((group) => viewOf(group, nameOf(of, group.key, deps.inventory)));
        return { ...pageOfSorted(views, KEY, query), ...range };
      }
      const page = pageOfSorted(findElements(deps.inventory, { ...query, of }), KEY, query);
      const groups = await readTimes(deps.stateHistory, page.items, range, ({ id }) => id);
      return { ...page, items: groups.map((group) => viewOf(group, group.elements[0]?.name)), ...range };
    },
  );
}

function nameOf(of: 'unit' | 'agency', id: string, { units, agencies }: Inventory): string | undefined {
  return (of === 'unit' ? units : agencies).get(id)?.name;
}

function viewOf({ key, elements, times }: GroupTimes, name: string | undefined): AvailabilityView {
  const expectedMs = STATES.reduce((sum, state) => sum + times[state], 0);
  return {
    id: key,
    ...(name !== undefined && { name }),
    elements: elements.length,
    expectedMs,
    timeMs: times,
    ...(expectedMs > 0 && {
      sharePercent: percentOf(times, expectedMs),
      completeness: (expectedMs - times.unknown) / expectedMs,
    }),
  };
}

function percentOf(times: StateTimes, wholeMs: number): StateTimes {
  const percent = (ms: number): number => (100 * ms) / wholeMs;
  return {
    up: percent(times.up),
    down: percent(times.down),
    unreachable: percent(times.unreachable),
    unknown: percent(times.unknown),
  };
}
