import type { Outbox } from '../outbox/outbox.ts';
import type { HeldAlert } from './hold.ts';

/**
 * To be called before the channel is forgotten. Its open alerts that no message told anybody of, and that no other channel
 * knows, are held until the next review, which asks the routes.
 */
export function askRoutesAgain(outbox: Outbox, channel: string, nowMs: number): void {
  const { tellings, messages } = outbox;
  const held = new Map<string, HeldAlert>();
  for (const { facts, owedSinceMs } of [...tellings.owed(channel), ...tellings.toldAsOpen(channel)]) {
    const isOver = facts.endedAtMs !== undefined;
    if (isOver || messages.wasDelivered(facts.id)) continue;
    if (tellings.ofAlert(facts.id).some((telling) => telling.channel !== channel)) continue;
    const reason = 'the channel that was to hear of it is gone, so the routes are asked again';
    const why = { kind: 'waiting', by: 'routes', reason, untilMs: nowMs } as const;
    held.set(facts.id, { facts, why, sinceMs: nowMs, heldSinceMs: Math.min(owedSinceMs, nowMs) });
  }
  if (held.size > 0) outbox.save({ held, ended: [...held.keys()], atMs: nowMs });
}
