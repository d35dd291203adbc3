import { z } from 'zod';
import type { Clock } from '../../../runtime/clock.ts';
import { describeDuration } from '../../../runtime/duration.ts';
import { MAX_TIME_MS } from './point-in-time.ts';

/** A time in a body that lies ahead, by at most `mostMs`; Unix ms. */
export function futureTime(clock: Pick<Clock, 'now'>, mostMs: number) {
  return z
    .int()
    .min(0)
    .max(MAX_TIME_MS)
    .superRefine((timeMs, context) => {
      const nowMs = clock.now();
      if (timeMs > nowMs && timeMs <= nowMs + mostMs) return;
      const message = `expected a time after now (${nowMs}), by at most ${describeDuration(mostMs)}; got ${timeMs}`;
      context.addIssue({ code: 'custom', message });
    });
}
