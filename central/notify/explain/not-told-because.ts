import type { HeldAlert } from '../held/hold.ts';
import type { Delivery } from '../outbox/outbox-message.ts';
import type { Untold } from '../outbox/untold-store.ts';
import type { NotTold, OwedExplanation } from './explanation.ts';

export interface ToldSoFar {
  /** Newest first. */
  readonly deliveries: readonly Pick<
    Delivery,
    'state' | 'channel' | 'reason' | 'receipts' | 'nextAttemptAtMs'
  >[];
  readonly owed: readonly OwedExplanation[];
  readonly held: HeldAlert | undefined;
  readonly untold: Untold | undefined;
  readonly hasChannels: boolean;
}

/** Pure. The one reason why no message of an alert arrived; undefined: one did. */
export function notToldBecause(told: ToldSoFar): NotTold | undefined {
  const { deliveries, owed, held, untold, hasChannels } = told;
  if (deliveries.some(({ state }) => state === 'sent')) return undefined;
  if (held !== undefined) return held.why;
  const waiting = deliveries.find(({ state }) => state === 'waiting');
  if (waiting !== undefined) {
    const answer = waiting.receipts.at(-1)?.answer;
    const reason =
      answer === undefined ? 'it is being sent' : `${waiting.channel} did not take it: ${answer}`;
    const { nextAttemptAtMs: untilMs } = waiting;
    return { kind: 'undelivered', reason, ...(untilMs !== undefined && { untilMs }) };
  }
  const soonest = [...owed].sort((a, b) => (a.untilMs ?? 0) - (b.untilMs ?? 0))[0];
  if (soonest !== undefined) {
    const { waitsFor: kind, channel, reason, untilMs } = soonest;
    return { kind, reason: `${channel}: ${reason}`, ...(untilMs !== undefined && { untilMs }) };
  }
  if (untold !== undefined) {
    const { kind, by, reason } = untold;
    return { kind, ...(by !== undefined && { by }), reason };
  }
  const [last] = deliveries;
  if (last !== undefined)
    return { kind: 'given_up', reason: `${last.channel}: ${last.reason ?? 'given up'}` };
  return hasChannels
    ? { kind: 'not_followed_yet', reason: 'it has not been looked at yet' }
    : { kind: 'no_notifications', reason: 'no notifications are configured' };
}
