import { setTimeout as sleepMs } from 'node:timers/promises';
import { messageOf } from '../../../runtime/errors.ts';
import { POINTS_PER_AGENT } from '../shapes.ts';
import { writtenPoints } from '../telegraf/written-points.ts';
import type { LoadSender } from './sender.ts';
import type { Totals } from './totals.ts';

const POLL_MS = 50;

export interface LineFlood {
  readonly influxUrl: string;
  readonly senders: readonly LoadSender[];
  readonly totals: Totals;
  readonly isSending: () => boolean;
}

/** Sends as fast as the store takes, with as much under way as central's flood: a batch of each agent. Telegraf acknowledges nothing to the sender, so the store's own count takes that place. */
export async function floodLines(flood: LineFlood): Promise<never> {
  const { influxUrl, senders, totals, isSending } = flood;
  const maxPoints = senders.length * POINTS_PER_AGENT;
  for (let next = 0; ;) {
    await sleepMs(POLL_MS);
    if (!isSending()) continue;
    try {
      const written = await writtenPoints(influxUrl);
      for (let sender = senders[next % senders.length]; sender !== undefined;) {
        if (totals.report.sentPoints - written + POINTS_PER_AGENT > maxPoints) break;
        sender.send();
        sender = senders[++next % senders.length];
      }
    } catch (error) {
      process.stderr.write(`the flood waits for InfluxDB: ${messageOf(error)}\n`);
    }
  }
}
