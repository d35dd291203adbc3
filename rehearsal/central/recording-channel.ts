import type { Channel } from '../../central/notify/channels/channel.ts';
import type { Message } from '../../central/notify/message/message.ts';

/** A message that a channel took. */
export interface SentMessage {
  readonly channel: string;
  /** Unix ms, virtual. */
  readonly atMs: number;
  readonly message: Message;
}

/** The limits of a channel that people read, as `settings` has them without any set: docs/notify.md. */
const LIMITS = { perMinute: 20, digestAbove: 6, digestWithinMs: 120_000 };

/** A receiver that takes each message at once and remembers it. */
export function recordingChannel(id: string, into: SentMessage[]): Channel {
  return {
    id,
    kind: 'recording',
    limits: LIMITS,
    send: (message, { nowMs }) => {
      into.push({ channel: id, atMs: nowMs, message });
      return Promise.resolve({ kind: 'delivered', answer: 'recorded' });
    },
  };
}
