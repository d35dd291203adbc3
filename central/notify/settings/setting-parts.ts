import { z } from 'zod';

/** Of a channel: its file's name without `.yaml`. */
export const CHANNEL_ID = /^[a-z0-9][a-z0-9_-]{0,63}$/;
export const CHANNEL_ID_EXPECTED = 'expected 1 to 64 of a-z 0-9 _ -';

export const channelId = z.string().regex(CHANNEL_ID, CHANNEL_ID_EXPECTED);

/** Minutes since midnight. */
export const timeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, "expected a time such as '07:30', in quotes")
  .transform((text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3)));

export const dayTime = z
  .strictObject({ from: timeOfDay, to: timeOfDay })
  .transform(({ from, to }) => ({ fromMinute: from, toMinute: to }));

export function listOf<T extends z.ZodType>(item: T) {
  return z.array(item).min(1).max(1_000);
}
