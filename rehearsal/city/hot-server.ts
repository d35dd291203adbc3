import type { Sample } from '../../contract/sample.ts';
import { chance, drift, seedOf } from '../../simulators/city/noise.ts';
import { tenth } from '../../simulators/city/rounding.ts';
import type { Span } from '../truth/visible.ts';

/** A fan of one server has failed: it alone is hot. */
export interface HotServer extends Span {
  readonly host: string;
}

const MINUTE_MS = 60_000;
const EVERY_MS = 120 * MINUTE_MS;
const RISE_MS = 10 * MINUTE_MS;
const RISE_CELSIUS = 30;
const SENSOR = 'coretemp_package_id_0';

/** One each two hours, for 60 to 85 minutes, all of them within the span. Pure. */
export function hotServers(hosts: readonly string[], seed: number, { fromMs, toMs }: Span): HotServer[] {
  const found: HotServer[] = [];
  const own = seedOf(`${seed} hot server`);
  for (let at = 0; fromMs + (at + 1) * EVERY_MS <= toMs; at++) {
    const host = hosts[Math.floor(hosts.length * chance(own, 3 * at))];
    if (host === undefined) break;
    const beginMs = fromMs + at * EVERY_MS + Math.round((12 + 10 * chance(own, 3 * at + 1)) * MINUTE_MS);
    const lastsMs = Math.round((60 + 25 * chance(own, 3 * at + 2)) * MINUTE_MS);
    found.push({ host, fromMs: beginMs, toMs: beginMs + lastsMs });
  }
  return found;
}

/** The sensor of one processor: it follows the load, as `cpu` of the same server has it. */
export function heatMeter(
  { host, site, unit }: { readonly host: string; readonly site: string; readonly unit: string },
  faults: readonly HotServer[],
): (samples: readonly Sample[], timeMs: number) => Sample {
  const tags = { host, site, unit, sensor: SENSOR };
  const seed = seedOf(`${host} heat`);
  const restCelsius = 38 + 4 * chance(seed, -1);
  const own = faults.filter((fault) => fault.host === host);
  return (samples, timeMs) => {
    const active = samples.find(({ measurement }) => measurement === 'cpu')?.fields['usage_active'];
    const fault = own.find(({ fromMs, toMs }) => timeMs >= fromMs && timeMs < toMs);
    const rise = fault === undefined ? 0 : Math.min(1, (timeMs - fault.fromMs) / RISE_MS);
    const load = typeof active === 'number' ? active / 100 : 0;
    const temp = tenth(restCelsius + 10 * load + drift(seed, timeMs, RISE_MS) + RISE_CELSIUS * rise);
    return { measurement: 'temp', tags, fields: { temp }, timeMs };
  };
}
