import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Clock } from '../../../runtime/clock.ts';
import type { AlertEngine } from '../../alerts/engine/engine.ts';
import { alertViewSchema } from '../../alerts/history/alert.ts';
import type { AlertLife, Outcome } from '../../alerts/life/alert-life.ts';
import { commentSchema, nameSchema, reasonSchema } from '../../alerts/life/texts.ts';
import type { ErrorCode } from '../error-codes.ts';
import type { App } from '../fastify-app.ts';
import { assertOwnAlerts } from '../limits/limit-callers.ts';
import { ApiError } from '../problem.ts';
import { futureTime } from '../times/future-time.ts';
import { authorOf } from './inventory.ts';

export interface AlertLifeRouteDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly alerts: Pick<AlertEngine, 'get'>;
  readonly alertLife: Pick<
    AlertLife,
    'acknowledge' | 'takeBackAcknowledgement' | 'assign' | 'comment' | 'close' | 'shelve' | 'unshelve'
  >;
}

const DAY_MS = 86_400_000;
const LONGEST_ACKNOWLEDGED_MS = 30 * DAY_MS;
const LONGEST_SHELVED_MS = 7 * DAY_MS;
const MAX_AT_ONCE = 500;

const params = z.object({ id: z.string().meta({ examples: ['a-6968e021c275d2208d7f'] }) });
const response = { 200: alertViewSchema };
const PROBLEMS = ['ALERT_NOT_FOUND', 'ALERT_OVER', 'TIMELINE_FULL'] as const satisfies readonly ErrorCode[];
const role = 'operator';

const bulkAnswer = z.object({
  done: z.array(z.string()).describe('acknowledged now'),
  over: z.array(z.string()).describe('these have ended'),
  unknown: z.array(z.string()).describe('there are no such alerts'),
  full: z.array(z.string()).describe('people have written as many lines about these as there may be'),
});

/** What people do with single alerts: operators write, everybody reads; each is a line of the timeline and of the audit log. */
export function alertLifeRoutes(app: App, deps: AlertLifeRouteDeps): void {
  const tags = ['Alerts'];
  const { alertLife, clock } = deps;
  const acknowledgement = {
    text: reasonSchema.optional().describe('why'),
    untilMs: futureTime(clock, LONGEST_ACKNOWLEDGED_MS)
      .optional()
      .describe('Unix time in ms, at most 30 days ahead: from then on it counts as not acknowledged'),
  };
  /** The id of the alert, which the caller may act on. */
  const ownAlert = (request: FastifyRequest, id: string): string => {
    const alert = deps.alerts.get(id);
    if (alert !== undefined) assertOwnAlerts(request, [alert]);
    return id;
  };
  const answer = (id: string, outcome: Outcome): z.infer<typeof alertViewSchema> => {
    const alert = deps.alerts.get(id);
    if (alert === undefined || outcome.unknown.length > 0)
      throw new ApiError('ALERT_NOT_FOUND', `no alert "${id}"`);
    if (outcome.over.length > 0) throw new ApiError('ALERT_OVER', `alert "${id}" is ${alert.phase}`);
    if (outcome.full.length > 0)
      throw new ApiError('TIMELINE_FULL', `alert "${id}" has as many lines of people as it may have`);
    const { timeline: _timeline, ...view } = alert;
    return view;
  };

  app.post(
    '/alerts/:id/acknowledge',
    {
      config: { limits: 'filtered', role, problems: PROBLEMS },
      schema: {
        tags,
        summary:
          'Say that somebody has seen an alert; one that is acknowledged already gets the new acknowledgement',
        params,
        body: z.strictObject(acknowledgement),
        response,
      },
    },
    (request) => {
      const id = ownAlert(request, request.params.id);
      return answer(id, alertLife.acknowledge([id], request.body, authorOf(request)));
    },
  );
  app.post(
    '/alerts/acknowledge',
    {
      config: { limits: 'filtered', role },
      schema: {
        tags,
        summary:
          'Acknowledge many alerts at once, in one transaction; those that cannot be are named and the others done',
        body: z.strictObject({
          ids: z.array(z.string().max(100)).min(1).max(MAX_AT_ONCE).describe('ids of alerts'),
          ...acknowledgement,
        }),
        response: { 200: bulkAnswer },
      },
    },
    (request) => {
      const { ids, ...given } = request.body;
      if (request.reach !== undefined)
        assertOwnAlerts(
          request,
          ids.flatMap((id) => deps.alerts.get(id) ?? []),
        );
      const { done, over, unknown, full } = alertLife.acknowledge(ids, given, authorOf(request));
      return { done: [...done], over: [...over], unknown: [...unknown], full: [...full] };
    },
  );
  // Else it would be read as the id of an alert.
  app.get('/alerts/acknowledge', { schema: { hide: true } }, () => {
    throw new ApiError('METHOD_NOT_ALLOWED', 'no GET /api/v1/alerts/acknowledge here, only POST', {
      allow: ['POST'],
    });
  });
  app.delete(
    '/alerts/:id/acknowledge',
    {
      config: { limits: 'filtered', role, problems: PROBLEMS },
      schema: {
        tags,
        summary: 'Take the acknowledgement back; nothing happens where there is none',
        params,
        response,
      },
    },
    (request) => {
      const id = ownAlert(request, request.params.id);
      return answer(id, alertLife.takeBackAcknowledgement(id, authorOf(request)));
    },
  );
  app.post(
    '/alerts/:id/assign',
    {
      config: { limits: 'filtered', role, problems: PROBLEMS },
      schema: {
        tags,
        summary: 'Say who is to see to an alert',
        params,
        body: z.strictObject({
          assignee: nameSchema.nullable().describe('null: nobody any more'),
          text: reasonSchema.optional(),
        }),
        response,
      },
    },
    (request) => {
      const id = ownAlert(request, request.params.id);
      return answer(id, alertLife.assign(id, request.body, authorOf(request)));
    },
  );
  app.post(
    '/alerts/:id/comment',
    {
      config: { limits: 'filtered', role, problems: PROBLEMS },
      schema: {
        tags,
        summary: 'Write into the timeline of an alert, also of one that has ended',
        params,
        body: z.strictObject({ text: commentSchema }),
        response,
      },
    },
    (request) => {
      const id = ownAlert(request, request.params.id);
      return answer(id, alertLife.comment(id, request.body.text, authorOf(request)));
    },
  );
  app.post(
    '/alerts/:id/close',
    {
      config: { limits: 'filtered', role, problems: PROBLEMS },
      schema: {
        tags,
        summary:
          'End an alert by hand; whoever was told of its beginning is told. While the same breach goes on and gets no graver, no other alert tells of it',
        params,
        body: z.strictObject({ text: reasonSchema.describe('why') }),
        response,
      },
    },
    (request) => {
      const id = ownAlert(request, request.params.id);
      return answer(id, alertLife.close(id, request.body.text, authorOf(request)));
    },
  );
  app.post(
    '/alerts/:id/shelve',
    {
      config: { limits: 'filtered', role, problems: PROBLEMS },
      schema: {
        tags,
        summary: 'Tell nobody of an alert for some time, at most 7 days, unless it gets graver or ends',
        params,
        body: z.strictObject({
          text: reasonSchema.describe('why'),
          untilMs: futureTime(clock, LONGEST_SHELVED_MS).describe('Unix time in ms, at most 7 days ahead'),
        }),
        response,
      },
    },
    (request) => {
      const id = ownAlert(request, request.params.id);
      return answer(id, alertLife.shelve(id, request.body, authorOf(request)));
    },
  );
  app.delete(
    '/alerts/:id/shelve',
    {
      config: { limits: 'filtered', role, problems: PROBLEMS },
      schema: {
        tags,
        summary: 'Take an alert off the shelf; nothing happens where it is not on it',
        params,
        response,
      },
    },
    (request) => {
      const id = ownAlert(request, request.params.id);
      return answer(id, alertLife.unshelve(id, authorOf(request)));
    },
  );
}
