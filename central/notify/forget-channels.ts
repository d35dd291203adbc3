import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import { CANARY_CHANNEL } from './canary/sink.ts';
import { askRoutesAgain } from './held/ask-routes-again.ts';
import type { Outbox } from './outbox/outbox.ts';
import { isToOnCall } from './route/should-call.ts';

/**
 * What waits for channels that are gone is given up; the routes say who hears instead of what nobody has heard of. Returns of how many alerts
 * somebody was to be told: nobody was of the canary, which is turned off.
 */
export function forgetChannels(
  outbox: Outbox,
  present: readonly string[],
  { clock, log }: { readonly clock: Pick<Clock, 'now'>; readonly log: Logger },
): number {
  const gone = outbox.channels().filter((id) => !isToOnCall(id) && !present.includes(id));
  return gone.reduce((sum, channel) => {
    if (channel === CANARY_CHANNEL) {
      outbox.forgetChannel(channel, clock.now());
      return sum;
    }
    askRoutesAgain(outbox, channel, clock.now());
    const count = outbox.forgetChannel(channel, clock.now());
    if (count > 0) log.error({ channel, count }, 'a channel is gone: what it was to be told is given up');
    return sum + count;
  }, 0);
}
