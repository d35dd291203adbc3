import type { InventoryFile } from '../../contract/inventory.ts';
import type { Fault, StagedKind } from '../../simulators/city/faults.ts';
import type { CityMap } from './city-map.ts';
import { RETURN_MS } from './due-of.ts';
import type { Trouble } from './trouble.ts';

/** What follows from a staged fault. What is due because of it its scenario says. */
export type StagedTrouble = Pick<Trouble, 'roots' | 'reach' | 'symptoms' | 'aftermathMs'>;
type TroubleOf = (
  fault: Fault,
  world: { readonly inventory: InventoryFile; readonly map: CityMap },
) => StagedTrouble;

const MINUTE_MS = 60_000;
/** Of alerts about central's own health. */
const CENTRAL = 'agent:central';
const PATH_RULES = [
  'path_*',
  'ping_*',
  'jitter_high',
  'call_quality_low',
  'broadband_slow',
  'line_full',
] as const;
const SILENCE = [
  'agent_silent',
  'site_cut',
  'device_silent',
  'measurement_missing',
  'city_service_impaired',
] as const;

/** At a site: its device of a kind is what failed, and what is measured there shows it. */
const atSite =
  (kind: string, symptoms: readonly string[], aftermathMs = 6 * MINUTE_MS): TroubleOf =>
  ({ target }, { map }) => {
    const devices = map.devicesAt(target, kind).map((id) => `device:${id}`);
    return {
      roots: new Set(devices),
      reach: new Set([...devices, `unit:${map.unitOfSite(target) ?? ''}`]),
      symptoms,
      aftermathMs,
    };
  };

/** The probe and the line that it measures. */
const onLineOf: TroubleOf = (fault, world) => {
  const found = atSite('probe', PATH_RULES)(fault, world);
  const links = world.map.partsOf(fault.target).filter((ref) => ref.startsWith('link:'));
  return { ...found, roots: new Set([...found.roots, ...links]), reach: new Set([...found.reach, ...links]) };
};

const onServer =
  (symptoms: readonly string[]): TroubleOf =>
  ({ target }, { map }) => ({
    roots: new Set([`device:${target}`]),
    reach: new Set([`device:${target}`, ...map.servicesOn([`device:${target}`])]),
    symptoms,
    aftermathMs: 6 * MINUTE_MS,
  });

/** `about`: what alerts of it name. */
const onService =
  (symptoms: readonly string[], about: (service: string) => string): TroubleOf =>
  ({ target }, { map }) => {
    const root = about(target);
    return {
      roots: new Set([root]),
      reach: new Set([root, ...map.servicesOn([root])]),
      symptoms,
      aftermathMs: 6 * MINUTE_MS,
    };
  };

/** Lines of a carrier, or of all of them, from every site. */
const onLines: TroubleOf = (_fault, { inventory, map }) => {
  const lines = inventory.devices.filter(({ id }) => id.startsWith('bb-')).map(({ id }) => `device:${id}`);
  return {
    roots: new Set([...lines, ...inventory.sites.map(({ id }) => `site:${id}`)]),
    reach: new Set([...lines, ...map.servicesOn(lines)]),
    symptoms: PATH_RULES,
    aftermathMs: 6 * MINUTE_MS,
  };
};

const ofCentral =
  (symptoms: readonly string[], aftermathMs = 20 * MINUTE_MS): TroubleOf =>
  () => ({ roots: new Set([CENTRAL]), reach: new Set([CENTRAL]), symptoms, aftermathMs });

const byAgent =
  (symptoms: readonly string[]): TroubleOf =>
  ({ target }) => ({
    roots: new Set([`agent:${target}`, CENTRAL]),
    reach: new Set([`agent:${target}`, CENTRAL]),
    symptoms,
    aftermathMs: 20 * MINUTE_MS,
  });

const certificate = onService(['certificate_*'], () => 'agent:gw-city');

export const STAGED_TROUBLES: Readonly<Record<StagedKind, TroubleOf>> = {
  port_flapping: atSite('node', ['port_down', 'link_down']),
  port_storm: atSite('node', ['port_*'], 12 * MINUTE_MS),
  port_errors: atSite('node', ['port_errors_*'], 12 * MINUTE_MS),
  line_slow: onLineOf,
  line_saturated: onLineOf,
  operator_brownout: onLines,
  submarine_cable_cut: onLines,
  modem_bad: atSite('modem', ['signal_*']),
  modem_refused: atSite('modem', ['modem_not_registered']),
  cell_backhaul_cut: ({ target }, { map }) => ({
    roots: new Set([`unit:${target}`]),
    reach: new Set([
      `unit:${target}`,
      ...map.sitesOf(target).flatMap((site) => map.devicesAt(site, 'modem').map((id) => `device:${id}`)),
    ]),
    symptoms: ['coverage_dip*', 'modem_not_registered'],
    aftermathMs: 2 * MINUTE_MS,
  }),
  ups_overload: atSite('ups', ['power_*', 'battery_low']),
  server_lost: ({ target }, { inventory, map }) => {
    const site = map.siteOfDevice(target) ?? '';
    const pools = inventory.pools.filter((pool) => pool.site === site).map(({ id }) => `pool:${id}`);
    const refs = [`device:${target}`, `agent:${target}`, ...pools];
    return {
      roots: new Set([`device:${target}`, `agent:${target}`, ...pools]),
      reach: new Set([...refs, `site:${site}`, ...map.servicesOn(refs)]),
      symptoms: [...SILENCE, 'capacity_high', 'pool*', 'service_target_missed', 'temperature_differs'],
      aftermathMs: 70 * MINUTE_MS,
    };
  },
  server_hot: onServer(['temperature_differs', 'hardware_hot']),
  noisy_neighbour: onServer(['cpu_steal', 'cpu_busy', 'load_high', 'server_overloaded']),
  memory_leak: onServer(['memory_*', 'pressure_memory', 'server_overloaded', 'city_service_impaired']),
  service_slow: onService(['service_slow', 'city_service_impaired'], (id) => `service:${id}`),
  service_down: onService(
    ['service_down', 'city_service_impaired', 'service_target_missed'],
    (id) => `service:${id}`,
  ),
  certificate_expiring: certificate,
  certificate_wrong_name: certificate,
  gateway_dead: ({ target }, { map }) => {
    const site = map.siteOfAgent(target) ?? '';
    return {
      roots: new Set([`agent:${target}`, `device:${target}`, `site:${site}`]),
      reach: new Set([...map.partsOf(site), ...map.servicesOn([`site:${site}`])]),
      symptoms: SILENCE,
      aftermathMs: RETURN_MS,
    };
  },
  gateway_clock_wrong: byAgent(['agent_clock_off', 'central_clock_disagrees']),
  rubbish_flood: byAgent(['agent_refused_full', 'central_refusing', 'agent_series_full']),
  spoofed_device: byAgent(['agent_refused_full', 'central_refusing', 'evidence_disputed']),
  centre_cut_off: ({ fromMs, toMs }, { inventory }) => ({
    roots: new Set([CENTRAL]),
    reach: new Set([
      CENTRAL,
      ...(toMs > fromMs ? inventory.agents.map(({ id }) => `agent:${id}`) : []),
      ...inventory.services.map(({ id }) => `service:${id}`),
    ]),
    symptoms: ['central_*', 'agent_backlog', ...SILENCE],
    aftermathMs: 20 * MINUTE_MS,
  }),
  central_store_away: ofCentral(['central_*']),
  central_paused: ofCentral(['central_*']),
  central_clock_wrong: ofCentral(['central_*', 'agent_clock_off']),
};
