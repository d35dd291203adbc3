import { z } from 'zod';
import { attemptSchema, MESSAGE_STATES, notificationSchema } from '../../notify/outbox/outbox-message.ts';
import type { Notifier } from '../../notify/notifier.ts';
import { recordAudit, type AuditDeps } from '../audited.ts';
import type { App } from '../fastify-app.ts';
import { ENTRY_KEY } from '../entry-paging.ts';
import { cursorKey, cutPage, pageOf, pageQuery } from '../paging.ts';
import { ApiError } from '../problem.ts';

export interface NotificationRouteDeps extends AuditDeps {
  readonly notifications: Pick<Notifier, 'list' | 'test'>;
}

const channelName = z.string().min(1).max(64).describe("its file's name without `.yaml`");

/** Messages about alerts: what was sent where, what waits, what was given up. */
export function notificationRoutes(app: App, deps: NotificationRouteDeps): void {
  const tags = ['Notifications'];
  app.get(
    '/notifications',
    {
      schema: {
        tags,
        summary: 'Messages to channels, newest first',
        querystring: z.object({
          ...pageQuery(),
          state: z.enum(MESSAGE_STATES).optional().describe('only those'),
          channel: channelName.optional(),
        }),
        response: { 200: pageOf(notificationSchema) },
      },
    },
    ({ query }) => {
      const { limit, state, channel } = query;
      const key = cursorKey(query, ENTRY_KEY);
      const messages = deps.notifications.list({
        limit: limit + 1,
        ...(state !== undefined && { state }),
        ...(channel !== undefined && { channel }),
        ...(key !== undefined && { before: Number(key) }),
      });
      return cutPage(messages, ENTRY_KEY, query);
    },
  );
  app.post(
    '/notifications/test',
    {
      config: { role: 'operator', problems: ['CHANNEL_NOT_FOUND'] },
      schema: {
        tags,
        summary: 'Send a test message to a channel, once and at once',
        body: z.strictObject({ channel: channelName }),
        response: { 200: attemptSchema.pick({ outcome: true, answer: true }) },
      },
    },
    async (request) => {
      const { channel } = request.body;
      const outcome = await deps.notifications.test(channel);
      if (outcome === undefined) throw new ApiError('CHANNEL_NOT_FOUND', `no channel "${channel}"`);
      recordAudit(deps, request, 'notification.test', `${channel}: ${outcome.kind}`);
      return { outcome: outcome.kind, answer: outcome.answer };
    },
  );
}
