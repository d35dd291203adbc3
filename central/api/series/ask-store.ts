import type { SampleStore } from '../../store/sample-store.ts';
import { ApiError } from '../problem.ts';

const QUERY_TIMEOUT_MS = 30_000;

type Questions = Pick<SampleStore, 'query' | 'sums'>;

/** `store.query`. Throws an ApiError when the store takes longer than a caller waits. `signal`: of the request. */
export function askStore(
  store: Pick<Questions, 'query'>,
  query: Parameters<Questions['query']>[0],
  signal: AbortSignal,
): ReturnType<Questions['query']> {
  return inTime((limited) => store.query(query, limited), signal);
}

/** `store.sums`, in the same way. */
export function askSums(
  store: Pick<Questions, 'sums'>,
  query: Parameters<Questions['sums']>[0],
  signal: AbortSignal,
): ReturnType<Questions['sums']> {
  return inTime((limited) => store.sums(query, limited), signal);
}

async function inTime<T>(ask: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
  const tooSlow = AbortSignal.timeout(QUERY_TIMEOUT_MS);
  try {
    return await ask(AbortSignal.any([signal, tooSlow]));
  } catch (error) {
    if (!tooSlow.aborted) throw error;
    const detail = `the store has not answered within ${QUERY_TIMEOUT_MS / 1_000} s; ask for less time or fewer series`;
    throw new ApiError('QUERY_TOO_SLOW', detail);
  }
}
