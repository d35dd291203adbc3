import type { GrowingPool } from '../city/pool-past.ts';
import type { HotServer } from '../city/hot-server.ts';
import type { CityMap } from './city-map.ts';
import { dueOf } from './due-of.ts';
import type { Trouble } from './trouble.ts';
import type { Span } from './visible.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Of fewer none is compared. */
const LEAST_PEERS = 5;

/** A server that alone is hot, as `temperature_differs` asks: 15 °C over the others half an hour long. Pure. */
export function hotServerTrouble(fault: HotServer, map: CityMap): Trouble {
  const device = `device:${fault.host}`;
  const neighbours = map.devicesAt(map.siteOfDevice(fault.host) ?? '', 'server');
  return {
    ...{ fault: undefined, kind: 'hot_server', fromMs: fault.fromMs, toMs: fault.toMs },
    roots: new Set([device]),
    reach: new Set([device, ...map.servicesOn([device])]),
    symptoms: ['temperature_differs'],
    aftermathMs: MINUTE_MS,
    due: dueOf(fault, neighbours.length < LEAST_PEERS ? undefined : fault, {
      rules: ['temperature_differs'],
      // It rises for some minutes, is measured once a minute and compared once a minute.
      withinMs: 42 * MINUTE_MS,
      needMs: 42 * MINUTE_MS,
      isPaged: false,
    }),
  };
}

/** A pool that will be full within 90 days. Its rule is judged once an hour, begins three hours after a start, and asks for six hours. Pure. */
export function growingPoolTrouble({ pool }: GrowingPool, span: Span, map: CityMap): Trouble {
  const ref = `pool:${pool}`;
  return {
    ...{ fault: undefined, kind: 'pool_growing', fromMs: span.fromMs, toMs: span.toMs },
    roots: new Set([ref]),
    reach: new Set([ref, ...map.servicesOn([ref])]),
    symptoms: ['pool_days_to_full'],
    aftermathMs: 0,
    due: dueOf(span, span, {
      rules: ['pool_days_to_full'],
      withinMs: 11 * HOUR_MS,
      needMs: 11 * HOUR_MS,
      isPaged: false,
    }),
  };
}
