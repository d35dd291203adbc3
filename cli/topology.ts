import { stringify } from 'yaml';
import { GRAPH_MAPPINGS, type GraphMappingName } from '../central/inventory/topology/graph-mappings.ts';
import { graphToInventory } from '../central/inventory/topology/graph-to-inventory.ts';
import { readGraph } from '../central/inventory/topology/read-graph.ts';
import { readInputFile } from './input-file.ts';
import { EXIT, messageOf, UserError } from '../runtime/errors.ts';
import { printData } from './terminal.ts';

export interface TopologyCommand {
  readonly mapping: GraphMappingName;
  readonly unit: string;
  readonly agent: string;
  readonly position: string;
  readonly prefix: string;
  readonly root?: readonly string[];
}

/** Prints the part of an inventory that a network in JSON makes. */
export function runTopology(file: string, options: TopologyCommand): void {
  const graph = readGraph(file, parse(file), GRAPH_MAPPINGS[options.mapping]);
  const { sites, devices, links } = graphToInventory(graph, {
    prefix: options.prefix,
    unit: options.unit,
    agent: options.agent,
    position: readPosition(options.position),
    roots: options.root ?? [],
  });
  printData(stringify({ sites, devices, links }, { aliasDuplicateObjects: false }));
}

function parse(file: string): unknown {
  const text = Buffer.from(readInputFile(file)).toString('utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(EXIT.badConfig, [`${file}: not JSON: ${messageOf(error)}`], error);
  }
}

function readPosition(text: string) {
  const [longitude = NaN, latitude = NaN, ...others] = text.split(',').map(Number);
  if (others.length === 0 && Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90)
    return { longitude, latitude };
  throw new UserError(EXIT.badConfig, [
    `--position: expected longitude and latitude in degrees, such as 106.7,10.78, got "${text}"`,
  ]);
}
