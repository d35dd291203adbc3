import { z } from 'zod';
import { unixMs } from '../../../runtime/unix-ms.ts';
import type { Message } from '../message/message.ts';
import { OWED } from './telling.ts';

/** `waiting`: made and not delivered yet. `given_up`: it will not be delivered; `reason` says why. */
export const MESSAGE_STATES = ['waiting', 'sent', 'given_up'] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];

export const attemptSchema = z.object({
  atMs: unixMs,
  tookMs: z.int(),
  outcome: z
    .enum(['delivered', 'failed', 'refused'])
    .describe('failed: tried again; refused: the receiver will never take this content'),
  answer: z.string().describe('what the receiver answered, in short, or why there was no answer'),
});
export type Attempt = Readonly<z.infer<typeof attemptSchema>>;

/** A message to one channel, with its receipts. */
export const notificationSchema = z.object({
  id: z.int(),
  channel: z.string(),
  kind: z.enum(['alerts', 'digest', 'test']).describe('digest: of several groups of alerts, in a storm'),
  key: z.string().describe('the same at each attempt'),
  state: z.enum(MESSAGE_STATES),
  alerts: z.int().describe('number of alerts that it tells of'),
  madeAtMs: unixMs,
  attempts: z.int(),
  nextAttemptAtMs: unixMs.exactOptional().describe('while it waits'),
  endedAtMs: unixMs.exactOptional().describe('delivered or given up'),
  reason: z.string().exactOptional().describe('why it was given up'),
});
export type Notification = Readonly<z.infer<typeof notificationSchema>>;

/** What a message said of one alert. */
export const deliverySchema = notificationSchema.extend({
  what: z.enum(OWED).describe('whole: its beginning and its end at once'),
  receipts: z.array(attemptSchema).describe('attempts, the newest 20, oldest first'),
});
export type Delivery = Readonly<z.infer<typeof deliverySchema>>;

/** A message that waits to be sent, without its alerts: they may be many. */
export interface WaitingMessage extends Omit<Message, 'alerts'> {
  readonly number: number;
  readonly attempts: number;
  readonly nextAttemptAtMs: number;
  /** Since when the oldest of its alerts could have been told. */
  readonly owedSinceMs: number;
}
