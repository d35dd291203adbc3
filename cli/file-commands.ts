import { Argument, InvalidArgumentError, Option, type Command } from 'commander';
import { nearestName } from '../runtime/nearest-name.ts';
import { PAYLOAD_KINDS, type PayloadKind } from './decode/kinds.ts';
import { SCHEMA_NAMES, type SchemaName } from './json-schemas.ts';
import { print, terminalJson } from './terminal.ts';

export function defineDecode(decode: Command): void {
  decode
    .description('show how a payload is decoded, and which parts are refused and why (exit 1: some are)')
    .addOption(
      new Option('--as <kind>', 'what the file holds').choices([...PAYLOAD_KINDS]).makeOptionMandatory(),
    )
    .option('--json', 'print one JSON object per sample and refusal')
    .option('--config <file>', 'for sparkplug: central.yaml with the mapping of metrics')
    .action(async (file: string, options: { as: PayloadKind; json?: true; config?: string }) => {
      const { runDecode } = await import('./decode.ts');
      runDecode(file, options, Date.now());
    });
}

export function defineSchema(schema: Command): void {
  schema
    .description('print the JSON Schema of a configuration file, for editors')
    .addArgument(new Argument('<file>', SCHEMA_NAMES.join(', ')).argParser(schemaName))
    .addHelpText(
      'after',
      `
Files:
  central       central.yaml, the configuration of central
  edge          edge.yaml, the configuration of an edge agent
  profile       a device profile of the snmp collector, a file in profilesDirectory
  measurements  measurements that the catalogue lacks, a file in measurementsDirectory
  inventory     the inventory of central: units, sites, agents, devices, links, services and more
  rule          one alert rule, a file in rulesDirectory
  rule-test     samples and the alerts expected, for wardwatch rules test
  notify        a channel, or routes.yaml, in the directory of section notify of central.yaml

Examples:
  wardwatch schema central > central.schema.json
  # yaml-language-server: $schema=central.schema.json    (the first line of central.yaml)

Exit codes:
  0  printed
  2  not one of these files`,
    )
    .action(async (name: SchemaName) => {
      const { readJsonSchema } = await import('./json-schemas.ts');
      print(terminalJson(await readJsonSchema(name), 2));
    });
}

export function defineTopology(topology: Command): void {
  topology
    .description(
      'print a network in JSON as part of an inventory: sites, devices, links and parents, in YAML',
    )
    .addOption(
      new Option('--mapping <name>', 'which fields of the file mean what')
        .choices([
          'mesh-nodes',
          'topology-zoo',
        ] satisfies import('../central/inventory/topology/graph-mappings.ts').GraphMappingName[])
        .makeOptionMandatory(),
    )
    .requiredOption('--unit <code>', 'code of the unit that the sites are in')
    .requiredOption('--agent <agent>', 'the agent that measures the devices')
    .requiredOption('--position <longitude,latitude>', 'where nodes without a position are put')
    .option('--prefix <text>', 'before every id', '')
    .option(
      '--root <nodes...>',
      'ids or names of the nodes that the network is reached through; without it, what the file says',
    )
    .addHelpText(
      'after',
      `
docs/inventory-data.md has the mappings and says how parents are found.

Examples:
  wardwatch topology nld.json --mapping topology-zoo --root Mumbai --unit 26740 --agent gw-1 --position 106.7,10.78

Exit codes:
  0  printed
  2  the file cannot be read as such a network; every problem is on stderr`,
    )
    .action(async (file: string, options: import('./topology.ts').TopologyCommand) => {
      const { runTopology } = await import('./topology.ts');
      runTopology(file, options);
    });
}

export function defineFormerUnits(formerUnits: Command): void {
  formerUnits
    .description(
      "print formerUnits.csv of the inventory, made of a city's official lists of wards before its map changed",
    )
    .requiredOption(
      '--before <day=file...>',
      'a list that held until the day before; CSV with district, ward_code, ward, ward_type',
    )
    .requiredOption(
      '--now <file>',
      'the units of today; CSV with code and formed_from, the units each was made of',
    )
    .addHelpText(
      'after',
      `
Units whose successors the lists do not tell are named on stderr; fill them in before the import.

Examples:
  wardwatch former-units --before 2025-01-01=wards-2024.csv 2025-07-01=wards-2025-03.csv --now wards-2025-07.csv > formerUnits.csv

Exit codes:
  0  printed
  2  a list cannot be read, or a row is wrong`,
    )
    .action(async (options: import('./former-units.ts').FormerUnitsCommand) => {
      const { runFormerUnits } = await import('./former-units.ts');
      runFormerUnits(options);
    });
}

function schemaName(text: string): SchemaName {
  const name = SCHEMA_NAMES.find((known) => known === text);
  if (name !== undefined) return name;
  const nearest = nearestName(text, SCHEMA_NAMES);
  const hint = nearest === undefined ? '' : `; did you mean ${nearest}?`;
  throw new InvalidArgumentError(`expected ${SCHEMA_NAMES.join(', ')}${hint}`);
}
