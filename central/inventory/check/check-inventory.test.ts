import { describe, expect, it } from 'vitest';
import { inventorySchema, type InventoryFile } from '../../../contract/inventory.ts';
import { checkInventory, MAX_MISTAKES } from './check-inventory.ts';
import { NearestNames, NearestNamesBudget } from './nearest-names.ts';
import { describeProblem } from './problem.ts';

const place = { longitude: 106.69, latitude: 10.79 };
const UNIT = { code: '26737', name: 'Tân Định', nameEn: 'Tan Dinh', kind: 'ward', ...place, areaKm2: 1.2 };

const site = (id: string, more: object = {}) => ({
  id,
  unit: '26737',
  name: id,
  kind: 'site',
  ...place,
  ...more,
});
const device = (id: string, more: object = {}) => ({
  id,
  kind: 'node',
  site: 'a',
  unit: '26737',
  agent: 'gw-1',
  ...more,
});

function inventory(lists: object): InventoryFile {
  return inventorySchema.parse({
    units: [UNIT],
    sites: [site('a'), site('b')],
    agents: [{ id: 'gw-1', kind: 'gateway', site: 'a', unit: '26737' }],
    ...lists,
  });
}

function problemsOf(lists: object): readonly string[] {
  return checkInventory(inventory(lists)).map((problem) => describeProblem(problem));
}

describe('the checks of an inventory', () => {
  it('find nothing in one that is in order', () => {
    expect(
      problemsOf({
        devices: [
          device('n-1'),
          device('n-2', { parents: ['n-1'] }),
          device('n-3', { parents: ['n-2', 'n-1'] }),
        ],
        services: [{ id: '1022', name: '1022', needs: ['device:n-1', { anyOf: ['site:a', 'site:b'] }] }],
      }),
    ).toEqual([]);
  });

  it('name the nearest known name for what does not exist', () => {
    expect(
      problemsOf({
        agencies: [{ id: 'so-tttt', name: 'Sở Thông tin và Truyền thông' }],
        devices: [
          device('n-1', { agent: 'gw1', unit: '26773' }),
          device('n-2', { parents: ['n-1', 'core'] }),
        ],
        interfaces: [{ device: 'n1', name: 'ge-0/0/1', link: 'l-1' }],
        links: [{ id: 'l-1', kind: 'fibre', ends: [{ site: 'a', device: 'n-3' }, { site: 'hub' }] }],
        pools: [{ id: 'p', site: 'a', resource: 'cpu', agency: 'so-ttt' }],
        services: [
          { id: '1022', name: '1022', needs: ['device:n-1', { anyOf: ['pool:p', 'service:1023'] }] },
        ],
      }),
    ).toEqual([
      'devices[0].unit: no such entry, got "26773", did you mean "26737"?',
      'devices[0].agent: no such entry, got "gw1", did you mean "gw-1"?',
      'devices[1].parents: no such entry, got "core"',
      'interfaces[0].device: no such entry, got "n1", did you mean "n-1"?',
      'pools[0].agency: no such entry, got "so-ttt", did you mean "so-tttt"?',
      'links[0].ends[0].device: no such entry, got "n-3", did you mean "n-1"?',
      'links[0].ends[1].site: no such entry, got "hub"',
      'services[0].needs[1]: no such entry, got "1023", did you mean "1022"?',
    ]);
  });

  it('name what comes twice, and a device in two sites', () => {
    expect(
      problemsOf({
        devices: [device('n-1'), device('n-2'), device('n-1', { site: 'b' }), device('n-2')],
        interfaces: [
          { device: 'n-1', name: 'eth0' },
          { device: 'n-2', name: 'eth0' },
          { device: 'n-1', name: 'eth0' },
        ],
        links: [
          {
            id: 'l-1',
            kind: 'fibre',
            ends: [
              { site: 'a', device: 'n-2' },
              { site: 'a', device: 'n-1' },
            ],
          },
        ],
      }),
    ).toEqual([
      'devices[2].id: expected a unique id in one site, not in a and in b, got "n-1" again (first in devices[0])',
      'devices[3].id: expected a unique id, got "n-2" again (first in devices[1])',
      'interfaces[2].device: expected a unique device, name, got "n-1 eth0" again (first in interfaces[0])',
      'links[0].ends[1].device: stands in site b, not in a, got "n-1"',
    ]);
  });

  it('print each cycle, of sites, devices and services', () => {
    expect(
      problemsOf({
        sites: [site('a', { parents: ['b'] }), site('b', { parents: ['a'] })],
        devices: [
          device('n-1', { parents: ['n-3'] }),
          device('n-2', { parents: ['n-1'] }),
          device('n-3', { parents: ['n-2', 'n-4'] }),
          device('n-4', { parents: ['n-4'] }),
          device('n-5', { parents: ['n-1', 'n-2'] }),
        ],
        services: [
          { id: 's-1', name: 's', needs: ['service:s-2'] },
          { id: 's-2', name: 's', needs: ['device:n-5', { anyOf: ['service:s-1', 'site:a'] }] },
        ],
      }),
    ).toEqual([
      'sites[1].parents: leads only back to itself: a → b → a, got "a"',
      'devices[1].parents: leads only back to itself: n-1 → n-3 → n-2 → n-1, got "n-1"',
      'devices[3].parents: leads only back to itself: n-4 → n-4, got "n-4"',
      'services[1].needs[1]: leads back to itself: s-1 → s-2 → s-1, got "s-1"',
    ]);
  });

  it('take a ring, in which each is a parent of the other, as long as there is a way out of it', () => {
    const ring = [
      site('hub-1', { parents: ['core', 'hub-2'] }),
      site('hub-2', { parents: ['hub-1', 'hub-3'] }),
      site('hub-3', { parents: ['hub-2', 'core'] }),
    ];
    expect(problemsOf({ sites: [site('a'), site('core'), ...ring] })).toEqual([]);
  });

  it('print a long cycle in short, and follow a chain of 50,000', () => {
    const ids = Array.from({ length: 50_000 }, (_, at) => `n-${at}`);
    const chain = ids.map((id, at) => device(id, { parents: [ids[at + 1] ?? 'n-0'] }));
    expect(problemsOf({ devices: chain })).toEqual([
      'devices[49999].parents: leads only back to itself: n-0 → n-1 → n-2 → n-3 → n-4 → n-5 → n-6 → n-7 → n-8 → n-9 → … 49990 more → n-0, got "n-0"',
    ]);
    expect(problemsOf({ devices: [...chain.slice(0, -1), device('n-49999')] })).toEqual([]);
  });

  it('name dates that contradict each other, and only those', () => {
    expect(
      problemsOf({
        devices: [
          device('n-1', { installedOn: '2020-01-01', retiredOn: '2019-12-31' }),
          device('n-2', { installedOn: '2020-01-01', retiredOn: '2020-01-01' }),
          device('n-3', { retiredOn: '2024-05-01' }),
          device('n-4', { installedOn: '2024-05-02', parents: ['n-3'] }),
          device('n-5', { installedOn: '2024-04-01', parents: ['n-3'] }),
          device('n-6', { retiredOn: '2024-05-01', parents: ['n-4'] }),
        ],
      }),
    ).toEqual([
      'devices[0].retiredOn: before it was installed on 2020-01-01, got "2019-12-31"',
      'devices[3].parents: retired on 2024-05-01, before this was installed on 2024-05-02, got "n-3"',
      'devices[5].parents: installed on 2024-05-02, after this was retired on 2024-05-01, got "n-4"',
    ]);
  });

  it('know what a code meant on a day', () => {
    const former = { kind: 'ward', until: '2025-07-01' };
    expect(
      problemsOf({
        formerUnits: [
          { ...former, code: '26734', name: 'Tân Định', successors: ['26737'] },
          { ...former, code: '26737', name: 'Đa Kao', successors: ['26737', '26740'] },
          { ...former, code: '26737', name: 'Đa Kao', from: '2025-06-01', until: '2025-08-01' },
          { ...former, name: 'Phú Cường', from: '2025-07-01' },
        ],
        sites: [
          site('a', { formerUnits: [{ unit: '26734', until: '2025-07-01' }] }),
          site('b', {
            formerUnits: [
              { unit: '26734', until: '2025-07-02' },
              { unit: '26999', until: '2025-07-01' },
            ],
          }),
        ],
      }),
    ).toEqual([
      'formerUnits[1].successors[1]: no unit has this code on 2025-07-01, got "26740"',
      'formerUnits[3].until: expected a day after "from", which is 2025-07-01, got "2025-07-01"',
      'formerUnits[2].code: expected one unit with this code on a day, and the one before holds until 2025-07-01, got "26737" again (first in formerUnits[1])',
      'sites[1].formerUnits[0].unit: no unit has this code on 2025-07-01, got "26734", did you mean "26737"?',
      'sites[1].formerUnits[1].unit: no unit has this code on 2025-06-30, got "26999"',
      'sites[1].formerUnits[1].until: expected a day after the one before it, 2025-07-02, got "2025-07-01"',
    ]);
  });

  it('name 300 mistakes among 10,000 devices at once', () => {
    const devices = Array.from({ length: 10_000 }, (_, at) =>
      device(`n-${26_000 + at}-01`, {
        parents: [at % 33 === 1 ? `n-${26_000 + at}-011` : `n-${26_000 + at - 1}-01`],
      }),
    );
    const problems = checkInventory(inventory({ devices: [device('n-25999-01'), ...devices] }));
    expect(problems).toHaveLength(304 - 1);
    expect(problems.every(({ value, nearest }) => nearest === value.slice(0, -1))).toBe(true);
  });

  it('keep 5,000 of 40,000 mistakes, and one that says that there are more', () => {
    const wrong = Array.from({ length: 20_000 }, (_, at) =>
      device(`n-${at}`, { site: `nosite-${at}`, agent: `noagent${at}` }),
    );
    expect(checkInventory(inventory({ devices: wrong }))).toHaveLength(MAX_MISTAKES + 1);
  });

  it('do not take what could not be read for missing', () => {
    const devices = Array.from({ length: 6_000 }, (_, at) => device(`n-${at}`, { site: 'unread' }));
    const problems = checkInventory(
      inventory({ devices: [...devices, device('n', { agent: 'gw1' })] }),
      new Set(['unread']),
    );
    expect(problems.map((problem) => describeProblem(problem))).toEqual([
      'devices[6000].agent: no such entry, got "gw1", did you mean "gw-1"?',
    ]);
  });

  it('look for nearest names in two lists at the cost of one', () => {
    const budget = new NearestNamesBudget();
    const lists = ['site', 'agent'].map((kind) => {
      const known = Array.from({ length: 1_000 }, (_, at) => `${kind}-${at}`);
      return new NearestNames(known, budget);
    });
    expect(lists[1]?.nearestTo('agentx-500')).toBe('agent-500');
    for (let at = 0; at < 5_000; at++) lists[0]?.nearestTo(`nosuch${at}`);
    expect(budget.take(1_000)).toBe(false);
    expect(lists[1]?.nearestTo('agentx-501')).toBeUndefined();
  });
});
