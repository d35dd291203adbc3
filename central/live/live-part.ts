import type { Catalogue } from '../../contract/catalogue.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Part } from '../jobs/part.ts';
import { SeriesRegistry, seriesThatFit } from '../samples/series-registry.ts';
import { createLatestCache, type LatestCache } from './latest-cache.ts';
import { PointRate } from './point-rate.ts';
import { UnexpectedDevices } from './unexpected-devices.ts';

export interface LivePartDeps {
  readonly catalogue: Catalogue;
  readonly heapLimitBytes: number;
  /** Since the start. */
  readonly storedPoints: () => number;
  readonly clock: Pick<Clock, 'now'>;
}

export interface SharedLive {
  readonly latest: LatestCache;
  readonly unexpectedDevices: UnexpectedDevices;
  /** Points stored per second, lately. */
  readonly pointsPerS: () => number;
}

export interface LivePart extends Part<SharedLive> {
  readonly series: SeriesRegistry;
}

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;

/** The series that agents send, and the newest of each. */
export function createLivePart({ catalogue, heapLimitBytes, storedPoints, clock }: LivePartDeps): LivePart {
  const series = new SeriesRegistry({ maxSeriesRemembered: seriesThatFit(heapLimitBytes) });
  const rate = new PointRate();
  return {
    shared: {
      unexpectedDevices: new UnexpectedDevices(series, catalogue, clock),
      latest: createLatestCache(series),
      pointsPerS: () => rate.perS(),
    },
    series,
    jobs: [
      { name: 'rate', everyMs: SECOND_MS, run: () => rate.sample(storedPoints()) },
      { name: 'series', everyMs: HOUR_MS, run: () => series.forgetUnseen(clock.now()) },
    ],
  };
}
