import { Argument, InvalidArgumentError, Option } from 'commander';
import { EXIT, UserError } from '../runtime/errors.ts';
import { nearestName } from '../runtime/nearest-name.ts';
import { SCHEMA_NAMES, type SchemaName } from './json-schemas.ts';
import { PAYLOAD_KINDS, type PayloadKind } from './decode/kinds.ts';
import { defineDoctor, defineEdge } from './edge-commands.ts';
import { defineInventory } from './inventory/inventory-commands.ts';
import { defineNotify } from './notify-commands.ts';
import { defineRules } from './rules/rules-commands.ts';
import { count, duration, lifetime, port, wholeNumber } from './option-values.ts';
import { createProgram, runProgram, shutdownOnSignals } from './program.ts';
import { print, terminalJson } from './terminal.ts';

const EXAMPLES = `  wardwatch start                                   the whole city on this machine, for a first look
  wardwatch central --config central.yaml --check   check central's configuration, start nothing
  wardwatch central --config central.yaml           run central
  wardwatch edge --config edge.yaml                 run an edge agent
  wardwatch doctor --config edge.yaml               why an edge agent does not work
  wardwatch help central                            options and examples of one command`;

/** The whole program. Each subcommand loads only what it needs, so that an edge agent does not load central's libraries. */
const program = createProgram('wardwatch', EXAMPLES).description(
  "Monitoring service for a city's digital infrastructure",
);

const schemaName = (text: string): SchemaName => {
  const name = SCHEMA_NAMES.find((known) => known === text);
  if (name !== undefined) return name;
  const nearest = nearestName(text, SCHEMA_NAMES);
  const hint = nearest === undefined ? '' : `; did you mean ${nearest}?`;
  throw new InvalidArgumentError(`expected ${SCHEMA_NAMES.join(', ')}${hint}`);
};
program
  .command('start')
  .description(
    'run the whole city on this machine: broker, store, central, an agent for this machine, a simulated city',
  )
  .addOption(new Option('--units <n>', 'how many of the 168 units to simulate').argParser(count).default(168))
  .addOption(new Option('--for <time>', 'stop after this time, such as 60s or 5m').argParser(duration))
  .option(
    '--data-dir <directory>',
    'where everything is kept; a second start continues from it',
    'wardwatch-data',
  )
  .addOption(new Option('--port <port>', 'API and status page (0: any free)').argParser(port).default(8080))
  .addOption(
    new Option('--broker-port <port>', 'embedded broker (0: any free)').argParser(port).default(1883),
  )
  .option('--influx <url>', 'store samples in this InfluxDB instead of the embedded store')
  .option('--broker <url>', 'use this MQTT broker instead of the embedded one')
  .option('--notify <file>', 'tell of alerts: a file with what section notify of central.yaml holds')
  .option('--rules <directory>', 'alert rules of your own, as rulesDirectory of central.yaml')
  .addOption(new Option('--seed <n>', 'seed of the simulated city').argParser(count).default(1))
  .option('--json', 'print one JSON object a line: first "ready", then progress')
  .option('--log-level <level>', 'trace, debug, info, warn, error or silent', 'warn')
  .action(async (options: import('./start.ts').StartOptions) => {
    const { runStart } = await import('./start.ts');
    await runStart(options, shutdownOnSignals(options.for));
  });

program
  .command('central')
  .description('run central: ingest, store, alerts, API')
  .requiredOption('--config <file>', 'central.yaml (see docs/central.md)')
  .option(
    '--check',
    'read the configuration and every file it names, print a summary or all problems, start nothing',
  )
  .option(
    '--json',
    'print one JSON line: "ready" with the addresses, or with --check the summary or the problems',
  )
  .addHelpText(
    'after',
    `
Examples:
  wardwatch central --config /etc/wardwatch/central.yaml --check
  wardwatch central --config /etc/wardwatch/central.yaml
  wardwatch schema central > central.schema.json    for an editor

examples/central.yaml shows every setting.

Exit codes:
  0  stopped as asked; with --check: everything is valid
  1  failure
  2  bad usage or configuration: every problem is on stderr as file: field: what was expected, got value
  3  port in use
  4  data directory not writable, full, damaged, written by a newer version, or in use by another process`,
  )
  .action(async (options: { config: string; check?: true; json?: true }) => {
    if (options.check === true) {
      const { runCentralCheck } = await import('./check-central.ts');
      runCentralCheck(options, process.env);
      return;
    }
    const { runCentralCommand } = await import('./central.ts');
    await runCentralCommand(options, (onHangUp) => shutdownOnSignals(undefined, onHangUp));
  });

defineEdge(program.command('edge'));
defineDoctor(program.command('doctor'));

program
  .command('decode <file>')
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

program
  .command('schema')
  .description('print the JSON Schema of a configuration file, for editors')
  .addArgument(new Argument('<file>', SCHEMA_NAMES.join(', ')).argParser(schemaName))
  .addHelpText(
    'after',
    `
Files:
  central    central.yaml, the configuration of central
  edge       edge.yaml, the configuration of an edge agent
  inventory  the inventory of central: units, sites, agents, devices, links, services and more
  rule       one alert rule, a file in rulesDirectory
  rule-test  samples and the alerts expected, for wardwatch rules test
  notify     a channel, or routes.yaml, in the directory of section notify of central.yaml

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

program
  .command('topology <file>')
  .description('print a network in JSON as part of an inventory: sites, devices, links and parents, in YAML')
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

program
  .command('former-units')
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

program
  .command('simulate')
  .description('run a simulated city of many agents in one process, with the real queue and publisher')
  .requiredOption('--broker <url>', 'mqtt:// address of the broker')
  .requiredOption('--data-dir <directory>', "where the agents' queues are kept")
  .requiredOption('--secret-file <file>', "the secret that the agents' passwords derive from")
  .addOption(new Option('--units <n>', 'how many of the 168 units').argParser(count).default(168))
  .addOption(new Option('--seed <n>', 'seed of the city').argParser(count).default(1))
  .addOption(
    new Option('--interval <time>', 'time between measurements').argParser(duration).default(10_000, '10s'),
  )
  .option('--json', 'print progress as JSON, one object per line')
  .action(async (options: import('./simulate.ts').SimulateCommand) => {
    const { runSimulateCommand } = await import('./simulate.ts');
    await runSimulateCommand(options, shutdownOnSignals());
  });

program
  .command('ndt7')
  .description("run a speed test server (M-Lab's ndt7) for the city's own lines")
  .option('--host <address>', 'address to listen at', '0.0.0.0')
  .addOption(new Option('--port <port>', 'port (0: any free)').argParser(port).default(4443))
  .option('--cert <file>', 'certificate chain in PEM; without it, connections are not encrypted')
  .option('--key <file>', "the certificate's private key in PEM")
  .addOption(new Option('--max-clients <n>', 'maximum concurrent tests').argParser(count).default(20))
  .addOption(new Option('--max-mbps <n>', 'limit for all tests together, per direction').argParser(count))
  .option('--json', 'print one JSON line when ready')
  .action(async (options: import('./ndt7.ts').Ndt7Command) => {
    const { runNdt7Command } = await import('./ndt7.ts');
    await runNdt7Command(options, shutdownOnSignals());
  });

defineInventory(program.command('inventory'));

const agents = program
  .command('agents')
  .description("manage agents' broker credentials (on central's machine) and their configurations");
const dataDirOption = ['--data-dir <directory>', "central's data directory"] as const;
agents
  .command('add [agent]')
  .description("create or replace an agent's password; it is shown only once")
  .requiredOption(...dataDirOption)
  .option(
    '--sparkplug <group/node>',
    'for a Sparkplug B edge node instead of an agent; prints its user name too',
  )
  .action(async (agent: string | undefined, options: { dataDir: string; sparkplug?: string }) => {
    const { addAgent, addSparkplugNode } = await import('./access.ts');
    if ((agent === undefined) === (options.sparkplug === undefined))
      throw new UserError(EXIT.badConfig, ['agents add: expected either an agent or --sparkplug GROUP/NODE']);
    if (agent !== undefined) addAgent(options.dataDir, agent);
    if (options.sparkplug !== undefined) addSparkplugNode(options.dataDir, options.sparkplug);
  });
agents
  .command('list')
  .description('list the agents that have a password')
  .requiredOption(...dataDirOption)
  .action(async (options: { dataDir: string }) => {
    const { listAgents } = await import('./access.ts');
    listAgents(options.dataDir);
  });
agents
  .command('revoke <agent>')
  .description("delete an agent's password")
  .requiredOption(...dataDirOption)
  .action(async (agent: string, options: { dataDir: string }) => {
    const { revokeAgent } = await import('./access.ts');
    revokeAgent(options.dataDir, agent);
  });

agents
  .command('retire <agent>')
  .description(
    'end all that is known of an agent that is gone for good: password, session, configs, alerts; its samples stay',
  )
  .requiredOption('--token-file <file>', 'file with an API token with the role admin')
  .option('--url <url>', "address of central's API", 'http://127.0.0.1:8080')
  .action(async (agent: string, options: { url: string; tokenFile: string }) => {
    const { runRetireAgent } = await import('./retire-agent.ts');
    await runRetireAgent(agent, options, shutdownOnSignals());
  });

agents
  .command('close-alerts <agent>')
  .description(
    'close the alerts about what an agent reported, such as made-up devices; what it goes on reporting begins anew',
  )
  .requiredOption('--token-file <file>', 'file with an API token with the role admin')
  .option('--url <url>', "address of central's API", 'http://127.0.0.1:8080')
  .action(async (agent: string, options: { url: string; tokenFile: string }) => {
    const { runCloseAlerts } = await import('./close-alerts.ts');
    await runCloseAlerts(agent, options, shutdownOnSignals());
  });

agents
  .command('config <agents...>')
  .description(
    'show, push or roll back what agents measure (exit 1: an agent refused it, or the revision changed meanwhile; 2: the file is wrong)',
  )
  .requiredOption('--token-file <file>', 'file with an API token; changes need the role engineer')
  .option('--url <url>', "address of central's API", 'http://127.0.0.1:8080')
  .option('--file <file>', 'push this YAML file: collectors, and optionally log, as in edge.yaml')
  .addOption(
    new Option('--rollback <revision>', 'push an earlier revision again')
      .argParser(count)
      .conflicts(['file', 'remove']),
  )
  .addOption(new Option('--remove', 'return the agents to their own files').conflicts('file'))
  .addOption(
    new Option(
      '--expect <revision>',
      'change only if this revision is the desired one; 0: none is',
    ).argParser(wholeNumber),
  )
  .addOption(
    new Option(
      '--wait <time>',
      'wait until the agent has accepted it, at most this long, such as 2m; several agents one by one, stopping at the first failure',
    ).argParser(duration),
  )
  .option('--json', 'print one JSON object per agent')
  .action(async (ids: string[], options: import('./agent-config.ts').AgentConfigOptions) => {
    const { runAgentConfig } = await import('./agent-config.ts');
    await runAgentConfig(ids, options, shutdownOnSignals());
  });

defineRules(program.command('rules'));

defineNotify(program.command('notify'));

program
  .command('page-link')
  .description('print a link that opens the status page in a browser, once and within ten minutes')
  .requiredOption('--token-file <file>', 'file with an API token')
  .option('--url <url>', "address of central's API, as the browser reaches it", 'http://127.0.0.1:8080')
  .action(async (options: { url: string; tokenFile: string }) => {
    const { runPageLink } = await import('./page-link.ts');
    await runPageLink(options, shutdownOnSignals());
  });

program
  .command('backup <directory>')
  .description("copy central's state and embedded store into a new directory, while central runs")
  .requiredOption(...dataDirOption)
  .option('--token-file <file>', 'file with an API token of role admin; needed while central runs')
  .option('--url <url>', "address of central's API", 'http://127.0.0.1:8080')
  .addHelpText(
    'after',
    `
Run it on central's machine, as central's user. central.yaml, the files it names and an InfluxDB are not in it.

Examples:
  wardwatch backup /backup/2026-11-29 --data-dir /var/lib/wardwatch --token-file /etc/wardwatch/backup-token

Exit codes:
  0  the backup is complete and on disk
  1  central refused or failed to copy its store, or cannot be reached
  2  bad usage
  4  a directory cannot be used: the data directory has no state.db, or the new one is not empty`,
  )
  .action(async (directory: string, options: import('./backup/backup.ts').BackupOptions) => {
    const { runBackup } = await import('./backup/backup.ts');
    await runBackup(directory, options, shutdownOnSignals());
  });
program
  .command('restore <directory>')
  .description('check a backup and put it into a data directory; central must not run')
  .requiredOption(...dataDirOption)
  .option('--replace', 'move what is in the data directory aside, into replaced-<time> within it')
  .addHelpText(
    'after',
    `
Sizes, SHA-256, integrity and versions are checked before anything changes.

Examples:
  wardwatch restore /backup/2026-11-29 --data-dir /var/lib/wardwatch
  wardwatch restore /backup/2026-11-29 --data-dir /var/lib/wardwatch --replace

Exit codes:
  0  restored
  2  bad usage
  4  the backup is incomplete, damaged or of a newer version, or the data directory is in use or not empty`,
  )
  .action(async (directory: string, options: import('./backup/restore.ts').RestoreOptions) => {
    const { runRestore } = await import('./backup/restore.ts');
    await runRestore(directory, options, Date.now());
  });

const tokens = program.command('tokens').description("manage API tokens (on central's machine)");
tokens
  .command('add <name>')
  .description('create an API token; it is shown only once')
  .requiredOption(...dataDirOption)
  .addOption(
    new Option('--role <role>', 'what the token permits')
      .choices(['viewer', 'operator', 'engineer', 'admin'])
      .default('viewer'),
  )
  .addOption(
    new Option('--expires-in <time>', 'how long it is valid, such as 90d; never: without end')
      .argParser(lifetime)
      .default(365 * 86_400_000, '365d'),
  )
  .action(async (name: string, options: { dataDir: string; role: string; expiresIn: number | null }) => {
    const { addToken } = await import('./access.ts');
    addToken(options.dataDir, { name, role: options.role, lifetimeMs: options.expiresIn });
  });
tokens
  .command('list')
  .description(
    'list the tokens, until when they are valid and when they were last used; the tokens themselves are not kept',
  )
  .requiredOption(...dataDirOption)
  .action(async (options: { dataDir: string }) => {
    const { listTokens } = await import('./access.ts');
    listTokens(options.dataDir);
  });
tokens
  .command('revoke <id>')
  .description('delete a token')
  .requiredOption(...dataDirOption)
  .action(async (id: string, options: { dataDir: string }) => {
    const { revokeToken } = await import('./access.ts');
    revokeToken(options.dataDir, id);
  });

await runProgram(program);
