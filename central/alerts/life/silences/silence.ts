import { z } from 'zod';
import { unixMs } from '../../../../runtime/unix-ms.ts';
import { silenceMatchSchema } from './silence-match.ts';

export const SILENCE_STATES = ['pending', 'active', 'expired'] as const;
export const silenceStateSchema = z.enum(SILENCE_STATES);

/** While it is active, nobody is told that an alert begins which it takes. */
export const silenceSchema = z.object({
  id: z.string(),
  match: silenceMatchSchema,
  startsAtMs: unixMs,
  endsAtMs: unixMs,
  reason: z.string(),
  by: z.string().describe('name of the token'),
  madeAtMs: unixMs,
  endedAtMs: unixMs.exactOptional().describe('a person ended it before its time'),
  endedBy: z.string().exactOptional(),
});
export type Silence = Readonly<z.infer<typeof silenceSchema>>;

/** From then on it takes nothing any more. */
export function endOf({ endsAtMs, endedAtMs = Infinity }: Silence): number {
  return Math.min(endsAtMs, endedAtMs);
}

/** Pure. */
export function stateOf(silence: Silence, nowMs: number): (typeof SILENCE_STATES)[number] {
  if (nowMs >= endOf(silence)) return 'expired';
  return nowMs < silence.startsAtMs ? 'pending' : 'active';
}
