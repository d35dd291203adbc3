import {
  emptyInventoryFile,
  INVENTORY_ID_PATTERN,
  type InventoryFile,
  type Link,
} from '../../../contract/inventory.ts';
import { EXIT, UserError } from '../../../runtime/errors.ts';
import { nearestName } from '../../../runtime/nearest-name.ts';
import { deriveParents } from './derive-parents.ts';
import type { GraphNode, NetworkGraph } from './graph.ts';

export interface GraphImport {
  /** Before every id, such as `mesh-`. */
  readonly prefix: string;
  /** Code of the unit that the sites are in. */
  readonly unit: string;
  /** The agent that measures the devices. */
  readonly agent: string;
  /** Where nodes without a position are put. */
  readonly position: { readonly longitude: number; readonly latitude: number };
  /** Ids or names of the nodes through which the network is reached; without any, what the graph says of itself. */
  readonly roots: readonly string[];
}

const LINK_KINDS: Readonly<Record<string, Link['kind']>> = { vpn: 'vpn', fibre: 'fibre' };

/**
 * A network as part of an inventory: a site and a device for each node, a link for each link. Pure. Parents are derived
 * from the ways to the roots; where no root is named and nodes say what they are reached through, they are that.
 * Throws a UserError (exit 2) for ids that cannot be and roots that are not there.
 */
export function graphToInventory(graph: NetworkGraph, options: GraphImport): InventoryFile {
  const { prefix, unit, agent } = options;
  const ids = [...graph.nodes.map(({ id }) => id), ...graph.links.map(({ ends }) => ends.join('-'))];
  const problems = ids
    .filter((id) => !INVENTORY_ID_PATTERN.test(`${prefix}${id}`))
    .map((id) => `expected an id of 1 to 64 of a-z 0-9 . _ -, got "${prefix}${id}"`);
  const roots = rootsOf(graph.nodes, options.roots, problems);
  if (problems.length > 0) throw new UserError(EXIT.badConfig, problems);
  const parents = parentsOf(graph, roots, options.roots.length > 0);
  const inventory = emptyInventoryFile();
  for (const { id, name, position, installedOn } of graph.nodes) {
    const above = (parents.get(id) ?? []).map((parent) => `${prefix}${parent}`);
    const common = {
      id: `${prefix}${id}`,
      unit,
      ...(above.length > 0 && { parents: above }),
      ...(installedOn !== undefined && { installedOn }),
    };
    inventory.sites.push({
      ...common,
      name: name ?? common.id,
      kind: roots.has(id) ? 'hub' : 'site',
      ...(position ?? { ...options.position, notes: 'its position is not known' }),
    });
    inventory.devices.push({
      ...common,
      kind: 'node',
      ...(name !== undefined && { name }),
      site: common.id,
      agent,
    });
  }
  const used = new Map<string, number>();
  for (const { ends, kind = '', lengthKm } of graph.links) {
    const between = `${prefix}${ends.join('-')}`;
    const count = (used.get(between) ?? 0) + 1;
    used.set(between, count);
    const [from, to] = ends.map((end) => ({ site: `${prefix}${end}`, device: `${prefix}${end}` }));
    if (from === undefined || to === undefined) continue;
    inventory.links.push({
      id: count === 1 ? between : `${between}.${count}`,
      kind: LINK_KINDS[kind] ?? 'other',
      ends: [from, to],
      ...(lengthKm !== undefined && { notes: `${lengthKm} km` }),
    });
  }
  return inventory;
}

function rootsOf(
  nodes: readonly GraphNode[],
  named: readonly string[],
  problems: string[],
): ReadonlySet<string> {
  const roots = new Set(nodes.filter(({ isRoot }) => named.length === 0 && isRoot).map(({ id }) => id));
  for (const name of named) {
    const node = nodes.find((candidate) => candidate.id === name || candidate.name === name);
    if (node !== undefined) roots.add(node.id);
    else {
      const names = nodes.flatMap(({ id, name: known }) => (known === undefined ? [id] : [id, known]));
      const nearest = nearestName(name, names);
      problems.push(
        `no node is called "${name}"${nearest === undefined ? '' : `, did you mean "${nearest}"?`}`,
      );
    }
  }
  if (roots.size === 0 && problems.length === 0 && nodes.every(({ upstream }) => upstream === undefined))
    problems.push('expected the name of a root: the graph does not say through which nodes it is reached');
  return roots;
}

function parentsOf(
  { nodes, links }: NetworkGraph,
  roots: ReadonlySet<string>,
  areNamed: boolean,
): ReadonlyMap<string, readonly string[]> {
  const declared = nodes.flatMap(({ id, upstream }) =>
    upstream === undefined ? [] : [[id, [upstream]] as const],
  );
  if (declared.length > 0 && !areNamed) return new Map(declared);
  return deriveParents(
    nodes.map(({ id }) => id),
    links.map(({ ends }) => ends),
    roots,
  );
}
