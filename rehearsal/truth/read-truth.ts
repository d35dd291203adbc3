import type { InventoryFile } from '../../contract/inventory.ts';
import type { CityModel } from '../../simulators/city/city.ts';
import type { Fault, RecurringKind } from '../../simulators/city/faults.ts';
import { isStaged } from '../../simulators/staging/effects.ts';
import { createCityMap, type CityMap } from './city-map.ts';
import { dueOf, RETURN_MS } from './due-of.ts';
import { STAGED_TROUBLES } from './staged-truth.ts';
import type { Trouble } from './trouble.ts';
import { longestSpan, type Span } from './visible.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

export interface World {
  readonly city: Pick<CityModel, 'conditionAt'>;
  readonly inventory: InventoryFile;
  readonly map: CityMap;
}

type TroubleOf = (fault: Fault, world: World) => Omit<Trouble, 'fault' | 'kind' | 'fromMs' | 'toMs'>;

/** A site that falls silent: rules over silence and over what cannot be reached any more. */
const SILENCE = [
  'agent_silent',
  'site_cut',
  'node_cuts_sites',
  'link_down',
  'port_down',
  'device_down',
  'device_silent',
  'measurement_missing',
  'city_service_impaired',
  'service_target_missed',
] as const;
/** By kind of fault: docs/simulators.md. `for` and intervals are those of the shipped rules: what is due later is not due. */
const TROUBLES: Readonly<Record<RecurringKind, TroubleOf>> = {
  coverage_dip: (fault, { city, map }) => {
    const sites = map.sitesOf(fault.target);
    const modems = sites.flatMap((site) => map.devicesAt(site, 'modem'));
    // A share of a ward is judged from three modems on.
    const isVisible = (timeMs: number): boolean =>
      sites.filter((site) => isConnected(site, timeMs, { city, map })).length >= 3;
    return {
      roots: new Set([`unit:${fault.target}`]),
      reach: new Set([`unit:${fault.target}`, ...modems.map((id) => `device:${id}`)]),
      symptoms: ['coverage_dip*', 'signal_*', 'modem_not_registered'],
      aftermathMs: MINUTE_MS,
      due: dueOf(fault, longestSpan(fault, isVisible), {
        rules: ['coverage_dip'],
        withinMs: 60 * SECOND_MS,
        needMs: 45 * SECOND_MS,
        isPaged: true,
      }),
    };
  },
  radio_fallback: (fault, { map }) => ({
    roots: new Set(map.devicesAt(fault.target, 'modem').map((id) => `device:${id}`)),
    reach: new Set([
      ...map.devicesAt(fault.target, 'modem').map((id) => `device:${id}`),
      `unit:${map.unitOfSite(fault.target) ?? ''}`,
    ]),
    symptoms: ['coverage_fallback', 'signal_*'],
    aftermathMs: MINUTE_MS,
    // It is counted, not alarmed.
    due: undefined,
  }),
  lossy_line: (fault, { city, map }) => ({
    roots: new Set([
      `site:${fault.target}`,
      ...map.partsOf(fault.target).filter((ref) => ref.startsWith('link:') || ref.startsWith('device:bb-')),
    ]),
    reach: new Set(map.partsOf(fault.target)),
    symptoms: [
      'ping_*',
      'path_*',
      'jitter_high',
      'optical_power_low',
      'broadband_slow',
      'call_quality_low',
      'line_*',
    ],
    aftermathMs: 2 * MINUTE_MS,
    due: dueOf(
      fault,
      longestSpan(fault, (timeMs) => isConnected(fault.target, timeMs, { city, map })),
      {
        rules: ['ping_loss', 'path_loss', 'line_*'],
        withinMs: 12 * MINUTE_MS,
        needMs: 11.5 * MINUTE_MS,
        isPaged: false,
      },
    ),
  }),
  node_reboot: (fault, { city, map }) => ({
    roots: new Set(map.devicesAt(fault.target, 'node').map((id) => `device:${id}`)),
    reach: new Set(map.partsOf(fault.target)),
    symptoms: [...SILENCE, 'ping_loss', 'path_loss', 'uptime_*', 'path_latency', 'line_*'],
    aftermathMs: 2 * MINUTE_MS,
    due: dueOf(
      fault,
      longestSpan(fault, (timeMs) => isConnected(fault.target, timeMs, { city, map })),
      {
        rules: ['device_down', 'node_cuts_sites'],
        withinMs: 100 * SECOND_MS,
        needMs: 80 * SECOND_MS,
        isPaged: true,
      },
    ),
  }),
  site_power_cut: (fault, { city, map }) => {
    const site = fault.target;
    const ups = map.devicesAt(site, 'ups');
    const isHeard = (timeMs: number): boolean => isConnected(site, timeMs, { city, map });
    const isHubUp = (timeMs: number): boolean =>
      map.agentsAt(site).every((agent) => city.conditionAt(agent, timeMs) !== 'cut_off');
    return {
      // Without a UPS nothing measures its power: that it is silent is all that can be known.
      roots: new Set([
        `site:${site}`,
        ...ups.map((id) => `device:${id}`),
        ...(ups.length === 0 ? map.agentsAt(site).map((id) => `agent:${id}`) : []),
      ]),
      reach: new Set([...map.partsOf(site), ...map.servicesOn([`site:${site}`])]),
      symptoms: [...SILENCE, 'power_*', 'battery_low'],
      aftermathMs: RETURN_MS,
      due:
        ups.length > 0
          ? dueOf(fault, longestSpan(fault, isHeard), {
              rules: ['power_*'],
              withinMs: 60 * SECOND_MS,
              needMs: 30 * SECOND_MS,
              isPaged: false,
            })
          : dueOf(fault, longestSpan(fault, isHubUp), {
              rules: ['agent_silent', 'site_cut'],
              withinMs: 60 * SECOND_MS,
              needMs: 60 * SECOND_MS,
              isPaged: true,
              sites: 1,
            }),
    };
  },
  hub_uplink_cut: (fault, { city, map }) => {
    const hub = fault.target;
    const [gateway = ''] = map.agentsAt(hub);
    const cut = longestSpan(fault, (timeMs) => city.conditionAt(gateway, timeMs) === 'cut_off');
    const sites = map.sitesBehind(hub);
    const line = `link:up-${hub}`;
    const reach = cut === undefined ? map.partsOf(hub) : sites.flatMap((site) => map.partsOf(site));
    const port = map.devicesAt('city', 'node').map((id) => `device:${id}`);
    return {
      roots: new Set([line, ...(cut === undefined ? [] : [`site:${hub}`])]),
      reach: new Set([...reach, line, ...port, ...map.servicesOn([line, `site:${hub}`])]),
      symptoms: [...SILENCE],
      aftermathMs: RETURN_MS,
      due:
        cut === undefined
          ? dueOf(fault, fault, {
              rules: ['link_down', 'port_down'],
              withinMs: 100 * SECOND_MS,
              needMs: 80 * SECOND_MS,
              isPaged: true,
            })
          : dueOf(cut, cut, {
              rules: ['link_down', 'site_cut', 'node_cuts_sites', 'port_down'],
              withinMs: 60 * SECOND_MS,
              needMs: 60 * SECOND_MS,
              isPaged: true,
              sites: sites.length,
            }),
    };
  },
  cpu_runaway: (fault, { map }) => ({
    roots: new Set([`device:${fault.target}`]),
    reach: new Set([`device:${fault.target}`, ...map.servicesOn([`device:${fault.target}`])]),
    symptoms: ['cpu_busy', 'load_high', 'server_overloaded', 'pressure_*', 'city_service_impaired'],
    aftermathMs: 5 * MINUTE_MS,
    due: dueOf(fault, fault, {
      rules: ['cpu_busy', 'server_overloaded'],
      withinMs: 18 * MINUTE_MS,
      needMs: 17 * MINUTE_MS,
      // It is busy, and nothing waits for it yet: a warning.
      isPaged: false,
    }),
  }),
  disk_filling: (fault, { map }) => ({
    roots: new Set([`device:${fault.target}`]),
    reach: new Set([`device:${fault.target}`, ...map.servicesOn([`device:${fault.target}`])]),
    symptoms: ['disk_*'],
    aftermathMs: 40 * MINUTE_MS,
    due: dueOf(fault, fault, {
      rules: ['disk_*'],
      withinMs: 55 * MINUTE_MS,
      needMs: 55 * MINUTE_MS,
      isPaged: false,
    }),
  }),
  pool_nearly_full: (fault, { map }) => ({
    roots: new Set([`pool:${fault.target}`]),
    reach: new Set([`pool:${fault.target}`, ...map.servicesOn([`pool:${fault.target}`])]),
    symptoms: [
      'capacity_*',
      'pool*',
      'storage_days_to_full',
      'city_service_impaired',
      'service_target_missed',
    ],
    aftermathMs: 60 * MINUTE_MS,
    due: dueOf(fault, fault, {
      rules: ['capacity_high'],
      withinMs: 75 * MINUTE_MS,
      needMs: 75 * MINUTE_MS,
      isPaged: false,
    }),
  }),
};

/** What was wrong between two times, and what central owed because of it. Pure. */
export function readTruth(city: CityModel, span: Span): readonly Trouble[] {
  const { inventory } = city;
  const world = { city, inventory, map: createCityMap(inventory) };
  return city.faultsBetween(span.fromMs, span.toMs).map((fault) => troubleOf(fault, world));
}

/** Of a staged fault nothing is due but what its scenario says. Pure. */
export function troubleOf(fault: Fault, world: World): Trouble {
  const { kind, fromMs, toMs } = fault;
  const found = isStaged(kind)
    ? { ...STAGED_TROUBLES[kind](fault, world), due: undefined }
    : TROUBLES[kind](fault, world);
  return { fault, kind, fromMs, toMs, ...found };
}

function isConnected(site: string, timeMs: number, { city, map }: Pick<World, 'city' | 'map'>): boolean {
  return map.agentsAt(site).every((agent) => city.conditionAt(agent, timeMs) === 'connected');
}
