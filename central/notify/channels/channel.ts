import type { Message, MessageAlert } from '../message/message.ts';
import type { SendingLimits } from '../outbox/plan-message.ts';

/** What became of one attempt. `answer`: what the receiver said, in short, or why it said nothing; never a secret. */
export type Outcome =
  | { readonly kind: 'delivered'; readonly answer: string }
  /** Tried again; not before `retryAfterMs` where the receiver asks for it. */
  | { readonly kind: 'failed'; readonly answer: string; readonly retryAfterMs?: number }
  /** The receiver will never take this content. */
  | { readonly kind: 'refused'; readonly answer: string };

export interface SendAttempt {
  /** Unix ms. */
  readonly nowMs: number;
  /** Central stops: the attempt ends as failed. */
  readonly signal: AbortSignal;
}

/** Where messages go. It is never asked to send while it is sending, and ends each attempt within its own time limit. */
export interface Channel {
  /** Its file's name without `.yaml`. */
  readonly id: string;
  readonly kind: string;
  readonly limits: SendingLimits;
  send(message: Message, attempt: SendAttempt): Promise<Outcome>;
  /** As far as it goes without telling anybody: what the canary asks. Without it the canary passes the channel by. */
  readonly dryRun?: (attempt: SendAttempt) => Promise<Outcome>;
  /** Of a receiver that keeps the state of each alert: it hears of each change at once and does its own grouping. */
  readonly state?: ChannelState;
}

export interface ChannelState {
  /** Most alerts of one message. */
  readonly batchSize: number;
  /** It is told again of all open alerts this often, because it forgets what it is not reminded of. */
  readonly repeatEveryMs: number;
  repeat(alerts: readonly MessageAlert[], attempt: SendAttempt): Promise<Outcome>;
}
