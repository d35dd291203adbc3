import { z } from 'zod';
import { INVENTORY_ID_PATTERN } from '../../../contract/inventory.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { unixMs } from '../../../runtime/unix-ms.ts';
import { describeLimits } from '../../access/limits.ts';
import { FOLLOWED_KINDS, FOLLOWED_STATES } from '../../health/states/history/followed-states.ts';
import { findElements, readTimes, type GroupTimes } from '../../health/states/history/history-query.ts';
import type { StateHistory } from '../../health/states/history/state-history.ts';
import { sumOfTimes, type StateTimes } from '../../health/states/history/state-intervals.ts';
import { unitsOfSites } from '../../inventory/geography/site-units.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { App } from '../fastify-app.ts';
import { outsideLimits } from '../limits/limit-callers.ts';
import { pageOf, pageOfSorted, pageQuery, type ListKey } from '../paging.ts';
import { ApiError } from '../problem.ts';
import { suggestionFor } from '../suggestion.ts';
import { assertFilterFits, elementFilter, statesOf } from '../state-parameters.ts';
import { CALENDAR_PARTS, calendarEdges } from '../times/calendar-parts.ts';
import { DAY_MS, presentOf, rangeOf, rangeParameters } from '../times/time-range.ts';

export interface AvailabilityRouteDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly timeZone: string;
  readonly inventory: Inventory;
  readonly stateHistory: Pick<StateHistory, 'read' | 'turns'>;
}

const OF = [...FOLLOWED_KINDS, 'agency'] as const;
type Of = (typeof OF)[number];

/** Of one answer: a page with fewer entries comes where each has many parts. */
const MAX_PARTS_A_PAGE = 10_000;

const stateName = z.enum(FOLLOWED_STATES);
const times = {
  expectedMs: z
    .int()
    .describe('time in which they were expected and central had begun to follow them, all together'),
  timeMs: z.partialRecord(stateName, z.int()).describe('of that in each state; adds up to `expectedMs`'),
  sharePercent: z
    .partialRecord(stateName, z.number())
    .exactOptional()
    .describe('the same in per cent; adds up to 100; not there where nothing was expected'),
  completeness: z.number().exactOptional().describe('share of the time of which the state is known, 0 to 1'),
};
const timesSchema = z.object(times);

const availabilitySchema = z.object({
  id: z.string(),
  name: z.string().exactOptional(),
  elements: z.int().describe('1, or the number of devices of a unit or an agency'),
  ...times,
  parts: z
    .array(timesSchema.extend({ fromMs: unixMs, toMs: unixMs.describe('exclusive') }))
    .exactOptional()
    .describe('with `by`: of each part of the range, in the order of time; they add up to the whole'),
});
type AvailabilityView = z.infer<typeof availabilitySchema>;

const KEY: ListKey<{ readonly id: string }> = { of: ({ id }) => id, pattern: INVENTORY_ID_PATTERN };

const parameters = z.object({
  ...pageQuery(),
  of: z.enum(OF).default('site').describe('what is listed'),
  ...rangeParameters('24 h'),
  by: z
    .enum(CALENDAR_PARTS)
    .optional()
    .describe(
      'also each calendar day, week (from Monday) or month of the range by itself, in `tz`; at most 500',
    ),
  geography: z.iso
    .date('expected a day such as 2025-06-30')
    .optional()
    .meta({
      description:
        'with of=unit: by the units as they were on this day, for all of the range; `unit` and `id` then mean their codes. Devices of sites of which the ' +
        'inventory does not say in which unit they were are together in `unplaced`',
      examples: ['2025-06-30'],
    }),
  ...elementFilter,
});
type AvailabilityQuery = z.output<typeof parameters>;

/** Share of time in each state. */
export function availabilityRoutes(app: App, deps: AvailabilityRouteDeps): void {
  app.get(
    '/availability',
    {
      config: {
        limits: 'named',
        namesById: true,
        problems: ['EMPTY_RANGE', 'BAD_TIME_ZONE', 'TOO_MANY_QUESTIONS'],
      },
      schema: {
        tags: ['City'],
        summary:
          'Share of time in each state, with how much of it is known: of the whole range, and by days, weeks or months',
        description:
          'Of a unit: of the devices in it, all together. Of an agency: of the devices that it owns, all together: a device says whose it is, else its site does. ' +
          'Of a service: of the service itself, by what it needs; `degraded` counts as neither up nor down. ' +
          'Time in which nobody can say is unknown; it counts neither as up nor as down.',
        querystring: parameters,
        response: {
          200: pageOf(availabilitySchema).extend({
            fromMs: unixMs,
            toMs: unixMs.describe('exclusive; what is to come is left out'),
            unplaced: availabilitySchema
              .pick({ elements: true })
              .extend(times)
              .exactOptional()
              .describe(
                'with `geography`: of devices that were in no known unit; not there if all were in one',
              ),
          }),
        },
      },
    },
    async (request) => {
      const { query } = request;
      const present = presentOf(deps, query.tz);
      const range = rangeOf(query, present, DAY_MS);
      const edgesMs =
        query.by === undefined
          ? [range.fromMs, range.toMs]
          : calendarEdges(range, query.by, present.timeZone);
      const limit = Math.min(query.limit, Math.max(1, Math.floor(MAX_PARTS_A_PAGE / (edgesMs.length - 1))));
      const page = { ...query, limit };
      const { of } = query;
      if (query.geography !== undefined && of !== 'unit')
        throw new ApiError('INVALID_REQUEST', `querystring.geography: expected with of=unit, got of=${of}`);
      // The codes of another day are of other places.
      if (query.geography !== undefined && request.reach !== undefined)
        throw outsideLimits(['units of another day'], describeLimits(request.caller?.limits ?? {}));
      const answer =
        of === 'unit' || of === 'agency'
          ? await ofGroups(deps, { ...page, of }, edgesMs)
          : await ofEach(deps, { ...page, of }, edgesMs);
      return { ...answer, ...range };
    },
  );
}

type Asked<O extends Of> = AvailabilityQuery & { readonly of: O };

async function ofEach(
  { inventory, stateHistory }: AvailabilityRouteDeps,
  query: Asked<Exclude<Of, 'unit' | 'agency'>>,
  edgesMs: readonly number[],
) {
  assertFilterFits(query);
  const page = pageOfSorted(findElements(inventory, query), KEY, query);
  const groups = await readTimes(stateHistory, page.items, edgesMs, ({ id }) => id);
  return { ...page, items: groups.map((group) => viewOf(group, group.elements[0]?.name, query, edgesMs)) };
}

/** All of them are read for each page: how many devices one has is known only then. */
async function ofGroups(
  { inventory, stateHistory }: AvailabilityRouteDeps,
  { of, id, geography, unit, ...query }: Asked<'unit' | 'agency'>,
  edgesMs: readonly number[],
) {
  const former = geography === undefined ? undefined : unitsOfSites(inventory, geography);
  const today = of === 'unit' ? inventory.units : inventory.agencies;
  // With the units of another day, `unit` is the code of one of those.
  const filter = { ...query, of: 'device', ...(former === undefined && { unit }) } as const;
  const devices = findElements(inventory, filter);
  const groups = await readTimes(stateHistory, devices, edgesMs, (device) =>
    former === undefined ? device[of] : (former.get(device.site ?? '')?.code ?? UNPLACED),
  );
  const codes = [id, ...(former === undefined ? [] : [unit])].filter((code) => code !== undefined);
  const names = new Map([...(former?.values() ?? [])].map(({ code, name }) => [code, name]));
  for (const [parameter, code] of [
    ['unit', unit],
    ['id', id],
  ] as const) {
    if (former === undefined || code === undefined || names.has(code)) continue;
    const detail = `querystring.${parameter}: expected the code of a unit of ${geography ?? ''}, got "${code}"${suggestionFor(code, [...names.keys()])}`;
    throw new ApiError('UNKNOWN_NAME', detail);
  }
  const views = groups
    .filter(({ key }) => key !== UNPLACED && codes.every((code) => code === key))
    .map((group) => {
      const name = former === undefined ? today.get(group.key)?.name : names.get(group.key);
      return viewOf(group, name, { of, by: query.by }, edgesMs);
    });
  const unplaced = groups.find(({ key }) => key === UNPLACED);
  return {
    ...pageOfSorted(views, KEY, query),
    ...(unplaced !== undefined && {
      unplaced: { elements: unplaced.elements.length, ...timesOf(sumOfTimes(unplaced.parts), of) },
    }),
  };
}

/** No code is empty. */
const UNPLACED = '';

function viewOf(
  { key, elements, parts }: GroupTimes,
  name: string | undefined,
  { of, by }: Pick<AvailabilityQuery, 'of' | 'by'>,
  edgesMs: readonly number[],
): AvailabilityView {
  return {
    id: key,
    ...(name !== undefined && { name }),
    elements: elements.length,
    ...timesOf(sumOfTimes(parts), of),
    ...(by !== undefined && {
      parts: parts.map((part, at) => {
        return { fromMs: edgesMs[at] ?? 0, toMs: edgesMs[at + 1] ?? 0, ...timesOf(part, of) };
      }),
    }),
  };
}

function timesOf(all: StateTimes, of: Of): z.infer<typeof timesSchema> {
  const states = statesOf(of === 'service' ? 'service' : 'device');
  const expectedMs = states.reduce((sum, state) => sum + all[state], 0);
  const each = <T>(value: (ms: number) => T) =>
    Object.fromEntries(states.map((state) => [state, value(all[state])]));
  return {
    expectedMs,
    timeMs: each((ms) => ms),
    ...(expectedMs > 0 && {
      sharePercent: each((ms) => (100 * ms) / expectedMs),
      completeness: (expectedMs - all.unknown) / expectedMs,
    }),
  };
}
