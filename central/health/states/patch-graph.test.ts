import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Device, InventoryFile } from '../../../contract/inventory.ts';
import { readInventory } from '../../inventory/inventory.ts';
import { buildGraph } from './city-graph.ts';
import { Elements } from './elements.ts';
import { usesExit, type CityGraph, type Step } from './graph-nodes.ts';
import { neededBy } from './graph-steps.ts';
import { patchGraph, type PatchedGraph } from './patch-graph.ts';
import { structureChanges } from './structure.ts';
import { allWell, hubCity, StatesCity } from './testing/states-city.ts';

const DAY = '2026-11-30';
type City = ReturnType<typeof hubCity> & Partial<InventoryFile>;

function city(): City {
  return hubCity(2, 3);
}

/** A graph of the city before, and what became of it. */
function patched(before: City, after: City): { before: CityGraph; patch: PatchedGraph | undefined } {
  const [old, now] = [readInventory('before', before), readInventory('after', after)];
  const kept = new Elements(() => 0);
  const graph = buildGraph(old, DAY, kept);
  const changes = structureChanges(old, now);
  return {
    before: graph,
    patch: changes && patchGraph(graph, changes, { inventory: now, day: DAY, kept }),
  };
}

function nameOf({ kind, of }: Step): string {
  return `${kind} ${of.ref}`;
}

function named(steps: readonly Step[]): string[] {
  return steps.map(nameOf).sort();
}

/** All that a graph says, whatever stands in which order; the order of the steps is looked at by itself. */
function contentOf({ devices, sites, units, agents, steps, links, linkEnds }: CityGraph) {
  for (const [at, step] of steps.entries()) {
    expect(step.at).toBe(at);
    for (const needed of neededBy(step).flat())
      if (step.ring === undefined || needed.ring !== step.ring) expect(needed.at).toBeLessThan(at);
  }
  const ids = (nodes: readonly { readonly ref: string }[]): string[] => nodes.map(({ ref }) => ref).sort();
  return {
    steps: named(steps),
    devices: [...devices.values()].map((node) => ({
      ...{ ref: node.ref, site: node.site?.ref, unit: node.unit?.ref, owners: node.owners },
      ...{
        device: node.device,
        isCarrier: node.isCarrier,
        parents: ids(node.parents),
        links: ids(node.links),
      },
      ...{ usesExit: node.site && usesExit(node, node.site), dependents: named(node.step.dependents) },
    })),
    sites: [...sites.values()].map((node) => ({
      ...{ ref: node.ref, devices: ids(node.devices), carriers: ids(node.carriers) },
      ...{ unit: node.unit?.ref, agents: node.agents.map(({ id }) => id).sort(), above: node.above?.ref },
      ...{ ways: node.ways.map(({ to, links: along }) => [to.ref, ids(along)]), links: ids(node.links) },
      ...{ entry: named(node.entry.dependents), exit: named(node.exit.dependents) },
    })),
    units: [...units.values()].map((node) => [
      ...[node.ref, ids(node.devices), ids(node.sites)],
      node.agents.map(({ id }) => id).sort(),
    ]),
    agents: [...agents.values()].map((agent) => [
      agent.id,
      agent.site?.ref,
      agent.unit?.ref,
      ids(agent.speaksOf),
    ]),
    links: [...links.values()].map((node) => [node.ref, node.link, ids(node.sites), ids(node.ends)]),
    linkEnds: [...linkEnds].map(([port, { link, end }]) => [port, link.ref, end]).sort(),
  };
}

function built(file: City): CityGraph {
  return buildGraph(readInventory('after', file), DAY, new Elements(() => 0));
}

const PROBE: Device = { id: 'new', kind: 'probe', site: 's-1-1', unit: '26734', agent: 'gw-s-1-1' };

function withDevice(id: string, change: (device: Device) => Device): City {
  const file = city();
  return { ...file, devices: file.devices.map((each) => (each.id === id ? change(each) : each)) };
}

/** Between two sites of the city. */
function link(id: string, from: string, to: string) {
  return {
    ...{ id, kind: 'fibre' },
    ends: [{ site: from, device: `n-${from}`, interface: id }, { site: to }],
  } satisfies InventoryFile['links'][number];
}

/** With a site that has all that a site has, the more of them the further below. */
function withSites(file: City, ...places: readonly (readonly [string, readonly string[]])[]): City {
  const unit = '26734';
  const [like] = file.sites;
  const added: City = { ...file, links: file.links ?? [] };
  for (const [site, parents] of places) {
    const agent = `gw-${site}`;
    const place = { site, unit, agent };
    added.sites = [
      ...added.sites,
      { ...like!, id: site, name: site, kind: 'site', ...(parents.length > 0 && { parents: [...parents] }) },
    ];
    added.agents = [...added.agents, { id: agent, kind: 'gateway', site, unit }];
    added.devices = [
      ...added.devices,
      { id: `bb-${site}`, kind: 'probe', parents: [`n-${site}`], ...place },
      { id: `n-${site}`, kind: 'node', ...place },
    ];
    added.links = [
      ...(added.links ?? []),
      ...parents.map((above, at) => link(`l-${site}-${at}`, above, site)),
    ];
  }
  return added;
}

describe('a graph in which a few things change keeps all other nodes', () => {
  const file = city();
  const added = (device: Device): City => ({ ...file, devices: [...file.devices, device] });
  it.each<[string, City]>([
    ['nothing does', file],
    ['a probe is new', added(PROBE)],
    ['an empty site is new', { ...file, sites: [...file.sites, { ...file.sites[0]!, id: 'x', name: 'x' }] }],
    ['a whole site is new', withSites(file, ['x', ['hub-1']])],
    ['a site with two ways is new', withSites(file, ['a', ['s-1-1', 's-1-2']])],
    ['sites are new below each other', withSites(file, ['y', ['z']], ['z', ['hub-1', 's-2-1']])],
    ['a site without a way is new', withSites(file, ['x', []])],
    ['a probe is new behind the node of its site', added({ ...PROBE, parents: ['n-s-1-1'] })],
    ['a second node is new', added({ ...PROBE, kind: 'node', parents: ['n-hub-1'] })],
    ['a first node is new', added({ ...PROBE, kind: 'node', site: 'city' })],
    ['a probe is gone', { ...file, devices: file.devices.filter(({ id }) => id !== 'bb-s-1-2') }],
    ['a probe is retired', withDevice('bb-s-1-2', (each) => ({ ...each, retiredOn: '2026-11-01' }))],
    ['a probe moves', withDevice('bb-s-1-2', (each) => ({ ...PROBE, id: each.id, site: 's-2-1' }))],
    [
      'a node is measured by another agent',
      withDevice('n-s-1-2', (each) => ({ ...each, agent: 'gw-s-2-1' })),
    ],
    [
      'more is expected',
      withDevice('n-s-1-2', (each) => ({ ...each, expects: [{ measurement: 'ping', intervalMs: 60_000 }] })),
    ],
  ])('where %s', (_what, after) => {
    const { before, patch } = patched(file, after);
    expect(contentOf(patch!.graph)).toEqual(contentOf(built(after)));
    expect(patch!.graph.devices.get('bb-s-2-3')).toBe(before.devices.get('bb-s-2-3'));
    expect([...patch!.graph.devices.keys()]).toEqual([...built(after).devices.keys()]);
  });
});

describe('links that are new, gone or elsewhere leave all other nodes', () => {
  const file = { ...city(), links: [link('f-1', 'hub-1', 's-1-1')] };
  it.each<[string, InventoryFile['links']]>([
    ['gone', []],
    ['beside another one', [...file.links, link('f-2', 's-1-1', 'hub-1')]],
    ['elsewhere', [link('f-1', 'hub-2', 's-2-1')]],
    ['new where no way is', [...file.links, link('a', 's-1-2', 's-2-1')]],
    ['retired', [{ ...link('f-1', 'hub-1', 's-1-1'), retiredOn: '2026-11-01' }]],
  ])('%s', (_what, links) => {
    const after = { ...file, links };
    const { before, patch } = patched(file, after);
    expect(contentOf(patch!.graph)).toEqual(contentOf(built(after)));
    expect(patch!.graph.sites.get('s-1-1')).toBe(before.sites.get('s-1-1'));
    expect([...patch!.graph.links.keys()]).toEqual([...built(after).links.keys()]);
  });
});

/** As it is, and one more site above it. */
function anotherWay(file: City, id: string, above: string): City {
  const change = (site: City['sites'][number]) =>
    site.id === id ? { ...site, parents: [...(site.parents ?? []), above] } : site;
  return { ...file, sites: file.sites.map(change) };
}

describe('a new graph is built', () => {
  const file = city();
  const linked = { ...file, links: [link('f-1', 'hub-1', 's-1-1')] };
  const other = (of: City, id: string, change: Partial<Device>): City => ({
    ...of,
    devices: of.devices.map((each) => (each.id === id ? { ...each, ...change } : each)),
  });
  it.each<[string, City, City]>([
    ['a site is gone', withSites(file, ['x', ['hub-1']]), file],
    [
      'a site that was there gets another way',
      file,
      anotherWay(withSites(file, ['x', ['hub-1']]), 's-1-1', 'x'),
    ],
    ['the only node of a site is another kind', file, other(file, 'n-s-1-1', { kind: 'other' })],
    [
      'a first node is new where something else is already',
      { ...file, devices: [...file.devices, { ...PROBE, site: 'city' }] },
      {
        ...file,
        devices: [
          ...file.devices,
          { ...PROBE, site: 'city' },
          { ...PROBE, id: 'n-city', kind: 'node', site: 'city' },
        ],
      },
    ],
    ['what others hang on moves', file, other(file, 'n-hub-1', { site: 'hub-2' })],
    ['what a link ends at has another agent', linked, other(linked, 'n-hub-1', { agent: 'gw-s-1-1' })],
    ['new sites are a ring', file, withSites(file, ['x', ['hub-1', 'y']], ['y', ['hub-2', 'x']])],
    ['something is in service now', other(file, 'bb-s-1-1', { installedOn: '2027-01-01' }), file],
  ])('where %s', (_what, before, after) => {
    expect(patched(before, after).patch).toBeUndefined();
  });
});

it('many changes one after the other come to what is built at once', () => {
  const ids = fc.constantFrom('a', 'b', 'c', 'bb-s-1-1', 'bb-s-1-2', 'bb-s-2-1', 'n-s-1-1');
  const device = fc.record({
    id: ids,
    kind: fc.constantFrom('node', 'probe'),
    site: fc.constantFrom('s-1-1', 's-1-2', 's-2-1', 'hub-1'),
    parent: fc.option(fc.constantFrom('n-s-1-1', 'n-s-1-2', 'n-hub-1'), { nil: undefined }),
    agent: fc.constantFrom('gw-s-1-1', 'gw-hub-2'),
    isRemoved: fc.boolean(),
  });
  let patches = 0;
  fc.assert(
    fc.property(fc.array(device, { maxLength: 12 }), (edits) => {
      let file = city();
      let inventory = readInventory('before', file);
      const kept = new Elements(() => 0);
      let graph = buildGraph(inventory, DAY, kept);
      for (const { id, kind, site, parent, agent, isRemoved } of edits) {
        const rest = file.devices.filter((each) => each.id !== id);
        const isNode = id.startsWith('n-');
        const parents = parent !== undefined && parent !== id && !isNode ? [parent] : [];
        const edited: Device = {
          ...{ id, kind: isNode ? 'node' : kind, site: isNode ? 's-1-1' : site, unit: '26734', agent },
          ...(parents.length > 0 && { parents }),
        };
        const next = { ...file, devices: isRemoved && !isNode ? rest : [...rest, edited] };
        const now = readInventory('after', next);
        const changes = structureChanges(inventory, now);
        const patch = changes && patchGraph(graph, changes, { inventory: now, day: DAY, kept });
        if (patch !== undefined) patches++;
        graph = patch?.graph ?? buildGraph(now, DAY, kept);
        [file, inventory] = [next, now];
      }
      expect(contentOf(graph)).toEqual(contentOf(built(file)));
    }),
    { numRuns: 60 },
  );
  expect(patches).toBeGreaterThan(30);
});

describe('states go on while devices change', () => {
  it('a device that is gone is told, and its site is no longer heard by it', async () => {
    const file = hubCity();
    const states = new StatesCity(file);
    allWell(states);
    await states.wait(20);
    // Only its probe is measured, by the agent of the hub.
    for (const id of ['gw-s-1-1', 'gw-hub-1']) states.routine.delete(id);
    const probe = { ...file.devices.find(({ id }) => id === 'bb-s-1-1')!, agent: 'gw-s-2-1' };
    const others = file.devices.filter(({ id }) => id !== probe.id);
    states.replaceInventory({ ...file, devices: [...others, probe] });
    states.routine.set('gw-s-2-1', [
      { measurement: 'ping', tags: { device: probe.id }, fields: { percent_packet_loss: 0 } },
    ]);
    await states.wait(60);
    expect([states.state('device:bb-s-1-1'), states.state('site:s-1-1')]).toEqual(['up', 'up']);
    states.changes.length = 0;
    states.replaceInventory({ ...file, devices: others });
    expect(states.state('site:s-1-1')).toBe('unknown');
    expect(states.changes.find(({ ref }) => ref === 'device:bb-s-1-1')).toMatchObject({
      before: { state: 'up' },
      after: undefined,
    });
    expect(states.states.counts('device').up + states.states.counts('device').unknown).toBe(others.length);
  });

  it('evidence of before counts where the device moves, and what is new is heard at once', async () => {
    const file = hubCity();
    const states = new StatesCity(file);
    allWell(states);
    await states.wait(20);
    const moved = file.devices.map((each) =>
      each.id === 'bb-s-1-1' ? { ...PROBE, id: 'bb-s-1-1', site: 's-2-1', agent: each.agent } : each,
    );
    states.replaceInventory({ ...file, devices: [...moved, PROBE] });
    expect(states.state('device:bb-s-1-1')).toBe('up');
    expect(states.state('device:new')).toBe('unknown');
    states.send('gw-s-1-1', { measurement: 'device', tags: { device: 'new' }, fields: { up: true } });
    expect(states.state('device:new')).toBe('up');
  });

  it('a new site below what is down is unreachable, and up once the hub is and its own agent speaks', async () => {
    const file = hubCity();
    const states = new StatesCity(file);
    allWell(states);
    states.routine.set('gw-hub-1', [
      { measurement: 'device', tags: { device: 'n-hub-1' }, fields: { up: false } },
    ]);
    await states.wait(20);
    expect(states.state('site:hub-1')).toBe('down');
    states.replaceInventory(withSites(file, ['x', ['hub-1']]));
    expect(states.state('device:n-x')).toBe('unreachable');
    expect(states.states.get('device:n-x')?.roots).toEqual(['device:n-hub-1']);
    allWell(states);
    await states.wait(20);
    expect([states.state('site:x'), states.state('device:bb-x'), states.state('unit:26734')]).toEqual([
      'up',
      'up',
      'up',
    ]);
  });

  it('a link that is gone no longer cuts the site behind it, and is told', async () => {
    const file = { ...hubCity(), links: [link('f-1', 'hub-1', 's-1-1')] };
    const states = new StatesCity(file);
    allWell(states);
    const downPort = {
      measurement: 'interface',
      tags: { device: 'n-hub-1', interface: 'f-1' },
      fields: { oper_status: 2 },
    };
    states.routine.set('gw-hub-1', [...states.routine.get('gw-hub-1')!, downPort]);
    for (const id of ['gw-s-1-1']) states.routine.delete(id);
    await states.wait(60);
    expect([states.state('link:f-1'), states.state('device:bb-s-1-1')]).toEqual(['down', 'unreachable']);
    states.changes.length = 0;
    states.replaceInventory({ ...file, links: [] });
    expect(states.state('link:f-1')).toBeUndefined();
    expect(states.state('device:bb-s-1-1')).toBe('unknown');
    expect(states.changes.find(({ ref }) => ref === 'link:f-1')).toMatchObject({
      before: { state: 'down' },
      after: undefined,
    });
    states.replaceInventory(file);
    await states.wait(12);
    expect([states.state('link:f-1'), states.state('device:bb-s-1-1')]).toEqual(['down', 'unreachable']);
  });
});
