import type { Sample } from '../../../contract/sample.ts';
import { INVENTORY, SHOWN_UNIT, siteAt, SITES_BY_UNIT, STATES, unitAt, type SiteNow } from './story.ts';
import { drift, noise, rhythm, rounded } from './wave.ts';

/** What is shown as it is now is asked for the last five minutes. */
const NOW_MIN = 6;
const HOURS_6 = 360;
const DAY = 1_440;

const DEVICES_BY_SITE = groupSizes(INVENTORY.devices.map(({ site }) => site));
const AGENTS_BY_SITE = groupSizes(
  INVENTORY.agents.filter(({ kind }) => kind === 'gateway').map(({ site }) => site),
);

function groupSizes(keys: readonly string[]): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const key of keys) sizes.set(key, (sizes.get(key) ?? 0) + 1);
  return sizes;
}

/** States and traffic of the city, its units and sites, a minute apart. */
export function* citySamples(toMs: number): Generator<Sample> {
  for (let minute = DAY; minute >= 0; minute--) {
    const timeMs = toMs - minute * 60_000;
    yield cityState(timeMs, minute);
    if (minute > HOURS_6) continue;
    for (const { code } of INVENTORY.units) yield unitTraffic(code, timeMs, minute);
    for (const site of SITES_BY_UNIT.get(SHOWN_UNIT) ?? []) yield siteState(site, timeMs, minute);
    if (minute > NOW_MIN) continue;
    for (const unit of INVENTORY.units) yield unitState(unit.code, timeMs, minute);
    for (const { id, unit } of INVENTORY.sites) if (unit !== SHOWN_UNIT) yield siteState(id, timeMs, minute);
    for (const device of INVENTORY.devices.filter(({ unit }) => unit === SHOWN_UNIT)) {
      const { state } = siteAt(device.site, minute);
      const isDown = state === 'down' && device.kind === 'node';
      yield {
        measurement: 'device',
        tags: { device: device.id, site: device.site, unit: device.unit, kind: device.kind },
        fields: {
          up: !isDown,
          ...(!isDown && {
            response_ms: rounded(2 + 9 * noise(device.id) + drift(device.id, minute)),
            uptime_s: Math.round(3_600 * 24 * (20 + 200 * noise(`${device.id}u`))),
          }),
          ...(device.kind === 'node' &&
            !isDown && {
              cpu_pct: rounded(22 + 30 * noise(device.id) + 6 * drift(device.id, minute), 1),
              memory_pct: rounded(41 + 25 * noise(`${device.id}m`), 1),
            }),
        },
        timeMs,
      };
    }
  }
}

function stateFields({ state, forMin }: SiteNow) {
  return { state, state_code: STATES[state], state_s: forMin * 60 };
}

function counts(sites: readonly string[], minute: number) {
  const total = { up: 0, down: 0, unreachable: 0, unknown: 0, silent: 0, live: 0 };
  for (const site of sites) {
    const { state } = siteAt(site, minute);
    const devices = DEVICES_BY_SITE.get(site) ?? 0;
    const agents = AGENTS_BY_SITE.get(site) ?? 0;
    const isHeard = state === 'up' || state === 'alert' || state === 'down';
    if (state === 'down') total.down += 1;
    const rest = devices - (state === 'down' ? 1 : 0);
    if (state === 'unreachable') total.unreachable += rest;
    else if (state === 'unknown') total.unknown += rest;
    else total.up += rest;
    if (isHeard && !site.startsWith('hub-07')) total.live += agents;
    else total.silent += agents;
  }
  return total;
}

function stateCounts(total: ReturnType<typeof counts>) {
  const known = total.up + total.down + total.unreachable;
  return {
    devices_up: total.up,
    devices_down: total.down,
    devices_unreachable: total.unreachable,
    devices_unknown: total.unknown,
    devices_maintenance: 0,
    agents_live: total.live,
    agents_silent: total.silent,
    agents_stopped: 0,
    agents_never_seen: 0,
    availability_pct: known === 0 ? 0 : rounded((100 * total.up) / known),
  };
}

const ALL_SITES = [...SITES_BY_UNIT.values()].flat();

function cityState(timeMs: number, minute: number): Sample {
  const total = counts(ALL_SITES, minute);
  const units = [...SITES_BY_UNIT.values()].map((sites) => unitAt(sites, minute).state);
  const of = (state: string): number => units.filter((each) => each === state).length;
  const cut = of('unreachable');
  const bps = 31e9 * rhythm(timeMs) * (1 - cut / 168) * (1 + 0.04 * drift('city', minute));
  return {
    measurement: 'city_state',
    tags: {},
    fields: {
      ...stateCounts(total),
      alerts_critical: minute < 47 ? (minute < 18 ? 2 : 1) : 0,
      alerts_major: 3 + (minute < 18 ? 1 : 0),
      alerts_minor: 6,
      alerts_warning: 9,
      alerts_unacknowledged: minute < 18 ? 4 : 3,
      completeness_pct: rounded(100 - (100 * (total.silent + 0.4)) / 870 + 0.04 * drift('cp', minute)),
      radio_availability_pct: rounded(
        98.4 + 0.35 * drift('radio', minute) - (minute < 92 && minute > 70 ? 1.8 : 0),
      ),
      in_bps: Math.round(bps),
      out_bps: Math.round(0.34 * bps * (1 + 0.05 * drift('out', minute))),
      units_cut_off: cut,
      units_up: of('up'),
      units_alert: of('alert'),
      units_down: of('down'),
      units_unreachable: cut,
      units_unknown: of('unknown'),
      incidents_open: minute < 18 ? 2 : minute < 47 ? 1 : 0,
      services_degraded: 1,
      services_down: 0,
      services_unknown: 2,
      samples_per_s: Math.round(8_600 + 90 * drift('rate', minute)),
    },
    timeMs,
  };
}

function unitState(code: string, timeMs: number, minute: number): Sample {
  const unit = INVENTORY.units.find((each) => each.code === code);
  const sites = SITES_BY_UNIT.get(code) ?? [];
  const now = unitAt(sites, minute);
  return {
    measurement: 'unit_state',
    tags: { unit: code },
    fields: {
      name: unit?.name ?? code,
      ...stateFields(now),
      ...(now.reason !== '' && { reason: now.reason, roots: now.roots }),
      ...stateCounts(counts(sites, minute)),
      alerts_critical: now.state === 'down' ? 1 : 0,
      alerts_major: now.state === 'unknown' ? 1 : 0,
      alerts_minor: now.state === 'alert' ? 1 : 0,
      alerts_warning: 0,
      completeness_pct: now.state === 'unknown' ? 0 : rounded(99.2 + 0.8 * noise(code)),
      latitude: unit?.latitude ?? 0,
      longitude: unit?.longitude ?? 0,
    },
    timeMs,
  };
}

function siteState(id: string, timeMs: number, minute: number): Sample {
  const site = INVENTORY.sites.find((each) => each.id === id);
  const now = siteAt(id, minute);
  return {
    measurement: 'site_state',
    tags: { site: id, unit: site?.unit ?? '', kind: site?.kind ?? 'site', parent: site?.parents?.[0] ?? '' },
    fields: {
      name: site?.name ?? id,
      ...stateFields(now),
      roots: now.roots,
      devices_down: now.state === 'down' ? 1 : 0,
      latitude: site?.latitude ?? 0,
      longitude: site?.longitude ?? 0,
    },
    timeMs,
  };
}

function unitTraffic(code: string, timeMs: number, minute: number): Sample {
  const { state } = unitAt(SITES_BY_UNIT.get(code) ?? [], minute);
  const isCut = state === 'unreachable';
  const bps = isCut ? 0 : (90e6 + 210e6 * noise(code)) * rhythm(timeMs) * (1 + 0.25 * drift(code, minute));
  const isLossy = code === SHOWN_UNIT && minute < 34;
  return {
    measurement: 'unit_traffic',
    tags: { unit: code },
    fields: {
      in_bps: Math.round(bps),
      out_bps: Math.round(bps * (0.28 + 0.1 * drift(`${code}o`, minute))),
      utilization_pct: rounded((bps / 4e6) * (1 + 0.2 * drift(`${code}u`, minute))),
      ...(!isCut && {
        latency_ms: rounded(4 + 5 * noise(`${code}l`) + 0.8 * drift(`${code}l`, minute) + (isLossy ? 6 : 0)),
        loss_pct: rounded(
          isLossy ? 1.6 + 0.7 * drift('loss', minute) : 0.15 * noise(`${code}x`, minute) ** 4,
        ),
      }),
      links_count: 5,
      links_measured_count: 5,
    },
    timeMs,
  };
}
