import type { Channel } from '../channels/channel.ts';
import type { Message } from '../message/message.ts';

/** No file of a channel can have this name. */
export const CANARY_CHANNEL = '@canary';

/** Where the canary's messages end: nobody reads them, and each is answered well at once. */
export function canarySink(onMessage: (message: Message) => void): Channel {
  return {
    id: CANARY_CHANNEL,
    kind: 'canary',
    limits: { perMinute: 600, digestAbove: 600, digestWithinMs: 60_000 },
    send: (message) => {
      onMessage(message);
      return Promise.resolve({ kind: 'delivered', answer: 'arrived' });
    },
  };
}
