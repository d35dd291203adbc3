import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { unixMs } from '../../../runtime/unix-ms.ts';
import type { MaintenanceWindows } from '../../alerts/life/maintenance/maintenance-windows.ts';
import {
  WINDOW_STATES,
  windowRequestSchema,
  windowSchema,
  type MaintenanceWindow,
} from '../../alerts/life/maintenance/window.ts';
import type { App } from '../fastify-app.ts';
import { firstOf } from '../limits/listed.ts';
import { assertOwnWindow, isOwnWindow } from '../limits/own-quiet.ts';
import type { Reach } from '../limits/reach.ts';
import { cursorKey, cutPage, pageOf, pageQuery, type ListKey } from '../paging.ts';
import { ApiError } from '../problem.ts';
import { authorOf } from './inventory.ts';

export interface MaintenanceRouteDeps {
  readonly maintenance: Pick<
    MaintenanceWindows,
    'create' | 'change' | 'end' | 'endPresent' | 'get' | 'list' | 'stateOf' | 'next' | 'overlapsOf'
  >;
}

const NEXT = 3;

const spanSchema = z.object({ fromMs: unixMs, toMs: unixMs });
const stateSchema = z.enum(WINDOW_STATES);
const windowView = windowSchema.extend({
  state: stateSchema.describe('active: open now; pending: opens later, perhaps again'),
  next: z.array(spanSchema).describe(`when it is open, the present time first; at most ${NEXT}`),
});
const written = windowView.extend({
  overlaps: z
    .array(spanSchema.extend({ id: z.string(), reason: z.string() }))
    .describe(
      'other windows that cover part of the same at the same time, within five weeks or while it lasts, with when first; at most 20',
    ),
});
const params = z.object({ id: z.string().meta({ examples: ['m-7'] }) });

const KEY: ListKey<{ readonly number: number }> = {
  of: ({ number }) => String(number),
  pattern: /^[1-9]\d{0,14}$/,
};

type Result = ReturnType<MaintenanceRouteDeps['maintenance']['create' | 'change']>;

/** Planned work: operators write, everybody reads. */
export function maintenanceRoutes(app: App, { maintenance }: MaintenanceRouteDeps): void {
  const tags = ['Alerts'];
  const viewOf = (window: MaintenanceWindow): z.infer<typeof windowView> => ({
    ...window,
    state: maintenance.stateOf(window),
    next: maintenance.next(window, NEXT).map((span) => ({ ...span })),
  });
  const isReadable = (id: string, reach: Reach | undefined): boolean => {
    if (reach === undefined) return true;
    const window = maintenance.get(id);
    return window !== undefined && isOwnWindow(window, reach);
  };
  const writtenOf = (window: MaintenanceWindow, reach: Reach | undefined): z.infer<typeof written> => ({
    ...viewOf(window),
    overlaps: maintenance
      .overlapsOf(window)
      .filter(({ id }) => isReadable(id, reach))
      .map((overlap) => ({ ...overlap })),
  });
  const ownWindow = (request: FastifyRequest, id: string): MaintenanceWindow => {
    const window = maintenance.get(id);
    if (window === undefined) throw notFound(id);
    assertOwnWindow(request, window);
    return window;
  };
  app.get(
    '/maintenance',
    {
      config: { limits: 'filtered' },
      schema: {
        tags,
        summary:
          'Maintenance windows, newest first, with the times at which they are open; ended ones for 400 days',
        querystring: z.object({ ...pageQuery(), state: stateSchema.optional() }),
        response: { 200: pageOf(windowView) },
      },
    },
    ({ query, reach }) => {
      const key = cursorKey(query, KEY);
      const { state, limit } = query;
      const beforeNumber = key === undefined ? undefined : Number(key);
      const listed =
        reach === undefined
          ? maintenance.list({ state, limit: limit + 1, beforeNumber })
          : firstOf(
              (page) => maintenance.list({ state, ...page }),
              ({ window }) => isOwnWindow(window, reach),
              { limit: limit + 1, beforeNumber },
            );
      const page = cutPage(listed, KEY, query);
      return { ...page, items: page.items.map(({ window }) => viewOf(window)) };
    },
  );
  app.get(
    '/maintenance/:id',
    {
      config: { limits: 'filtered', problems: ['WINDOW_NOT_FOUND'] },
      schema: { tags, summary: 'One maintenance window', params, response: { 200: windowView } },
    },
    (request) => viewOf(ownWindow(request, request.params.id)),
  );
  app.post(
    '/maintenance',
    {
      config: { limits: 'filtered', role: 'operator', problems: ['TOO_MANY_ENTRIES'] },
      schema: {
        tags,
        summary:
          'Plan work, once or again and again: nobody is told that alerts about it begin. They are judged, listed and counted all the same, and ends are told',
        body: windowRequestSchema,
        response: { 201: written },
      },
    },
    async (request, reply) => {
      assertOwnWindow(request, request.body);
      const window = windowOf(maintenance.create(request.body, authorOf(request)), '');
      return reply.status(201).send(writtenOf(window, request.reach));
    },
  );
  app.put(
    '/maintenance/:id',
    {
      config: {
        limits: 'filtered',
        role: 'operator',
        problems: ['WINDOW_NOT_FOUND', 'WINDOW_ENDED', 'REVISION_MOVED'],
      },
      schema: {
        tags,
        summary: 'Change a maintenance window that has not ended',
        params,
        body: windowRequestSchema.extend({
          expectedRevision: z.int().min(1).describe('revision that the caller has seen'),
        }),
        response: { 200: written },
      },
    },
    (request) => {
      const { id } = ownWindow(request, request.params.id);
      assertOwnWindow(request, request.body);
      const { expectedRevision, ...given } = request.body;
      const window = windowOf(maintenance.change(id, expectedRevision, given, authorOf(request)), id);
      return writtenOf(window, request.reach);
    },
  );
  app.post(
    '/maintenance/:id/end',
    {
      config: { limits: 'filtered', role: 'operator', problems: ['WINDOW_NOT_FOUND', 'WINDOW_ENDED'] },
      schema: {
        tags,
        summary: 'The work is done: end what is open now. One that comes again opens at its next time',
        params,
        response: { 200: windowView },
      },
    },
    (request) => {
      const { id } = ownWindow(request, request.params.id);
      return viewOf(windowOf(maintenance.endPresent(id, authorOf(request)), id));
    },
  );
  app.delete(
    '/maintenance/:id',
    {
      config: { limits: 'filtered', role: 'operator', problems: ['WINDOW_NOT_FOUND', 'WINDOW_ENDED'] },
      schema: {
        tags,
        summary: 'End a maintenance window for good, or call it off; it stays in the list as ended',
        params,
        response: { 200: windowView },
      },
    },
    (request) => {
      const { id } = ownWindow(request, request.params.id);
      return viewOf(windowOf(maintenance.end(id, authorOf(request)), id));
    },
  );
}

function windowOf(result: Result, id: string): MaintenanceWindow {
  if ('window' in result) return result.window;
  if ('problems' in result) {
    const { problems } = result;
    throw new ApiError('INVALID_REQUEST', problems.join('; '), { problems });
  }
  switch (result.missing) {
    case 'room':
      throw new ApiError('TOO_MANY_ENTRIES', 'there are as many windows as there may be; end some first');
    case 'unknown':
      throw notFound(id);
    case 'ended':
      throw new ApiError('WINDOW_ENDED', `maintenance window "${id}" has ended; make another one`);
    case 'moved':
      throw new ApiError(
        'REVISION_MOVED',
        `maintenance window "${id}" has another revision by now; read it again`,
      );
  }
}

function notFound(id: string): ApiError {
  return new ApiError('WINDOW_NOT_FOUND', `no maintenance window "${id}"`);
}
