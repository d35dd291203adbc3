import { z } from 'zod';
import { unixMs } from '../../../runtime/unix-ms.ts';
import { HOLD_KINDS } from '../held/hold.ts';
import { deliverySchema } from '../outbox/outbox-message.ts';
import { OWED } from '../outbox/telling.ts';
import { UNTOLD_KINDS } from '../outbox/untold-store.ts';
import { OWED_WAITS } from './why-owed.ts';

const holdSchema = z.object({
  kind: z
    .enum(HOLD_KINDS)
    .describe(
      'what suppresses it; waiting: for one parent-detection window, in case it hangs on what is down',
    ),
  by: z.string().describe('id of the window or silence, the root such as site:hub-03, or what it waits for'),
  reason: z.string(),
  untilMs: unixMs.exactOptional().describe('when it ends by itself, where that is known'),
});

export const owedSchema = z.object({
  channel: z.string(),
  what: z.enum(OWED).describe('whole: its beginning and its end at once'),
  sinceMs: unixMs,
  waitsFor: z
    .enum(OWED_WAITS)
    .describe(
      'pause: after a message that was given up; earlier_message: the one before is not delivered yet; ' +
        'next: nothing, the next message has it',
    ),
  reason: z.string(),
  untilMs: unixMs.exactOptional().describe('where that is known'),
});
export type OwedExplanation = Readonly<z.infer<typeof owedSchema>>;

export const NOT_TOLD_KINDS = [
  ...UNTOLD_KINDS,
  ...OWED_WAITS,
  'undelivered',
  'given_up',
  'no_notifications',
  'not_followed_yet',
] as const;

export const notToldSchema = z.object({
  kind: z
    .enum(NOT_TOLD_KINDS)
    .describe(
      'why it is or was held, what the next channel waits for, or: no_route: no route takes it; learned_late: it was over when central learned of it; undelivered: attempts failed so far; ' +
        'no_notifications: none are configured; not_followed_yet: it is of this second, or from before notifications began',
    ),
  by: z.string().exactOptional().describe('of one that is or was held'),
  reason: z.string(),
  untilMs: unixMs.exactOptional().describe('when that ends by itself, where it is known'),
});
export type NotTold = Readonly<z.infer<typeof notToldSchema>>;

/** Why somebody was told of an alert, or nobody. */
export const tellingExplanationSchema = z.object({
  suppression: z.object({
    now: holdSchema
      .extend({ sinceMs: unixMs })
      .exactOptional()
      .describe('why nobody is told of it at present'),
    before: z
      .array(holdSchema.extend({ fromMs: unixMs, toMs: unixMs }))
      .describe('former reasons, oldest first, the newest 100'),
  }),
  messages: z.array(deliverySchema).describe('what channels were told of it, newest first, at most 100'),
  owed: z.array(owedSchema).describe('what channels are still to be told, and why they were not yet'),
  escalations: z
    .array(z.object({ channel: z.string(), atMs: unixMs }))
    .describe('who is told as well if it is still open and not acknowledged then'),
  notToldBecause: notToldSchema
    .exactOptional()
    .describe('the one reason why no message of it arrived; not there when one did'),
});
export type TellingExplanation = z.infer<typeof tellingExplanationSchema>;
