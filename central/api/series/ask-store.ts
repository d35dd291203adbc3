import type { SampleStore, SeriesQuery, SeriesResult } from '../../store/sample-store.ts';
import { ApiError } from '../problem.ts';

const QUERY_TIMEOUT_MS = 30_000;

/** Throws an ApiError when the store takes longer than a caller waits. `signal`: of the request. */
export async function askStore(
  store: Pick<SampleStore, 'query'>,
  query: SeriesQuery,
  signal: AbortSignal,
): Promise<SeriesResult> {
  const tooSlow = AbortSignal.timeout(QUERY_TIMEOUT_MS);
  try {
    return await store.query(query, AbortSignal.any([signal, tooSlow]));
  } catch (error) {
    if (!tooSlow.aborted) throw error;
    const detail = `the store has not answered within ${QUERY_TIMEOUT_MS / 1_000} s; ask for less time or fewer series`;
    throw new ApiError('QUERY_TOO_SLOW', detail);
  }
}
