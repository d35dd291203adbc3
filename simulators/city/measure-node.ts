import type { Sample } from '../../contract/sample.ts';
import { chance, drift, seedOf } from './noise.ts';
import type { DeviceTags } from './place-tags.ts';
import { hundredth, tenth, thousandth } from './rounding.ts';
import type { Meter, SiteMoment } from './site-moment.ts';

const MINUTE_MS = 60_000;
const SPEED_BPS = 1e9;
const PORT_DOWN = {
  oper_status: 2,
  admin_status: 1,
  in_use: true,
  speed_mbps: SPEED_BPS / 1e6,
  in_bps: 0,
  out_bps: 0,
  in_utilization_pct: 0,
  out_utilization_pct: 0,
  in_errors: 0,
  out_errors: 0,
  in_discards: 0,
};

export interface NodeTraits {
  readonly key: string;
  readonly tags: DeviceTags;
  /** Their names; the first is the uplink. */
  readonly ports: readonly string[];
  readonly isPortDown: (port: string, timeMs: number) => boolean;
  readonly bootedMs: (timeMs: number) => number;
}

/** A router or switch and its ports. During a restart it does not answer, and its ports are not measured. */
export function nodeMeter(traits: NodeTraits): Meter {
  const { key, tags, isPortDown, bootedMs } = traits;
  const heat = seedOf(`${key}t`);
  const memoryPct = hundredth(40 + 10 * chance(seedOf(`${key}m`), 0));
  const ports = traits.ports.map((name, port) => ({ name, measure: portMeter(key, tags, { name, port }) }));
  return (moment, into) => {
    const { timeMs, isNodeDown, isHubCut } = moment;
    if (isNodeDown) {
      into.push({ measurement: 'device', tags, fields: { up: false, reachable: false }, timeMs });
      return;
    }
    // Behind a cut only local traffic remains.
    const busy = isHubCut ? 0.05 * moment.busy : moment.busy;
    into.push({
      measurement: 'device',
      tags,
      fields: {
        up: true,
        reachable: true,
        response_ms: thousandth(1 + 4 * busy),
        uptime_s: Math.floor((timeMs - bootedMs(timeMs)) / 1_000),
        cpu_pct: hundredth(10 + 50 * busy),
        memory_pct: memoryPct,
        temperature_celsius: tenth(36 + 14 * busy + 2 * drift(heat, timeMs, 20 * MINUTE_MS)),
      },
      timeMs,
    });
    for (const { name, measure } of ports) into.push(measure(timeMs, busy, isPortDown(name, timeMs)));
  };
}

type PortMeter = (timeMs: number, busy: SiteMoment['busy'], isDown: boolean) => Sample;

/** The first port carries all the site's traffic; the others have their own share of it. */
function portMeter(
  key: string,
  nodeTags: DeviceTags,
  { name, port }: { readonly name: string; readonly port: number },
): PortMeter {
  const seed = seedOf(`${key}p${port}`);
  const { device, site, unit } = nodeTags;
  const tags = { device, site, unit, interface: name };
  const share = port === 0 ? 1 : 0.6 * chance(seed, -1);
  const outPerIn = 0.3 + 0.4 * chance(seed, -2);
  return (timeMs, busy, isDown) => {
    if (isDown) return { measurement: 'interface', tags, fields: PORT_DOWN, timeMs };
    const load = busy * share;
    const inBps = Math.round(SPEED_BPS * load * 0.7 * (1 + 0.1 * drift(seed, timeMs, MINUTE_MS)));
    const outBps = Math.round(inBps * outPerIn);
    return {
      measurement: 'interface',
      tags,
      fields: {
        oper_status: 1,
        admin_status: 1,
        in_use: true,
        speed_mbps: SPEED_BPS / 1e6,
        in_bps: inBps,
        out_bps: outBps,
        in_utilization_pct: hundredth((100 * inBps) / SPEED_BPS),
        out_utilization_pct: hundredth((100 * outBps) / SPEED_BPS),
        in_errors: 0,
        out_errors: 0,
        in_discards: load > 0.85 ? Math.floor(200 * (load - 0.85)) : 0,
      },
      timeMs,
    };
  };
}
