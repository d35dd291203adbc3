import { z } from 'zod';
import { unixMs } from '../../../runtime/unix-ms.ts';
import type { SeriesQuery, SeriesResult } from '../../store/sample-store.ts';

/** What an answer says of where it comes from. */
export const availabilityFields = {
  availableFromMs: unixMs
    .optional()
    .describe(
      'there only if later than `from`: what was measured before is deleted, or kept as minutes or hours that cannot answer this',
    ),
  resolution: z
    .array(z.object({ of: z.enum(['raw', 'minute', 'hour']), fromMs: unixMs, toMs: unixMs }))
    .describe(
      'what each part of the time is answered from, in the order of time: samples, or what they were rolled up into; the answer is the same',
    ),
};

/** `fromMs`: everything from here on is in the answer. Pure. */
export function availabilityOf(
  query: Pick<SeriesQuery, 'fromMs' | 'toMs'>,
  {
    availableFromMs,
    completeFromMs,
    sources,
  }: Pick<SeriesResult, 'truncated' | 'availableFromMs' | 'completeFromMs' | 'sources'>,
) {
  const fromMs = Math.min(query.toMs, Math.max(query.fromMs, completeFromMs ?? 0, availableFromMs ?? 0));
  const all = sources ?? [{ resolution: 'raw' as const, fromMs, toMs: query.toMs }];
  return {
    fromMs,
    ...(availableFromMs !== undefined && { availableFromMs }),
    resolution: all.flatMap((source) => {
      const start = Math.max(source.fromMs, fromMs);
      return start < source.toMs ? [{ of: source.resolution, fromMs: start, toMs: source.toMs }] : [];
    }),
  };
}
