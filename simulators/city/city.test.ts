import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { encodeSamples } from '../../contract/codec.ts';
import { buildCity } from './build-city.ts';
import type { Fault } from './faults.ts';
import { recurringFaults } from './recurring-faults.ts';
import { DAY_MS, fieldOf, HOUR_MS, OFFICE_HOURS, problemsOf } from './test-support.ts';
import { UNITS } from './units.ts';

const city = buildCity({ seed: 7 });
const agents = city.inventory.agents.map((agent) => agent.id);

function troubled() {
  return buildCity({ seed: 7, faults: (inventory) => recurringFaults(inventory, 7) });
}

describe('the simulated city', () => {
  it('has 168 units, over 800 sites and over 1,000 servers', () => {
    const { units, sites, devices } = city.inventory;
    expect(units).toHaveLength(168);
    expect(sites.filter((site) => site.kind === 'site').length).toBeGreaterThanOrEqual(800);
    expect(devices.filter((device) => device.kind === 'server').length).toBeGreaterThanOrEqual(1_000);
    expect(devices.filter(({ kind }) => kind === 'probe' || kind === 'modem').length).toBeGreaterThanOrEqual(
      2_000,
    );
    expect(new Set(agents).size).toBe(agents.length);
  });

  it('is a tree: every site below a hub, hubs and datacentres below the city', () => {
    const { sites } = city.inventory;
    const kinds = new Map(sites.map((site) => [site.id, site.kind]));
    const steps = new Set(
      sites.map(({ kind, parents }) => `${kind} on ${kinds.get(parents?.[0] ?? '') ?? 'nothing'}`),
    );
    expect([...steps].sort()).toEqual([
      'city on nothing',
      'datacentre on city',
      'hub on city',
      'site on hub',
    ]);
    expect(sites.filter((site) => site.kind === 'city')).toHaveLength(1);
  });

  it('has services on things that exist, and every hub and site has a line of its own', () => {
    const { inventory } = city;
    const ids = (entries: readonly { readonly id: string }[]): string[] => entries.map(({ id }) => id);
    const { devices, sites, links, pools, services } = inventory;
    const known = new Set(
      Object.entries({ device: devices, site: sites, link: links, pool: pools, service: services }).flatMap(
        ([kind, entries]) => ids(entries).map((id) => `${kind}:${id}`),
      ),
    );
    const needs = services.flatMap((service) =>
      service.needs.flatMap((need) => (typeof need === 'string' ? [need] : need.anyOf)),
    );
    expect(needs.filter((ref) => !known.has(ref))).toEqual([]);
    expect(ids(services)).toContain('1022');
    const lined = new Set(links.map(({ ends }) => ends[1].site));
    expect(sites.filter(({ id, kind }) => (kind === 'hub' || kind === 'site') && !lined.has(id))).toEqual([]);
    expect(links.filter(({ id }) => id.startsWith('ring-'))).toHaveLength(4);
  });

  it('has the same services with one unit, on what there is', () => {
    const { services } = buildCity({ seed: 7, unitCount: 1 }).inventory;
    expect(services).toHaveLength(7);
    expect(JSON.stringify(services)).not.toMatch(/"(device|link|site|pool):"/);
  });

  it('has fewer than 20 agents with one unit', () => {
    expect(buildCity({ seed: 7, unitCount: 1 }).inventory.agents.length).toBeLessThan(20);
  });

  const csv = new URL('../../../shared/data/geo-hcmc/wards-2025-07.csv', import.meta.url);
  it.skipIf(!existsSync(csv))('has the official units (needs ../shared/data)', () => {
    const lines = readFileSync(csv, 'utf8').trim().split('\n').slice(1);
    const official = lines.map((line) => line.split(',').slice(0, 3).join(','));
    expect(UNITS.map((unit) => [unit.code, unit.name, unit.kind].join(','))).toEqual(official);
  });

  it('returns the same samples for the same seed, agent and time, in any order of calls', () => {
    const [one, other] = [troubled(), troubled()];
    const days = [OFFICE_HOURS, OFFICE_HOURS + 40 * DAY_MS, OFFICE_HOURS + HOUR_MS];
    for (const agent of ['gw-25747-01', 'sv-dc1-0001', 'gw-hub-01']) {
      const forwards = days.map((timeMs) => one.samplesAt(agent, timeMs));
      const backwards = [...days].reverse().map((timeMs) => other.samplesAt(agent, timeMs));
      expect(backwards.reverse()).toEqual(forwards);
    }
    expect(buildCity({ seed: 8 }).samplesAt('sv-dc1-0001', OFFICE_HOURS)).not.toEqual(
      city.samplesAt('sv-dc1-0001', OFFICE_HOURS),
    );
  });

  it('sends only what the catalogue allows, at any hour and with any fault', () => {
    const model = troubled();
    const wrong = new Set<string>();
    const measured = new Set<string>();
    for (const timeMs of [OFFICE_HOURS, OFFICE_HOURS + 7 * HOUR_MS, OFFICE_HOURS + 18 * HOUR_MS]) {
      for (const agent of agents) {
        for (const sample of model.samplesAt(agent, timeMs) ?? []) {
          measured.add(sample.measurement);
          for (const problem of problemsOf(sample)) wrong.add(problem);
        }
      }
    }
    expect([...wrong]).toEqual([]);
    for (const name of ['device', 'interface', 'ping', 'path', 'cellular', 'power', 'capacity', 'cpu', 'net'])
      expect(measured).toContain(name);
  });

  it('shows a fault at its target only', () => {
    const span = { fromMs: OFFICE_HOURS, toMs: OFFICE_HOURS + HOUR_MS };
    const faults: Fault[] = [
      { kind: 'site_power_cut', target: 'site-25747-03', ...span },
      { kind: 'cpu_runaway', target: 'sv-dc1-0005', ...span },
      { kind: 'coverage_dip', target: '25750', ...span },
    ];
    const broken = buildCity({ seed: 7, faults: () => faults });
    expect(broken.faultsBetween(OFFICE_HOURS + 1, OFFICE_HOURS + 2)).toEqual(faults);
    expect(broken.samplesAt('gw-25747-03', OFFICE_HOURS)).toBeUndefined();
    expect(fieldOf(broken.samplesAt('sv-dc1-0005', OFFICE_HOURS), 'cpu', 'usage_active')).toBeGreaterThan(95);
    expect(fieldOf(broken.samplesAt('gw-25750-02', OFFICE_HOURS), 'cellular', 'rsrp_dbm')).toBeLessThan(-110);
    for (const agent of ['gw-25747-02', 'sv-dc1-0006', 'gw-25760-01']) {
      expect(broken.samplesAt(agent, OFFICE_HOURS)).toEqual(city.samplesAt(agent, OFFICE_HOURS));
    }
  });

  it('rounds to the resolution of instruments: a batch of a ward gateway is smaller than a kilobyte', () => {
    const tooFine = new Set<string>();
    for (const { measurement, fields } of agents.flatMap(
      (agent) => city.samplesAt(agent, OFFICE_HOURS) ?? [],
    )) {
      for (const [name, value] of Object.entries(fields))
        if ((String(value).split('.')[1]?.length ?? 0) > 3) tooFine.add(`${measurement}.${name}`);
    }
    expect([...tooFine]).toEqual([]);
    const { bodies } = encodeSamples(city.samplesAt('gw-25747-03', OFFICE_HOURS) ?? []);
    expect(bodies.map((body) => body.bytes.length < 1_024)).toEqual([true]);
  });
});
