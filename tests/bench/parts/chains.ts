import { buildBlastModel } from '../../../central/health/blast-radius/blast-model.ts';
import { blastRadius } from '../../../central/health/blast-radius/blast-radius.ts';
import { judgeServices } from '../../../central/health/services/judge-services.ts';
import { groupServices } from '../../../central/health/services/service-groups.ts';
import { readInventory, type Inventory } from '../../../central/inventory/inventory.ts';
import { median } from '../in-turns.ts';
import { atMost } from '../report/bar.ts';
import { quantity } from '../report/markdown.ts';
import type { Section } from '../report/section.ts';

const HUBS = 40;
const SITES_PER_HUB = 25;
const DEVICES_PER_SITE = 10;
const SERVICES = 1_000;
const LAYERS = 5;
const DAY = '2026-11-30';
const MIN_ROUNDS = 20;

/** 10,000 devices at 1,000 sites below a ring of 40 hubs, and 1,000 services in chains of five. */
export const chainsSection: Section = {
  name: 'chains',
  about: 'blast radii and the states of services over 10,000 devices and 1,000 services',
  run: async ({ seconds }) => {
    const inventory = largeCity();
    const model = buildBlastModel(inventory, DAY);
    const groups = groupServices(inventory.services);
    const down = { state: 'down', roots: [] } as const;
    const up = { state: 'up', roots: [] } as const;
    const cases: Readonly<Record<string, () => unknown>> = {
      'blast radius of everything': () => blastRadius(model, 'site:city'),
      'blast radius of a hub in a ring': () => blastRadius(model, 'site:hub-7'),
      'blast radius of one device': () => blastRadius(model, 'device:d-7-7-7'),
      'the same after a change of the inventory': () =>
        blastRadius(buildBlastModel(inventory, DAY), 'site:hub-7'),
      'states of all services': () => judgeServices(groups, (ref) => (ref.endsWith('-3') ? down : up)),
    };
    const measured = Object.entries(cases).map(([name, run]) => [name, timesOf(run, seconds / 5)] as const);
    const medianOf = (name: string): number | undefined => {
      const timesMs = measured.find(([each]) => each === name)?.[1];
      return timesMs && median(timesMs);
    };
    return {
      tables: [
        {
          title: `${inventory.devices.size.toLocaleString('en')} devices, ${inventory.sites.size.toLocaleString('en')} sites, ${inventory.services.size.toLocaleString('en')} services`,
          head: ['asked', 'median ms', 'longest ms'],
          rows: measured.map(([name, timesMs]) => [
            name,
            quantity(median(timesMs)),
            quantity(Math.max(...timesMs)),
          ]),
        },
      ],
      figures: Object.fromEntries(measured.map(([name, timesMs]) => [`${name}, ms`, median(timesMs)])),
      bars: [
        atMost(
          'blast radius of everything, 10,000 devices',
          50,
          'ms',
          medianOf('blast radius of everything'),
        ),
        atMost('states of 1,000 services', 20, 'ms', medianOf('states of all services')),
      ],
    };
  },
};

/** ms, once it is warm. */
function timesOf(run: () => unknown, seconds: number): number[] {
  for (let round = 0; round < MIN_ROUNDS; round++) run();
  const timesMs: number[] = [];
  const untilMs = performance.now() + seconds * 1_000;
  while (timesMs.length < MIN_ROUNDS || performance.now() < untilMs) {
    const beginMs = performance.now();
    run();
    timesMs.push(performance.now() - beginMs);
  }
  return timesMs;
}

function largeCity(): Inventory {
  const place = { unit: '00001', longitude: 106.7, latitude: 10.8 };
  const numbers = (count: number): number[] => Array.from({ length: count }, (_, at) => at);
  const hubs = numbers(HUBS);
  const sites = hubs.flatMap((hub) => numbers(SITES_PER_HUB).map((site) => ({ hub, site })));
  const device = (layer: number): string =>
    `device:d-${layer % HUBS}-${layer % SITES_PER_HUB}-${layer % DEVICES_PER_SITE}`;
  return readInventory('bench', {
    units: [
      { code: '00001', name: 'P', nameEn: 'W', kind: 'ward', areaKm2: 1, longitude: 106.7, latitude: 10.8 },
    ],
    sites: [
      { id: 'city', name: 'city', kind: 'city', ...place },
      ...hubs.map((hub) => ({
        ...{ id: `hub-${hub}`, name: `hub ${hub}`, kind: 'hub', ...place },
        parents: hub === 0 ? ['city'] : ['city', `hub-${hub - 1}`],
      })),
      ...sites.map(({ hub, site }) => ({
        ...{ id: `s-${hub}-${site}`, name: `site ${site}`, kind: 'site', ...place, parents: [`hub-${hub}`] },
      })),
    ],
    agents: [{ id: 'gw', kind: 'gateway', site: 'city', unit: '00001' }],
    devices: sites.flatMap(({ hub, site }) =>
      numbers(DEVICES_PER_SITE).map((at) => ({
        ...{ id: `d-${hub}-${site}-${at}`, kind: at === 0 ? 'node' : 'server', site: `s-${hub}-${site}` },
        ...{ unit: '00001', agent: 'gw', ...(at > 0 && { parents: [`d-${hub}-${site}-0`] }) },
      })),
    ),
    links: sites.map(({ hub, site }) => ({
      ...{
        id: `l-${hub}-${site}`,
        kind: 'fibre',
        ends: [{ site: `hub-${hub}` }, { site: `s-${hub}-${site}` }],
      },
    })),
    services: numbers(SERVICES).map((at) => ({
      ...{ id: `service-${at}`, name: `service ${at}` },
      needs: [
        { anyOf: [device(at), device(at + 1), device(at + 2)], atLeast: 2 },
        `site:hub-${at % HUBS}`,
        ...(at % LAYERS === 0 ? [] : [`service:service-${at - 1}`]),
      ],
    })),
  });
}
