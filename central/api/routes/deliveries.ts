import { z } from 'zod';
import { unixMs } from '../../../runtime/unix-ms.ts';
import type { AlertEngine } from '../../alerts/engine/engine.ts';
import type { Notifier } from '../../notify/notifier.ts';
import { deliverySchema } from '../../notify/outbox/outbox-message.ts';
import { OWED } from '../../notify/outbox/telling.ts';
import type { App } from '../fastify-app.ts';
import { assertOwnAlerts } from '../limits/limit-callers.ts';
import { ApiError } from '../problem.ts';

export interface DeliveryRouteDeps {
  readonly alerts: Pick<AlertEngine, 'get'>;
  readonly notifications: Pick<Notifier, 'ofAlert' | 'tellingsOf' | 'explain'>;
}

const MAX_DELIVERIES = 100;

const owedSchema = z.object({
  channel: z.string(),
  what: z.enum(OWED).describe('whole: its beginning and its end at once'),
  sinceMs: unixMs,
  notBeforeMs: unixMs.describe('quiet hours hold it back until then'),
});

/** Who was told of an alert, when, and what the receiver answered; or why nobody was. */
export function deliveryRoutes(app: App, deps: DeliveryRouteDeps): void {
  app.get(
    '/alerts/:id/deliveries',
    {
      config: { limits: 'filtered', problems: ['ALERT_NOT_FOUND'] },
      schema: {
        tags: ['Notifications'],
        summary: 'Who was told of an alert, with receipts, or why nobody was',
        params: z.object({ id: z.string() }),
        response: {
          200: z.object({
            deliveries: z.array(deliverySchema).describe(`newest first, at most ${MAX_DELIVERIES}`),
            owed: z.array(owedSchema).describe('what channels are still to be told'),
            untold: z.string().optional().describe('why nobody was told of its beginning'),
          }),
        },
      },
    },
    ({ params: { id }, caller, reach }) => {
      const { alerts, notifications } = deps;
      const alert = alerts.get(id);
      if (alert === undefined) throw new ApiError('ALERT_NOT_FOUND', `no alert "${id}"`);
      assertOwnAlerts({ caller, reach }, [alert]);
      const deliveries = notifications.ofAlert(id, MAX_DELIVERIES);
      const owed = notifications
        .tellingsOf(id)
        .flatMap(({ channel, owed: what, owedSinceMs, notBeforeMs }) =>
          what === undefined ? [] : [{ channel, what, sinceMs: owedSinceMs, notBeforeMs }],
        );
      const isKnown = deliveries.length > 0 || owed.length > 0;
      const untold = isKnown ? undefined : notifications.explain(id).notToldBecause?.reason;
      return {
        deliveries: deliveries.map((delivery) => ({ ...delivery, receipts: [...delivery.receipts] })),
        owed,
        ...(untold !== undefined && { untold }),
      };
    },
  );
}
