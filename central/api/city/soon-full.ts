import { z } from 'zod';
import { unixMs } from '../../../runtime/unix-ms.ts';
import type { PoolView } from '../routes/pools.ts';

const SHOWN = 5;

export const soonFullSchema = z.object({
  soonest: z
    .array(
      z.object({
        id: z.string(),
        resource: z.string(),
        days: z.int().describe('to the early end of the forecast, from madeAtMs on'),
        madeAtMs: unixMs,
      }),
    )
    .describe(`the first to be full first, at most ${SHOWN}`),
  unknown: z.int().describe('resources of which nobody can say when they are full'),
});
export type SoonFull = z.infer<typeof soonFullSchema>;

/** What is full first, by the early end of each forecast. Pure. */
export function soonFull(pools: readonly Pick<PoolView, 'id' | 'resource' | 'forecast'>[]): SoonFull {
  const dated = pools.flatMap(({ id, resource, forecast }) => {
    const days = forecast?.daysToFull?.early ?? forecast?.daysToFull?.middle;
    return days === undefined || forecast === undefined
      ? []
      : [{ id, resource, days, madeAtMs: forecast.madeAtMs }];
  });
  const unknown = pools.filter(
    ({ forecast }) => forecast === undefined || forecast.outcome === 'too_little_history',
  ).length;
  return { soonest: dated.sort((a, b) => a.days - b.days).slice(0, SHOWN), unknown };
}
