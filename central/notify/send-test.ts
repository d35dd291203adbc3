import type { Clock } from '../../runtime/clock.ts';
import { messageOf } from '../../runtime/errors.ts';
import type { Channel, Outcome } from './channels/channel.ts';
import type { Outbox } from './outbox/outbox.ts';

/** Once, past all that waits, with a receipt. */
export async function sendTest(
  channel: Channel,
  { outbox, clock, signal }: { readonly outbox: Outbox; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<Outcome> {
  const atMs = clock.now();
  const { number, key } = outbox.makeTest(channel.id, atMs);
  const startMs = clock.monotonicMs();
  const message = { key, kind: 'test', madeAtMs: atMs, alerts: [] } as const;
  const outcome = await channel
    .send(message, { nowMs: atMs, signal })
    .catch((error: unknown): Outcome => ({ kind: 'failed', answer: messageOf(error) }));
  const tookMs = Math.round(clock.monotonicMs() - startMs);
  outbox.recordTest(number, { atMs, tookMs, outcome: outcome.kind, answer: outcome.answer });
  return outcome;
}
