import type { Clock } from '../../runtime/clock.ts';
import { TokenBucket } from '../../runtime/token-bucket.ts';
import { ApiError } from './problem.ts';

/** Each checks the whole inventory, and nothing else happens meanwhile. */
const ENTRY_WRITES = { capacity: 20, refillPerS: 2 };

/** To be called before each write of a single entry, whoever asks for it; throws an ApiError (429) when there are many. */
export function limitInventoryWrites(clock: Pick<Clock, 'monotonicMs'>): () => void {
  const bucket = new TokenBucket(ENTRY_WRITES, clock.monotonicMs());
  return () => {
    if (bucket.tryTake(1, clock.monotonicMs())) return;
    const { capacity, refillPerS } = ENTRY_WRITES;
    const limit = `${capacity} writes of single entries at once, then ${refillPerS} a second`;
    const detail = `more than ${limit}; write many at once with POST /api/v1/inventory/import`;
    throw new ApiError('TOO_MANY_REQUESTS', detail, { retryAfterS: Math.ceil(1 / refillPerS) });
  };
}
