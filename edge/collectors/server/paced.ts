import type { Clock } from '../../../runtime/clock.ts';
import type { Part } from './parts.ts';

/** A slow bus or a broken chip may keep a reader waiting for ever. */
const TIMEOUT_MS = 5_000;
/** A little sooner than due, because runs are never exactly an interval apart. */
const TOLERANCE = 0.9;

/**
 * A part that is worth reading only now and then, and that must not hold up the others: read at most every `everyMs`
 * (the first two runs always, so that rates start and `--once` shows them), given up after 5 s, and not asked again
 * while an earlier question hangs.
 */
export function paced(part: Part, everyMs: number, clock: Clock): Part {
  let reads = 0;
  let readAtMs = -Infinity;
  let hanging = false;
  return {
    name: part.name,
    async read(signal) {
      if (hanging) throw new Error('still does not answer');
      const nowMs = clock.monotonicMs();
      if (reads >= 2 && nowMs - readAtMs < everyMs * TOLERANCE) return { readings: [], errors: [] };
      reads++;
      readAtMs = nowMs;
      hanging = true;
      const timer = new AbortController();
      const answer = part.read(signal).finally(() => (hanging = false));
      const timeout = clock.sleep(TIMEOUT_MS, AbortSignal.any([signal, timer.signal])).then(() => {
        throw new Error(`did not answer within ${TIMEOUT_MS} ms`);
      });
      try {
        return await Promise.race([answer, timeout]);
      } finally {
        timer.abort();
        void Promise.allSettled([answer, timeout]);
      }
    },
  };
}
