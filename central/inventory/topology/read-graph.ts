import { EXIT, UserError } from '../../../runtime/errors.ts';
import type { GraphLink, GraphNode, NetworkGraph } from './graph.ts';
import type { GraphMapping } from './graph-mappings.ts';

const MAX_NODES = 20_000;
const MAX_LINKS = 100_000;
const MAX_PROBLEMS = 100;

/** Reads a graph by a mapping. Pure. Throws a UserError (exit 2) that lists every problem; `source` names the file. */
export function readGraph(source: string, value: unknown, mapping: GraphMapping): NetworkGraph {
  const problems: string[] = [];
  const complain: Complain = (place, expected, got) => {
    problems.push(`${source}: ${place}: expected ${expected}, got ${shown(got)}`);
  };
  const listOf = (name: string, limit: number): readonly unknown[] => {
    const list = fieldOf(value, name);
    if (Array.isArray(list) && list.length <= limit) return list;
    complain(name, `a list of at most ${limit}`, Array.isArray(list) ? list.length : list);
    return [];
  };
  const ids = new Set<string>();
  const nodes = listOf(mapping.nodes, MAX_NODES).flatMap((entry, at) => {
    const node = readNode(entry, `${mapping.nodes}[${at}]`, mapping.node, complain);
    if (node === undefined) return [];
    if (ids.has(node.id)) complain(`${mapping.nodes}[${at}].${mapping.node.id}`, 'a unique id', node.id);
    ids.add(node.id);
    return [node];
  });
  const links = listOf(mapping.links, MAX_LINKS).flatMap((entry, at) => {
    const link = readLink(entry, `${mapping.links}[${at}]`, mapping.link, complain);
    return link === undefined ? [] : [link];
  });
  nodes.forEach(({ upstream }, at) => {
    if (upstream !== undefined && !ids.has(upstream))
      complain(`${mapping.nodes}[${at}].${mapping.node.upstream ?? ''}`, 'the id of a node', upstream);
  });
  links.forEach(({ ends }, at) => {
    for (const end of ends) if (!ids.has(end)) complain(`${mapping.links}[${at}]`, 'ids of nodes', end);
  });
  if (problems.length === 0) return { nodes, links };
  const more = problems.length - MAX_PROBLEMS;
  throw new UserError(
    EXIT.badConfig,
    more <= 0 ? problems : [...problems.slice(0, MAX_PROBLEMS), `${source}: ${more} more problems`],
  );
}

type Complain = (place: string, expected: string, got: unknown) => void;

function readNode(
  entry: unknown,
  place: string,
  fields: GraphMapping['node'],
  complain: Complain,
): GraphNode | undefined {
  const id = fieldOf(entry, fields.id);
  if (typeof id !== 'string' || id === '') {
    complain(`${place}.${fields.id}`, 'an id', id);
    return undefined;
  }
  const text = (name: string | undefined): string | undefined => {
    const value = name === undefined ? undefined : fieldOf(entry, name);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const longitude = fieldOf(entry, fields.longitude);
  const latitude = fieldOf(entry, fields.latitude);
  return {
    id,
    name: text(fields.name),
    position: isWithin(longitude, 180) && isWithin(latitude, 90) ? { longitude, latitude } : undefined,
    upstream: text(fields.upstream),
    isRoot: fields.isRoot !== undefined && fieldOf(entry, fields.isRoot) === true,
    installedOn: /^\d{4}-\d{2}-\d{2}/.exec(text(fields.firstSeen) ?? '')?.[0],
  };
}

function readLink(
  entry: unknown,
  place: string,
  fields: GraphMapping['link'],
  complain: Complain,
): GraphLink | undefined {
  const [from, to] = [fieldOf(entry, fields.from), fieldOf(entry, fields.to)];
  if (typeof from !== 'string' || typeof to !== 'string' || from === to) {
    complain(place, 'a link between two nodes', entry);
    return undefined;
  }
  const kind = fields.kind === undefined ? undefined : fieldOf(entry, fields.kind);
  const lengthKm = fields.lengthKm === undefined ? undefined : fieldOf(entry, fields.lengthKm);
  return {
    ends: [from, to],
    kind: typeof kind === 'string' ? kind : undefined,
    lengthKm: typeof lengthKm === 'number' && Number.isFinite(lengthKm) ? lengthKm : undefined,
  };
}

function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function fieldOf(value: unknown, name: string | number): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string | number, unknown>>)[name];
}

function isWithin(degrees: unknown, limit: number): degrees is number {
  return typeof degrees === 'number' && Math.abs(degrees) <= limit;
}
