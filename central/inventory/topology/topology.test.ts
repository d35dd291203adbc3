import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyInventoryFile, inventorySchema, type InventoryFile } from '../../../contract/inventory.ts';
import { UserError } from '../../../runtime/errors.ts';
import { checkInventory } from '../check/check-inventory.ts';
import { deriveParents } from './derive-parents.ts';
import { GRAPH_MAPPINGS, type GraphMappingName } from './graph-mappings.ts';
import { graphToInventory, type GraphImport } from './graph-to-inventory.ts';
import { readGraph } from './read-graph.ts';

const OPTIONS: GraphImport = {
  prefix: 'x-',
  unit: '26740',
  agent: 'gw-1',
  position: { longitude: 106.7, latitude: 10.78 },
  roots: [],
};

type Parents = ReadonlyMap<string, readonly string[]>;

/** What the parents say is cut off by what is down: all from which no way over parents leads to something without any. */
function cutOff(parents: Parents, down: ReadonlySet<string>): ReadonlySet<string> {
  const reached = new Set<string>();
  for (let size = -1; size !== reached.size;) {
    size = reached.size;
    for (const [node, above] of parents) {
      const isReached = above.some(
        (parent) => reached.has(parent) || (!parents.has(parent) && !down.has(parent)),
      );
      if (isReached && !down.has(node)) reached.add(node);
    }
  }
  return new Set([...parents.keys()].filter((node) => !down.has(node) && !reached.has(node)));
}

/** What is really cut off: what no way from a root leads to. */
function unreachable(
  nodes: readonly string[],
  links: readonly (readonly [string, string])[],
  roots: ReadonlySet<string>,
  down: ReadonlySet<string>,
): ReadonlySet<string> {
  const reached = new Set([...roots].filter((root) => !down.has(root)));
  for (const at of reached) {
    for (const [from, to] of links) {
      for (const [near, far] of [
        [from, to],
        [to, from],
      ] as const)
        if (near === at && !down.has(far)) reached.add(far);
    }
  }
  return new Set(nodes.filter((node) => !down.has(node) && !reached.has(node)));
}

describe('parents derived from ways', () => {
  it('are all neighbours but those that are reached through the node only', () => {
    const links = [
      ['root', 'a'],
      ['root', 'b'],
      ['a', 'c'],
      ['b', 'c'],
      ['c', 'd'],
    ] as const;
    expect(Object.fromEntries(deriveParents(['root', 'a', 'b', 'c', 'd'], links, new Set(['root'])))).toEqual(
      {
        a: ['root', 'c'],
        b: ['root', 'c'],
        c: ['a', 'b'],
        d: ['c'],
      },
    );
  });

  it('are each other in a ring, so that one broken node cuts off nobody, and two what is between them', () => {
    const ring = ['root', 'a', 'b', 'c', 'd', 'e'];
    const links = ring.map((node, at) => [node, ring[(at + 1) % ring.length] ?? ''] as const);
    const parents = deriveParents(ring, links, new Set(['root']));
    expect(parents.get('b')).toEqual(['a', 'c']);
    for (const node of ring.slice(1)) expect(cutOff(parents, new Set([node]))).toEqual(new Set());
    expect(cutOff(parents, new Set(['a', 'd']))).toEqual(new Set(['b', 'c']));
  });

  it('do not exist for a node without a way', () => {
    expect(deriveParents(['root', 'alone'], [['root', 'root']], new Set(['root']))).toEqual(new Map());
  });

  it('are what all ways lead through where they are too many to name', () => {
    const hubs = Array.from({ length: 9 }, (_, at) => `hub-${at}`);
    const links = hubs.flatMap((hub) => [['root', hub] as const, [hub, 'far'] as const]);
    expect(deriveParents(['root', ...hubs, 'far'], links, new Set(['root'])).get('far')).toEqual(['root']);
    const manyRoots = deriveParents([...hubs, 'far'], links, new Set(hubs));
    expect(manyRoots.get('far')).toBeUndefined();
  });

  it('tell exactly what is cut off, whatever is down', () => {
    const nodes = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];
    const node = fc.constantFrom(...nodes);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(node, node), { maxLength: 20 }),
        fc.uniqueArray(node, { minLength: 1, maxLength: 2 }),
        fc.uniqueArray(node, { maxLength: 4 }),
        (links, rootList, downList) => {
          const [roots, down] = [new Set(rootList), new Set(downList)];
          const never = unreachable(nodes, links, roots, new Set());
          const really = [...unreachable(nodes, links, roots, down)].filter((at) => !never.has(at));
          expect([...cutOff(deriveParents(nodes, links, roots), down)].sort()).toEqual(really.sort());
        },
      ),
      { numRuns: 500 },
    );
  });
});

function importGraph(
  value: unknown,
  name: GraphMappingName,
  options: Partial<GraphImport> = {},
): InventoryFile {
  return graphToInventory(readGraph('graph.json', value, GRAPH_MAPPINGS[name]), { ...OPTIONS, ...options });
}

function problemsOf(run: () => unknown): readonly string[] {
  try {
    run();
  } catch (error) {
    if (error instanceof UserError) return error.problems;
    throw error;
  }
  return [];
}

const MESH = {
  nodes: [
    { id: 'n1', gateway: true, lat: 48.1, lon: 11.6, firstSeen: '2019-06-06T19:29:30+0200' },
    { id: 'n2', gateway: false, nextHop: 'n1', lat: 48.2, lon: 11.5 },
    { id: 'n3', gateway: false, nextHop: 'n2' },
  ],
  links: [
    ['n1', 'n2', 1, 0, 'vpn'],
    ['n2', 'n3', 0.9, 0.8, 'wifi'],
    ['n2', 'n3', 0.5, 0.5, 'other'],
  ],
};

describe('a graph as an inventory', () => {
  it('has a site and a device for each node, and a link for each link', () => {
    const { sites, devices, links } = importGraph(MESH, 'mesh-nodes');
    expect(sites).toEqual([
      {
        id: 'x-n1',
        unit: '26740',
        name: 'x-n1',
        kind: 'hub',
        longitude: 11.6,
        latitude: 48.1,
        installedOn: '2019-06-06',
      },
      {
        id: 'x-n2',
        unit: '26740',
        name: 'x-n2',
        kind: 'site',
        longitude: 11.5,
        latitude: 48.2,
        parents: ['x-n1'],
      },
      {
        id: 'x-n3',
        unit: '26740',
        name: 'x-n3',
        kind: 'site',
        longitude: 106.7,
        latitude: 10.78,
        parents: ['x-n2'],
        notes: 'its position is not known',
      },
    ]);
    expect(devices[2]).toEqual({
      id: 'x-n3',
      kind: 'node',
      unit: '26740',
      site: 'x-n3',
      agent: 'gw-1',
      parents: ['x-n2'],
    });
    expect(links.map(({ id, kind }) => [id, kind])).toEqual([
      ['x-n1-n2', 'vpn'],
      ['x-n2-n3', 'other'],
      ['x-n2-n3.2', 'other'],
    ]);
  });

  it('has its parents from the ways to a root where one is named', () => {
    const { devices } = importGraph(MESH, 'mesh-nodes', { roots: ['n3'] });
    expect(devices.map(({ parents }) => parents)).toEqual([['x-n2'], ['x-n3'], undefined]);
  });

  it('is refused with all that is wrong', () => {
    expect(
      problemsOf(() =>
        importGraph(
          {
            nodes: [{ id: 1 }, { id: 'a', nextHop: 'b' }, { id: 'a' }, null],
            links: [['a'], ['a', 'a'], ['a', 'c'], 'x'],
          },
          'mesh-nodes',
        ),
      ),
    ).toEqual([
      'graph.json: nodes[0].id: expected an id, got 1',
      'graph.json: nodes[2].id: expected a unique id, got "a"',
      'graph.json: nodes[3].id: expected an id, got nothing',
      'graph.json: links[0]: expected a link between two nodes, got ["a"]',
      'graph.json: links[1]: expected a link between two nodes, got ["a","a"]',
      'graph.json: links[3]: expected a link between two nodes, got "x"',
      'graph.json: nodes[0].nextHop: expected the id of a node, got "b"',
      'graph.json: links[0]: expected ids of nodes, got "c"',
    ]);
    expect(problemsOf(() => importGraph([], 'topology-zoo'))).toEqual([
      'graph.json: nodes: expected a list of at most 20000, got nothing',
      'graph.json: links: expected a list of at most 100000, got nothing',
    ]);
    const many = { nodes: Array.from({ length: 20_000 }, () => 7), links: [] };
    expect(problemsOf(() => importGraph(many, 'topology-zoo'))).toHaveLength(101);
    const zoo = { nodes: [{ id: '0', name: 'Mumbai' }, { id: 'Ő' }], links: [] };
    expect(problemsOf(() => importGraph(zoo, 'topology-zoo', { roots: ['Mumbay'] }))).toEqual([
      'expected an id of 1 to 64 of a-z 0-9 . _ -, got "x-Ő"',
      'no node is called "Mumbay", did you mean "Mumbai"?',
    ]);
    expect(problemsOf(() => importGraph({ nodes: [{ id: '0' }], links: [] }, 'topology-zoo'))).toEqual([
      'expected the name of a root: the graph does not say through which nodes it is reached',
    ]);
  });

  it('survives rubbish', () => {
    const value = fc.object({
      key: fc.constantFrom('nodes', 'links', 'id', 'lat', 'nextHop', '0', '1'),
      maxDepth: 4,
    });
    fc.assert(
      fc.property(value, (graph) => {
        problemsOf(() => importGraph(graph, 'mesh-nodes'));
      }),
    );
  });
});

const SHARED = join(process.cwd(), '../shared/data/topology');

function readShared(name: string): unknown {
  return JSON.parse(readFileSync(join(SHARED, name), 'utf8'));
}

/** The parts of an import, checked in an inventory that has their unit and agent. */
function expectValid(part: InventoryFile): void {
  const unit = {
    code: '26740',
    name: 'Sài Gòn',
    nameEn: 'Sai Gon',
    kind: 'ward',
    ...OPTIONS.position,
    areaKm2: 3,
  };
  const agent = { id: 'gw-1', kind: 'server', site: part.sites[0]?.id, unit: '26740' };
  expect(checkInventory(inventorySchema.parse({ ...part, units: [unit], agents: [agent] }))).toEqual([]);
}

function parentsIn({ devices }: InventoryFile): Parents {
  return new Map(
    devices.flatMap(({ id, parents }) => (parents === undefined ? [] : [[id, parents] as const])),
  );
}

describe.skipIf(!existsSync(SHARED))('real networks (skipped without the shared data)', () => {
  it("Munich's mesh: 1,808 nodes, 2,228 links; without n1641, 88 others are cut off", () => {
    const munich = importGraph(readShared('city-mesh-munich-2020-03-03.json'), 'mesh-nodes', { prefix: '' });
    expect([munich.sites.length, munich.devices.length, munich.links.length]).toEqual([1_808, 1_808, 2_228]);
    expect(munich.sites.filter(({ kind }) => kind === 'hub')).toHaveLength(39);
    expectValid(munich);
    const parents = parentsIn(munich);
    expect(parents.size).toBe(1_763);
    expect(cutOff(parents, new Set(['n1641'])).size).toBe(88);
  });

  it('Tata NLD from Mumbai: each single failure cuts off exactly what has no other way', () => {
    const tata = importGraph(readShared('isp-tata-nld.json'), 'topology-zoo', {
      prefix: 'tata-',
      roots: ['Mumbai'],
    });
    expect([tata.sites.length, tata.links.length]).toEqual([143, 181]);
    expectValid(tata);
    const parents = parentsIn(tata);
    const roots = new Set(tata.sites.filter(({ kind }) => kind === 'hub').map(({ id }) => id));
    expect(roots.size).toBe(1);
    const nodes = tata.devices.map(({ id }) => id);
    const links = tata.links.map(({ ends: [from, to] }) => [from.site, to.site] as const);
    for (const node of nodes.filter((id) => !roots.has(id)))
      expect(cutOff(parents, new Set([node]))).toEqual(unreachable(nodes, links, roots, new Set([node])));
  });
});

it('an import is part of an inventory', () => {
  expect(Object.keys(importGraph(MESH, 'mesh-nodes'))).toEqual(Object.keys(emptyInventoryFile()));
});
