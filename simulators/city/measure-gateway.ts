import type { Device, Site } from '../../contract/inventory.ts';
import type { Sample } from '../../contract/sample.ts';
import { createLine } from './access-line.ts';
import { every } from './cadence.ts';
import type { Faults } from './faults.ts';
import type { HubWays } from './hub-ways.ts';
import { broadbandMeter } from './measure-broadband.ts';
import { modemMeter } from './measure-modem.ts';
import { nodeMeter } from './measure-node.ts';
import { pingMeter } from './measure-ping.ts';
import { upsMeter } from './measure-ups.ts';
import { drift, hash01, seedOf } from './noise.ts';
import { officeLoad } from './rhythm.ts';
import { clamp } from './rounding.ts';
import type { Meter } from './site-moment.ts';
import { createSitePower } from './site-power.ts';
import type { Rain } from './weather.ts';

const MINUTE_MS = 60_000;
const HALF_DAY_MS = 720 * MINUTE_MS;
const PATH_EVERY_MS = 30_000;
/** Nodes without a known restart booted within 30 days after 2024-01-01. */
const FIRST_BOOT_MS = Date.UTC(2024, 0, 1);

export interface GatewayPlace {
  readonly agent: string;
  readonly site: Site;
  /** Its hub, or itself. */
  readonly hub: string;
  readonly devices: readonly Device[];
  /** Names of the ports of its node. */
  readonly ports: readonly string[];
}

export interface GatewayDeps {
  readonly seed: number;
  readonly intervalMs: number;
  readonly faults: Faults;
  readonly hubWays: HubWays;
  readonly rain: Rain;
}

export interface Gateway {
  readonly isDark: (timeMs: number) => boolean;
  readonly isCutOff: (timeMs: number) => boolean;
  readonly measure: (timeMs: number, into: Sample[]) => void;
}

/** Measurements of a ward gateway at its site: node, ports, lines, radio, power. */
export function createGateway(place: GatewayPlace, deps: GatewayDeps): Gateway {
  const { seed, faults, hubWays, rain } = deps;
  const { site, hub } = place;
  const reboots = faults.track('node_reboot', site.id);
  const lossy = faults.track('lossy_line', site.id);
  const dips = faults.track('coverage_dip', site.unit);
  const fallbacks = faults.track('radio_fallback', site.id);
  const power = createSitePower(`${seed}${site.id}`, faults.track('site_power_cut', site.id), {
    hasBattery: place.devices.some((device) => device.kind === 'ups'),
  });
  const firstBootMs = FIRST_BOOT_MS + Math.floor(30 * 86_400 * hash01(`${seed}${site.id}u`)) * 1_000;
  const bootedMs = (timeMs: number): number =>
    power.poweredSinceMs(timeMs, reboots.endedBy(timeMs)?.toMs ?? firstBootMs);
  const meters = place.devices.flatMap((device) => metersOf(device, place, deps, { power, bootedMs }));
  const busySeed = seedOf(`${seed}${site.id}b`);
  return {
    isDark: (timeMs) => power.isDark(timeMs),
    isCutOff: (timeMs) => hubWays.isCutOff(hub, timeMs),
    measure: (timeMs, into) => {
      const moment = {
        timeMs,
        busy: clamp(0.8 * officeLoad(timeMs) + 0.15 * drift(busySeed, timeMs, 10 * MINUTE_MS), 0.02, 0.95),
        rain: rain(site, timeMs),
        isHubCut: hubWays.isCutOff(hub, timeMs),
        isNodeDown: reboots.at(timeMs) !== undefined,
        isLineLossy: lossy.at(timeMs) !== undefined,
        isRadioDip: dips.at(timeMs) !== undefined,
        isRadioFallback: fallbacks.at(timeMs) !== undefined,
      };
      for (const measure of meters) measure(moment, into);
    },
  };
}

interface SiteParts {
  readonly power: ReturnType<typeof createSitePower>;
  readonly bootedMs: (timeMs: number) => number;
}

function metersOf(
  { id, kind }: GatewayPlace['devices'][number],
  { agent, site, ports }: GatewayPlace,
  { seed, intervalMs, hubWays }: GatewayDeps,
  { power, bootedMs }: SiteParts,
): Meter[] {
  const key = `${seed}${id}`;
  const tags = { device: id, site: site.id, unit: site.unit };
  switch (kind) {
    case 'node':
      return [nodeMeter({ key, tags, ports, isPortDown: portWatch(site, hubWays), bootedMs })];
    case 'probe': {
      const lineAt = createLine(key);
      const ping = pingMeter(key, tags, lineAt);
      if (!id.startsWith('bb-')) return [ping];
      const grid = { agent, intervalMs };
      const isPathDue = every(PATH_EVERY_MS, `${key} path`, grid);
      const isSpeedDue = every(HALF_DAY_MS, `${key} speed`, grid);
      return [ping, broadbandMeter({ key, device: id, tags, lineAt, isPathDue, isSpeedDue })];
    }
    case 'modem':
      return [modemMeter(key, tags)];
    case 'ups':
      return [upsMeter(key, tags, power)];
    default:
      // A server measures itself; the simulated city has no other kinds.
      return [];
  }
}

/** A line of a hub is down at both its ends: at the hub's uplink and at the city's port for that hub. */
function portWatch(site: Site, hubWays: HubWays): (port: string, timeMs: number) => boolean {
  if (site.kind === 'city') return (port, timeMs) => hubWays.isLineCut(port, timeMs);
  if (site.kind === 'hub') return (port, timeMs) => port === 'uplink' && hubWays.isLineCut(site.id, timeMs);
  return () => false;
}
