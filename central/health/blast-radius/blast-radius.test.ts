import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inventorySchema } from '../../../contract/inventory.ts';
import { indexInventory } from '../../inventory/inventory.ts';
import { buildBlastModel } from './blast-model.ts';
import { blastRadius, countBlast } from './blast-radius.ts';
import type { BlastLists } from './blast-view.ts';

const DAY = '2026-11-30';
const PLACE = { longitude: 106.7, latitude: 10.8 };

interface Plan {
  /** Sites, each with its parents: `a < b c`. */
  readonly sites: readonly string[];
  /** Devices, each at a site, with its kind and its parents: `n-1 node @a < n-0`. */
  readonly devices?: readonly string[];
  /** Links between sites, perhaps at devices: `l-1 a:n-1 b`. */
  readonly links?: readonly string[];
  readonly more?: Readonly<Record<string, unknown>>;
  /** The unit of each site; all in one without it. */
  readonly unitOf?: (site: string) => string;
}

function planned({ sites, devices = [], links = [], more = {}, unitOf = () => '00001' }: Plan) {
  const ways = (line: string): { id: string; rest: string[]; parents?: string[] } => {
    const [own = '', above = ''] = line.split(' < ');
    const [id = '', ...rest] = own.split(' ');
    const parents = above.split(' ').filter((parent) => parent !== '');
    return { id, rest, ...(parents.length > 0 && { parents }) };
  };
  const read = sites.map(ways);
  const units = [...new Set(read.map(({ id }) => unitOf(id)))];
  // Without the checks of an import: also what leads only back to itself must come to an end.
  const lists = inventorySchema.parse({
    units: units.map((code) => ({
      ...{ code, name: `P ${code}`, nameEn: code, kind: 'ward', areaKm2: 1, ...PLACE },
    })),
    sites: read.map(({ id, parents }) => {
      return { id, name: id, unit: unitOf(id), kind: 'site', ...PLACE, ...(parents && { parents }) };
    }),
    devices: devices.map(ways).map(({ id, rest, parents }) => {
      const [kind, at = ''] = rest;
      const site = at.slice(1);
      return { id, kind, site, unit: unitOf(site), agent: 'gw', ...(parents && { parents }) };
    }),
    links: links.map((line) => {
      const [id, ...ends] = line.split(' ');
      return {
        id,
        kind: 'fibre',
        ends: ends.map((end) => {
          const [site, device] = end.split(':');
          return { site, ...(device !== undefined && { device }) };
        }),
      };
    }),
    ...more,
  });
  return indexInventory(lists);
}

function blast(plan: Plan, of: string, alreadyFailed: readonly string[] = []): BlastLists {
  return blastRadius(buildBlastModel(planned(plan), DAY), of, alreadyFailed);
}

/** `a cut, b degraded` */
function told(list: readonly { readonly id: string; readonly effect: string }[]): string {
  return list.map(({ id, effect }) => `${id} ${effect}`).join(', ');
}

const TREE: Plan = {
  sites: ['city', 'hub < city', 's1 < hub', 's2 < hub'],
  devices: ['n-hub node @hub', 'n-1 node @s1 < n-hub', 'm-1 modem @s1', 'p-1 probe @s1 < n-1'],
};

describe('in a tree', () => {
  it('a hub takes all below it along', () => {
    const lists = blast(TREE, 'site:hub');
    expect(told(lists.sites)).toBe('s1 cut, s2 cut');
    expect(told(lists.devices)).toBe('m-1 cut, n-1 cut, n-hub cut, p-1 cut');
  });

  it('so does the only router of a hub, since nothing passes a hub without one', () => {
    const lists = blast(TREE, 'device:n-hub');
    expect(told(lists.sites)).toBe('hub cut, s1 cut, s2 cut');
    expect(told(lists.devices)).toBe('m-1 cut, n-1 cut, p-1 cut');
  });

  it('one of two routers of a hub takes along only what is behind it', () => {
    const plan = { ...TREE, devices: [...TREE.devices!, 'n-hub2 node @hub'] };
    const lists = blast(plan, 'device:n-hub');
    expect(told(lists.devices)).toBe('m-1 cut, n-1 cut, p-1 cut');
    expect(told(lists.sites)).toBe('s1 cut');
  });

  it('the only router of a site takes along what is at the site', () => {
    const lists = blast(TREE, 'device:n-1');
    expect(told(lists.devices)).toBe('m-1 cut, p-1 cut');
    expect(told(lists.sites)).toBe('s1 cut');
  });

  it('a leaf takes nothing along', () => {
    const { devices, sites, services } = blast(TREE, 'device:m-1');
    expect([devices, sites, services]).toEqual([[], [], []]);
  });
});

describe('over several ways', () => {
  const ring: Plan = {
    sites: ['city', 'h1 < city h2', 'h2 < city h1', 's1 < h1', 's2 < h2'],
    links: ['l-1 city h1', 'l-2 city h2', 'l-12 h1 h2'],
  };

  it.each([
    ['l-1', 'h1 degraded'],
    ['l-2', 'h2 degraded'],
    ['l-12', 'h1 degraded, h2 degraded'],
  ])('one line of a ring, %s, cuts nothing: those it leads to have a way less', (link, expected) => {
    expect(told(blast(ring, `link:${link}`).sites)).toBe(expected);
  });

  it('a member of a ring cuts off only what hangs on it', () => {
    const { sites, links } = blast(ring, 'site:h1');
    expect(told(sites)).toBe('h2 degraded, s1 cut');
    expect(told(links)).toBe('l-1 cut, l-12 cut');
  });

  it('the second break of a ring cuts off what lies between', () => {
    const { sites, links } = blast(ring, 'link:l-2', ['link:l-12']);
    expect(told(sites)).toBe('h2 cut, s2 cut');
    expect(told(links)).toBe('');
    expect(told(blast(ring, 'link:l-2', ['link:l-1']).sites)).toBe('h1 cut, h2 cut, s1 cut, s2 cut');
  });

  it('what is down already tells what hangs on it now', () => {
    const down = ['link:l-12', 'link:l-2', 'site:h1'];
    expect(told(blast(ring, 'site:h1', down).sites)).toBe('s1 cut');
    expect(told(blast(ring, 'link:l-2', down).sites)).toBe('h2 cut, s2 cut');
    expect(told(blast(ring, 'link:l-12', down).sites)).toBe('');
  });

  it('two lines side by side are one way', () => {
    const plan: Plan = { sites: ['city', 's < city'], links: ['l-1 city s', 'l-2 city s'] };
    expect(told(blast(plan, 'link:l-1').sites)).toBe('s degraded');
    expect(told(blast(plan, 'link:l-1', ['link:l-2']).sites)).toBe('s cut');
  });

  it('a line ends at a device, and fails with it', () => {
    const plan: Plan = {
      sites: ['city', 's < city'],
      devices: ['mux other @city', 'n-1 node @s', 'n-2 node @s'],
      links: ['l-1 city:mux s:n-1'],
    };
    for (const device of ['mux', 'n-1']) {
      const { sites, links } = blast(plan, `device:${device}`);
      expect(told(links)).toBe('l-1 cut');
      expect(told(sites)).toBe('s cut');
    }
  });

  it('a device with two parents is cut off with both', () => {
    const plan: Plan = { sites: ['dc'], devices: ['a other @dc', 'b other @dc', 'c server @dc < a b'] };
    expect(told(blast(plan, 'device:a').devices)).toBe('c degraded');
    expect(told(blast(plan, 'device:a', ['device:b']).devices)).toBe('c cut');
  });
});

describe('services, units and agencies', () => {
  const plan: Plan = {
    sites: ['city', 'dc1 < city', 'dc2 < city', 'w1 < dc1', 'w2 < dc1'],
    devices: ['sv-1 server @dc1', 'sv-2 server @dc2'],
    unitOf: (site) => ({ w1: '00011', w2: '00011' })[site] ?? '00010',
    more: {
      agencies: [
        { id: 'doit', name: 'Sở KHCN' },
        { id: 'doh', name: 'Sở Y tế' },
      ],
      pools: [
        { id: 'p', site: 'dc1', resource: 'vcpu' },
        { id: 'p', site: 'dc1', resource: 'memory' },
      ],
      services: [
        { id: '1022', name: '1022', agency: 'doit', needs: [{ anyOf: ['device:sv-1', 'device:sv-2'] }] },
        { id: 'mail', name: 'Thư điện tử', needs: ['device:sv-1', 'pool:p'] },
        { id: 'portal', name: 'Cổng dịch vụ', agency: 'doh', needs: ['service:mail'] },
        { id: 'old', name: 'Old', needs: ['device:sv-1'], retiredOn: '2026-01-01' },
      ],
    },
  };

  it('lose what they need, one after the other', () => {
    const lists = blast(plan, 'device:sv-1');
    expect(lists.services.map(({ id, effect, reason }) => `${id} ${effect}: ${reason}`)).toEqual([
      '1022 degraded: sv-1 down',
      'mail cut: sv-1 down',
      'portal cut: mail down because of sv-1',
    ]);
    expect(lists.agencies).toEqual([
      { id: 'doh', effect: 'cut', name: 'Sở Y tế', affected: 1 },
      { id: 'doit', effect: 'degraded', name: 'Sở KHCN', affected: 1 },
    ]);
    expect(lists.units).toMatchObject([{ id: '00010', effect: 'degraded', sitesCut: 0, devicesCut: 1 }]);
  });

  it('are cut off as a unit when all its sites are', () => {
    const { units, pools } = blast(plan, 'site:dc1');
    expect(units).toEqual([
      { id: '00010', effect: 'degraded', name: 'P 00010', sitesCut: 1, sites: 3, devicesCut: 1 },
      { id: '00011', effect: 'cut', name: 'P 00011', sitesCut: 2, sites: 2, devicesCut: 0 },
    ]);
    expect(told(pools)).toBe('p cut');
  });

  it('depend on pools and services, which may fail too', () => {
    expect(told(blast(plan, 'pool:p').services)).toBe('mail cut, portal cut');
    expect(told(blast(plan, 'service:mail').services)).toBe('portal cut');
    expect(told(blast(plan, 'service:mail', ['device:sv-1']).services)).toBe('');
  });

  it('a unit fails with all that is in it', () => {
    const lists = blast(plan, 'unit:00010');
    expect(told(lists.sites)).toBe('city cut, dc1 cut, dc2 cut, w1 cut, w2 cut');
    expect(told(lists.units)).toBe('00011 cut');
    expect(countBlast(lists)).toMatchObject({
      devices: { cut: 2, degraded: 0 },
      services: { cut: 3, degraded: 0 },
    });
  });
});

it('does not count what is retired or not there yet', () => {
  const inventory = planned(TREE);
  const retired = {
    ...inventory,
    devices: new Map(
      [...inventory.devices].map(([id, device]) => {
        return [id, id === 'm-1' ? { ...device, retiredOn: DAY } : { ...device, installedOn: DAY }];
      }),
    ),
  };
  const devicesOn = (day: string): string =>
    told(blastRadius(buildBlastModel(retired, day), 'site:hub').devices);
  expect(devicesOn(DAY)).toBe('n-1 cut, n-hub cut, p-1 cut');
  expect(devicesOn('2026-11-29')).toBe('m-1 cut');
});

/** What can be reached, found by walking from each thing to the top anew, with the ids as they stand in the plan. */
function reachedSlowly(plan: Plan, failed: ReadonlySet<string>): Set<string> {
  const { sites, devices, links } = planned(plan);
  const reached = new Set<string>();
  const isWhole = (link: string): boolean =>
    !failed.has(`link:${link}`) &&
    links
      .get(link)!
      .ends.every(({ site, device }) => !failed.has(`site:${site}`) && !failed.has(`device:${device}`));
  const carries = (site: string): boolean => {
    const nodes = [...devices.values()].filter((device) => device.site === site && device.kind === 'node');
    return (
      reached.has(`way to ${site}`) &&
      (nodes.length === 0 || nodes.some(({ id }) => reached.has(`device:${id}`)))
    );
  };
  for (let size = -1; size !== reached.size;) {
    size = reached.size;
    for (const { id, parents } of sites.values()) {
      const isReached =
        parents === undefined ||
        parents.some((parent) => {
          const between = [...links.values()].filter(
            ({ ends: [{ site: one }, { site: other }] }) =>
              (one === id && other === parent) || (one === parent && other === id),
          );
          return carries(parent) && (between.length === 0 || between.some((link) => isWhole(link.id)));
        });
      if (isReached && !failed.has(`site:${id}`)) reached.add(`way to ${id}`);
      if (carries(id)) reached.add(`site:${id}`);
    }
    for (const { id, kind, site, parents } of devices.values()) {
      const isLed = parents?.some((parent) => reached.has(`device:${parent}`)) ?? true;
      const isThere = kind === 'node' ? reached.has(`way to ${site}`) : carries(site);
      if (isThere && isLed && !failed.has(`device:${id}`)) reached.add(`device:${id}`);
    }
    for (const { id, ends } of links.values())
      if (isWhole(id) && ends.some(({ site }) => reached.has(`way to ${site}`))) reached.add(`link:${id}`);
  }
  return reached;
}

it('cuts off what a slow reference says, for any trees, rings, circles and failures', () => {
  const count = 7;
  const names = Array.from({ length: count }, (_, at) => at);
  const some = fc.uniqueArray(fc.constantFrom(...names), { maxLength: 3 });
  const list = (letter: string, numbers: readonly number[]): string =>
    numbers.length === 0 ? '' : ` < ${numbers.map((number) => `${letter}${number}`).join(' ')}`;
  const plans = fc
    .record({
      ways: fc.array(some, { minLength: count, maxLength: count }),
      devices: fc.array(
        fc.record({ kind: fc.constantFrom('node', 'server'), at: fc.constantFrom(...names), parents: some }),
        { minLength: count, maxLength: count },
      ),
      links: fc.array(
        fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names), fc.option(fc.constantFrom(...names))),
        { minLength: count, maxLength: count },
      ),
    })
    .map(({ ways, devices, links }): Plan => {
      return {
        sites: ways.map((parents, at) => `s${at}${list('s', parents)}`),
        devices: devices.map(({ kind, at, parents }, id) => `d${id} ${kind} @s${at}${list('d', parents)}`),
        links: links.map(([one, other, device], id) => {
          return `l${id} s${one}${device === null ? '' : `:d${device}`} s${other}`;
        }),
      };
    });
  const refs = ['device:d', 'site:s', 'link:l'].flatMap((kind) => names.map((number) => `${kind}${number}`));
  const failures = fc.uniqueArray(fc.constantFrom(...refs), { minLength: 1, maxLength: 4 });
  let cut = 0;
  fc.assert(
    fc.property(plans, failures, (plan, [of = '', ...already]) => {
      const before = reachedSlowly(plan, new Set(already));
      const after = reachedSlowly(plan, new Set([...already, of]));
      const lists = blast(plan, of, already);
      const found = (['device', 'site', 'link'] as const).flatMap((kind) =>
        lists[`${kind}s`].filter(({ effect }) => effect === 'cut').map(({ id }) => `${kind}:${id}`),
      );
      const expected = refs.filter((ref) => before.has(ref) && !after.has(ref) && ref !== of);
      expect(found.sort()).toEqual(expected.sort());
      cut += found.length;
    }),
    { numRuns: 500 },
  );
  expect(cut).toBeGreaterThan(100);
});

const munich = new URL('../../../../shared/data/topology/city-mesh-munich-2020-03-03.json', import.meta.url);

it.skipIf(!existsSync(munich))(
  'takes 88 nodes of a real city network along with one (needs ../shared/data)',
  () => {
    const { nodes } = JSON.parse(readFileSync(munich, 'utf8')) as {
      nodes: readonly { id: string; nextHop?: string }[];
    };
    const known = new Set(nodes.map(({ id }) => id));
    const below = ({ id, nextHop }: (typeof nodes)[number]): string =>
      nextHop !== undefined && known.has(nextHop) ? `${id} node @city < ${nextHop}` : `${id} node @city`;
    const asDevices: Plan = { sites: ['city'], devices: nodes.map(below) };
    expect(countBlast(blast(asDevices, 'device:n1641')).devices).toEqual({ cut: 88, degraded: 0 });
    const asSites: Plan = {
      sites: nodes.map((node) => below(node).replace(' node @city', '')),
      devices: nodes.map(({ id }) => `d-${id} node @${id}`),
    };
    expect(countBlast(blast(asSites, 'device:d-n1641')).devices).toEqual({ cut: 88, degraded: 0 });
  },
);
