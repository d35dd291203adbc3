import type { HoldReason } from '../held/hold.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { OutboxQueries } from '../outbox/outbox-queries.ts';
import type { Telling } from '../outbox/telling.ts';
import type { TellingExplanation } from './explanation.ts';
import { notToldBecause } from './not-told-because.ts';
import type { WhyOwed } from './why-owed.ts';

export interface ExplainDeps {
  readonly outbox: Outbox;
  readonly queries: Pick<OutboxQueries, 'ofAlert'>;
  /** Of a channel that is configured. */
  readonly whyOwed: (telling: Telling) => WhyOwed | undefined;
  readonly hasChannels: boolean;
}

const MAX_MESSAGES = 100;

/** All that decided about telling people of one alert, from what is stored. */
export function explainTelling(alertId: string, deps: ExplainDeps): TellingExplanation {
  const { outbox, queries, whyOwed, hasChannels } = deps;
  const held = outbox.held.get(alertId);
  const deliveries = queries.ofAlert(alertId, MAX_MESSAGES);
  const owed = outbox.tellings.ofAlert(alertId).flatMap((telling) => {
    const { channel, owed: what, owedSinceMs: sinceMs } = telling;
    const why = what && whyOwed(telling);
    return why === undefined || what === undefined ? [] : [{ channel, what, sinceMs, ...why }];
  });
  const untold = outbox.untold.find(alertId);
  const because = notToldBecause({ deliveries, owed, held, untold, hasChannels });
  return {
    suppression: {
      ...(held !== undefined && { now: { ...shown(held.why), sinceMs: held.sinceMs } }),
      before: outbox.held
        .pastOf(alertId)
        .map((past) => ({ ...shown(past), fromMs: past.fromMs, toMs: past.toMs })),
    },
    messages: deliveries.map((delivery) => ({ ...delivery, receipts: [...delivery.receipts] })),
    owed,
    escalations: outbox.escalations.ofAlert(alertId).map(({ channel, atMs }) => ({ channel, atMs })),
    ...(because !== undefined && { notToldBecause: because }),
  };
}

function shown({ kind, by, reason, untilMs }: HoldReason) {
  return { kind, by, reason, ...(untilMs !== undefined && { untilMs }) };
}
