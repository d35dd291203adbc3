import type { Clock } from '../../../runtime/clock.ts';
import type { Part } from './parts.ts';

/** A slow bus or a broken chip may block a read for ever. */
const TIMEOUT_MS = 5_000;
/** Runs are never exactly an interval apart. */
const TOLERANCE = 0.9;

/**
 * A part that is read at most every `everyMs` and must not delay the others: the first two runs always read it (so that
 * rates start and `--once` shows them), it times out after 5 s, and is skipped while an earlier read hangs.
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
