import { z } from 'zod';
import type { AlertEngine } from '../../alerts/engine/engine.ts';
import { alertDetailSchema, alertViewSchema } from '../../alerts/history/alert.ts';
import type { App } from '../fastify-app.ts';
import { badCursor, cursorKey, encodeCursor, pageOf, pageQuery } from '../paging.ts';
import { ApiError } from '../problem.ts';

const { phase, severity } = alertViewSchema.shape;

export interface AlertRouteDeps {
  readonly alerts: Pick<AlertEngine, 'list' | 'has' | 'get'>;
}

const ALERT_ID = /^a-[0-9a-f]{20}$/;

/** Alerts that fired, with what to do in English and Vietnamese. */
export function alertRoutes(app: App, deps: AlertRouteDeps): void {
  const tags = ['Alerts'];
  app.get(
    '/alerts',
    {
      schema: {
        tags,
        summary: 'Alerts, newest first',
        querystring: z.object({
          ...pageQuery(),
          state: z.enum(['active', ...phase.options]).optional(),
          severity: severity.optional(),
          unit: z.string().optional(),
        }),
        response: { 200: pageOf(alertViewSchema) },
      },
    },
    ({ query }) => {
      const { state, severity: wanted, unit, limit } = query;
      const cursor = cursorKey(query, { pattern: ALERT_ID });
      // An id that does not exist would give an empty page.
      if (cursor !== undefined && !deps.alerts.has(cursor)) throw badCursor();
      const { items, nextCursor } = deps.alerts.list({
        limit,
        ...(state !== undefined && { state }),
        ...(wanted !== undefined && { severity: wanted }),
        ...(unit !== undefined && { unit }),
        ...(cursor !== undefined && { cursor }),
      });
      return {
        items: [...items],
        ...(nextCursor !== undefined && { nextCursor: encodeCursor(nextCursor) }),
      };
    },
  );
  app.get(
    '/alerts/:id',
    {
      config: { problems: ['ALERT_NOT_FOUND'] },
      schema: {
        tags,
        summary: 'One alert and its timeline',
        params: z.object({ id: z.string() }),
        response: { 200: alertDetailSchema },
      },
    },
    ({ params }) => {
      const alert = deps.alerts.get(params.id);
      if (alert === undefined) throw new ApiError('ALERT_NOT_FOUND', `no alert "${params.id}"`);
      return { ...alert, timeline: [...alert.timeline] };
    },
  );
}
