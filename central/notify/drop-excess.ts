import { severityRank } from '../alerts/rules/severity.ts';
import type { Outbox } from './outbox/outbox.ts';
import type { Telling } from './outbox/telling.ts';

/**
 * Drops what a channel is owed beyond `maxOwed`: the mildest that nobody was told of go first, the oldest of them; ends stay.
 * Undefined: there is no more.
 */
export function dropExcess(
  channel: string,
  maxOwed: number,
  outbox: Outbox,
  nowMs: number,
): { readonly alerts: number; readonly reason: string } | undefined {
  const excess = outbox.tellings.owedCount(channel) - maxOwed;
  if (excess <= 0) return undefined;
  const tellings = [...outbox.tellings.owed(channel)].sort((a, b) => weight(a) - weight(b)).slice(0, excess);
  const reason = `more than ${maxOwed} alerts wait for the channel`;
  outbox.dropOwed({ channel, kind: 'alerts', tellings, atMs: nowMs }, reason);
  return { alerts: tellings.length, reason };
}

function weight({ owed, facts }: Telling): number {
  return (owed === 'end' ? 10 : 0) + severityRank(facts.severity);
}
