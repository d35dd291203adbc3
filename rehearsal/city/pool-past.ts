import type { Sample } from '../../contract/sample.ts';
import type { Series, SeriesQuery, SeriesResult } from '../../central/store/sample-store.ts';
import type { CityModel } from '../../simulators/city/city.ts';

/** A pool that grows by the same share each day, and will be full. */
export interface GrowingPool {
  readonly pool: string;
  readonly resource: string;
}

const DAY_MS = 86_400_000;
/** What the store of the city has of the time before. */
const PAST_DAYS = 240;
/** Of itself: it doubles in eight weeks, and half of it is used on the day of the rehearsal. */
const GROWTH_A_DAY = 0.012;
/** Of a day, for its mean. */
const READINGS_MS = [1.5, 4.5, 7.5, 10.5, 13.5, 16.5, 19.5, 22.5].map((hour) => hour * 3_600_000);
const NOTHING: SeriesResult = { series: [], truncated: false };

/**
 * What a store would answer to who asks for the days of pools: their usual use, as the model of the city has it, and of a growing one less
 * by as much as it has grown since. It answers nothing else.
 */
export function poolPast(
  city: Pick<CityModel, 'inventory' | 'samplesAt'>,
  growing: GrowingPool,
  fromMs: number,
): (query: SeriesQuery) => Promise<SeriesResult> {
  const reporters = reportersOf(city, fromMs);
  const usedAt = (timeMs: number): readonly Sample[] =>
    reporters.flatMap((agent) => (city.samplesAt(agent, timeMs) ?? []).filter(isPool));
  const dayOf = (startMs: number): Map<string, { readonly tags: Series['tags']; used: number }> => {
    const sums = new Map<string, { readonly tags: Series['tags']; used: number }>();
    for (const readingMs of READINGS_MS) {
      const timeMs = startMs + readingMs;
      for (const { tags, fields } of usedAt(timeMs)) {
        const { site = '', pool = '', resource = '' } = tags;
        const key = `${site} ${pool} ${resource}`;
        const sum = sums.get(key) ?? { tags: { site, pool, resource }, used: 0 };
        sums.set(key, sum);
        const isGrowing = pool === growing.pool && resource === growing.resource;
        const lessDays = isGrowing ? Math.max(0, (fromMs - timeMs) / DAY_MS) : 0;
        const used = Number(fields['used']) * Math.exp(-GROWTH_A_DAY * lessDays);
        sum.used += used / READINGS_MS.length;
      }
    }
    return sums;
  };
  return ({ measurement, field, everyMs, fromMs: queryFromMs, toMs }) => {
    if (measurement !== 'capacity' || field !== 'used' || everyMs !== DAY_MS) return Promise.resolve(NOTHING);
    const series = new Map<string, { tags: Series['tags']; points: [number, number][] }>();
    const skippedDays = Math.max(0, Math.ceil((fromMs - PAST_DAYS * DAY_MS - queryFromMs) / DAY_MS));
    for (let startMs = queryFromMs + skippedDays * DAY_MS; startMs < toMs; startMs += DAY_MS) {
      for (const [key, { tags, used }] of dayOf(startMs)) {
        const own = series.get(key) ?? { tags, points: [] };
        series.set(key, own);
        own.points.push([startMs, used]);
      }
    }
    return Promise.resolve({ series: [...series.values()], truncated: false });
  };
}

function isPool({ measurement }: Sample): boolean {
  return measurement === 'capacity';
}

/** Agents that measure pools. */
function reportersOf(
  { inventory, samplesAt }: Pick<CityModel, 'inventory' | 'samplesAt'>,
  atMs: number,
): string[] {
  const servers = inventory.agents.filter(({ kind }) => kind === 'server').map(({ id }) => id);
  return servers.filter((agent) => samplesAt(agent, atMs)?.some(isPool));
}
