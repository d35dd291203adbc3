import { expect, it } from 'vitest';
import { buildInventory } from '../../simulators/city/build-inventory.ts';
import type { Condition } from '../../simulators/city/city.ts';
import type { Fault } from '../../simulators/city/faults.ts';
import { createCityMap } from './city-map.ts';
import { truthPathOf } from './truth-path.ts';

const MINUTE_MS = 60_000;
const built = buildInventory({ seed: 7, unitCount: 2 });
const map = createCityMap(built);
const [line, site] = ['link:up-hub-01', map.sitesBehind('hub-01')[1] ?? ''];
const inventory = {
  services: [
    { id: 'on-line', name: 'a', needs: [line] },
    { id: 'on-that', name: 'b', needs: ['service:on-line'] },
    { id: 'two-ways', name: 'c', needs: [{ anyOf: [line, 'link:up-hub-02'] }] },
    { id: 'at-site', name: 'd', needs: [`site:${site}`] },
  ],
};
const fault = (kind: Fault['kind'], target: string): Fault => ({
  kind,
  target,
  fromMs: 0,
  toMs: 10 * MINUTE_MS,
});
const pathOf = (one: Fault, as: Condition, untilMs = Infinity, agents?: readonly string[]) =>
  truthPathOf(one, {
    ...{ inventory, map },
    city: {
      conditionAt: (agent, timeMs) =>
        timeMs < untilMs && (agents?.includes(agent) ?? true) ? as : 'connected',
    },
  });

it('a cut takes its line, each site behind it that is away, their units, and what cannot do without them', () => {
  const { refs, units, services } = pathOf(fault('hub_uplink_cut', 'hub-01'), 'cut_off');
  const sites = map.sitesBehind('hub-01');
  expect(sites.length).toBeGreaterThan(5);
  expect([...refs].sort()).toEqual([line, ...sites.map((id) => `site:${id}`)].sort());
  expect([...units].sort()).toEqual([...new Set(sites.flatMap((id) => map.unitOfSite(id) ?? []))].sort());
  expect([...services].sort()).toEqual(['at-site', 'on-line', 'on-that']);
});

it('a site behind a cut that another way keeps connected is not in its path', () => {
  const cut = pathOf(fault('hub_uplink_cut', 'hub-01'), 'cut_off', Infinity, map.agentsAt(site));
  expect(cut.refs).toEqual([line, `site:${site}`]);
  expect(cut.units).toEqual([map.unitOfSite(site)]);
});

it('what was away for less than two minutes is not asked', () => {
  const nothing = { refs: [], units: [], services: [] };
  expect(pathOf(fault('hub_uplink_cut', 'hub-01'), 'cut_off', MINUTE_MS)).toEqual(nothing);
  expect(pathOf(fault('site_power_cut', site), 'dark', MINUTE_MS)).toEqual(nothing);
});

it('a site without power is asked by its agents, with its unit and services', () => {
  expect(pathOf(fault('site_power_cut', site), 'dark')).toEqual({
    refs: map.agentsAt(site).map((agent) => `agent:${agent}`),
    units: [map.unitOfSite(site)],
    services: ['at-site'],
  });
});

it('a service takes those that need it', () => {
  expect(pathOf(fault('service_down', 'on-line'), 'connected').services).toEqual(['on-line', 'on-that']);
});
