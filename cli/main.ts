import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { EXIT, messageOf, UserError } from '../runtime/errors.ts';
import { keepHeapSmall } from '../runtime/heap.ts';
import { PAYLOAD_KINDS, type PayloadKind } from './decode/kinds.ts';
import { PRINT_FORMATS, type PrintFormat } from './sample-print.ts';
import { shutdownOnSignals } from './shutdown.ts';
import { VERSION } from './version.ts';

/**
 * The one program. Each subcommand loads only its own half, so an edge agent never pays for central's libraries.
 * This file alone reads arguments, handles signals and exits.
 */
const program = new Command('wardwatch')
  .description("Monitoring service for a city's digital infrastructure")
  .version(VERSION)
  .showHelpAfterError()
  .enablePositionalOptions()
  .exitOverride()
  .addHelpText(
    'after',
    '\nExit codes: 0 done, 1 failure, 2 bad usage or configuration, 3 port in use, 4 data directory not usable',
  );

const port = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535)
    throw new InvalidArgumentError('expected 0 to 65535');
  return value;
};
const count = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('expected a whole number from 1');
  return value;
};
const wholeNumber = (text: string): number => (text === '0' ? 0 : count(text));
const DURATION_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const duration = (text: string): number => {
  const [, amount, unit] = /^(\d+)(ms|s|m|h)$/.exec(text) ?? [];
  const factor = unit === undefined ? undefined : DURATION_MS[unit];
  if (amount === undefined || factor === undefined)
    throw new InvalidArgumentError('expected a time such as 60s or 5m');
  return Number(amount) * factor;
};

program
  .command('start')
  .description(
    'the whole city on this machine: broker, store, central, an agent for this machine, a simulated city',
  )
  .addOption(new Option('--units <n>', 'how many of the 168 units to simulate').argParser(count).default(168))
  .addOption(
    new Option('--for <time>', 'stop by itself after this time, such as 60s or 5m').argParser(duration),
  )
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
  .addOption(new Option('--seed <n>', 'seed of the simulated city').argParser(count).default(1))
  .option('--json', 'print one JSON object a line: first "ready", then progress')
  .option('--log-level <level>', 'trace, debug, info, warn, error or silent', 'warn')
  .action(async (options: import('./start.ts').StartOptions) => {
    const { runStart } = await import('./start.ts');
    await runStart(options, shutdownOnSignals(options.for));
  });

program
  .command('central')
  .description('the collector: ingest, store, alerts, API')
  .requiredOption('--config <file>', 'central.yaml (see docs/central.md)')
  .option('--json', 'print a "ready" JSON line with the addresses')
  .action(async (options: { config: string; json?: true }) => {
    const { runCentralCommand } = await import('./central.ts');
    await runCentralCommand(options, shutdownOnSignals());
  });

const edge: Command = program
  .command('edge')
  .description('an edge agent on a ward gateway or a server')
  .enablePositionalOptions()
  .option('--config <file>', 'edge.yaml (see docs/edge.md); needed')
  .option('--once', 'read every source once, print what would be sent, and end; nothing is sent')
  .addOption(new Option('--print <format>', 'how --once prints').choices([...PRINT_FORMATS]).default('table'))
  .action(async ({ config, ...options }: { config?: string; once?: true; print: PrintFormat }) => {
    if (config === undefined) edge.error("error: required option '--config <file>' not specified");
    if (options.once === true) {
      const { runEdgeOnce } = await import('./edge-once.ts');
      await runEdgeOnce({ config, print: options.print }, shutdownOnSignals());
      return;
    }
    keepHeapSmall();
    const { runEdge } = await import('../edge/main.ts');
    await runEdge({ configFile: config, shutdown: shutdownOnSignals(), version: VERSION });
  });

edge
  .command('discover <ranges...>')
  .description(
    'find SNMP devices in networks such as 10.1.2.0/24, and write an inventory and a collector for review; only reads',
  )
  .option(
    '--config <file>',
    'edge.yaml: whose SNMP credentials, agent, site and unit to use (default: edge.yaml here, then /etc/wardwatch/edge.yaml)',
  )
  .option(
    '--credentials <file>',
    'SNMP credentials by name, as in the snmp collector, instead of those of edge.yaml',
  )
  .option('--agent <id>', 'the agent that will poll the devices')
  .option('--site <id>', 'the site where they stand')
  .option('--unit <code>', '5-digit code of its ward, commune or special zone')
  .addOption(new Option('--port <port>', 'where the devices listen').argParser(port).default(161))
  .addOption(new Option('--rate <n>', 'packets a second at most').argParser(count).default(100))
  .addOption(
    new Option('--timeout <time>', 'how long an answer may take').argParser(duration).default(1_000, '1s'),
  )
  .option('--out-dir <directory>', 'where the two files go', '.')
  .option('--force', 'replace discovered-inventory.yaml and discovered-collectors.yaml')
  .option('--json', 'print one JSON object a device and a refusal')
  .option('--print', 'only look: print the table, write nothing')
  .action(async (ranges: string[], options: import('./discover.ts').DiscoverCommand) => {
    const { runDiscover } = await import('./discover.ts');
    await runDiscover(ranges, options, shutdownOnSignals());
  });

program
  .command('doctor')
  .description(
    'what keeps an edge agent from working: clock, disk, broker, rights, every source (exit 1: something)',
  )
  .requiredOption('--config <file>', 'edge.yaml (see docs/edge.md)')
  .option('--json', 'print one JSON object a finding')
  .action(async (options: { config: string; json?: true }) => {
    const { runDoctor } = await import('./doctor.ts');
    await runDoctor(options, shutdownOnSignals());
  });

program
  .command('decode <file>')
  .description('how a payload is understood, and why a part of it is refused (exit 1: a part is)')
  .addOption(
    new Option('--as <kind>', 'what the file holds').choices([...PAYLOAD_KINDS]).makeOptionMandatory(),
  )
  .option('--json', 'print one JSON object a sample and a refusal')
  .option('--config <file>', 'for sparkplug: central.yaml with the mapping of metrics')
  .action(async (file: string, options: { as: PayloadKind; json?: true; config?: string }) => {
    const { runDecode } = await import('./decode.ts');
    runDecode(file, options, Date.now());
  });

program
  .command('schema')
  .description("JSON Schema of a configuration file, for editors (docs/edge.schema.json is edge's)")
  .addArgument(new Argument('<what>').choices(['edge']))
  .action(async () => {
    const { edgeJsonSchema } = await import('../edge/config/json-schema.ts');
    process.stdout.write(`${JSON.stringify(edgeJsonSchema(), null, 2)}\n`);
  });

program
  .command('simulate')
  .description('a simulated city of many agents in one process, sent over the real queue and publisher')
  .requiredOption('--broker <url>', 'mqtt:// address of the broker')
  .requiredOption('--data-dir <directory>', "where the agents' queues are kept")
  .requiredOption('--secret-file <file>', "the secret that the agents' passwords derive from")
  .addOption(new Option('--units <n>', 'how many of the 168 units').argParser(count).default(168))
  .addOption(new Option('--seed <n>', 'seed of the city').argParser(count).default(1))
  .addOption(
    new Option('--interval <time>', 'time between measurements').argParser(duration).default(10_000, '10s'),
  )
  .option('--json', 'print progress as one JSON object a line')
  .action(async (options: import('./simulate.ts').SimulateCommand) => {
    const { runSimulateCommand } = await import('./simulate.ts');
    await runSimulateCommand(options, shutdownOnSignals());
  });

program
  .command('ndt7')
  .description("a speed test server (M-Lab's ndt7) for the city's own lines")
  .option('--host <address>', 'address to listen at', '0.0.0.0')
  .addOption(new Option('--port <port>', 'port (0: any free)').argParser(port).default(4443))
  .option('--cert <file>', 'certificate chain in PEM; without it in the clear')
  .option('--key <file>', "the certificate's private key in PEM")
  .addOption(new Option('--max-clients <n>', 'tests at once').argParser(count).default(20))
  .addOption(new Option('--max-mbps <n>', 'for all tests together, each direction').argParser(count))
  .option('--json', 'print one JSON line when ready')
  .action(async (options: import('./ndt7.ts').Ndt7Command) => {
    const { runNdt7Command } = await import('./ndt7.ts');
    await runNdt7Command(options, shutdownOnSignals());
  });

const agents = program
  .command('agents')
  .description("agents' broker credentials, on central's machine, and their configs");
const dataDirOption = ['--data-dir <directory>', "central's data directory"] as const;
agents
  .command('add [agent]')
  .description("make or replace an agent's password; it is shown this once")
  .requiredOption(...dataDirOption)
  .option(
    '--sparkplug <group/node>',
    'instead of an agent: a Sparkplug B edge node; prints its user name too',
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
  .requiredOption(...dataDirOption)
  .action(async (options: { dataDir: string }) => {
    const { listAgents } = await import('./access.ts');
    listAgents(options.dataDir);
  });
agents
  .command('revoke <agent>')
  .requiredOption(...dataDirOption)
  .action(async (agent: string, options: { dataDir: string }) => {
    const { revokeAgent } = await import('./access.ts');
    revokeAgent(options.dataDir, agent);
  });

agents
  .command('config <agents...>')
  .description(
    'what agents are to measure: show it, push it, go back (exit 1: an agent does not take it, or somebody was faster; 2: wrong)',
  )
  .requiredOption('--token-file <file>', 'a file with an API token; changes need the role engineer')
  .option('--url <url>', "address of central's API", 'http://127.0.0.1:8080')
  .option('--file <file>', 'push this: a YAML file with collectors, and log where wanted, as in edge.yaml')
  .addOption(
    new Option('--rollback <revision>', 'push an earlier revision again')
      .argParser(count)
      .conflicts(['file', 'remove']),
  )
  .addOption(new Option('--remove', 'send the agents back to their own files').conflicts('file'))
  .addOption(
    new Option('--expect <revision>', 'change only if this one is desired now; 0: none').argParser(
      wholeNumber,
    ),
  )
  .addOption(
    new Option(
      '--wait <time>',
      'until the agent runs it for good, such as 2m; of several agents one after the other, and none after one that fails',
    ).argParser(duration),
  )
  .option('--json', 'print one JSON object an agent')
  .action(async (ids: string[], options: import('./agent-config.ts').AgentConfigOptions) => {
    const { runAgentConfig } = await import('./agent-config.ts');
    await runAgentConfig(ids, options, shutdownOnSignals());
  });

const tokens = program.command('tokens').description("API tokens, on central's machine");
tokens
  .command('add <name>')
  .description('make an API token; it is shown this once')
  .requiredOption(...dataDirOption)
  .addOption(
    new Option('--role <role>', 'what it may do')
      .choices(['viewer', 'operator', 'engineer', 'admin'])
      .default('viewer'),
  )
  .action(async (name: string, options: { dataDir: string; role: string }) => {
    const { addToken } = await import('./access.ts');
    addToken(options.dataDir, name, options.role);
  });
tokens
  .command('list')
  .requiredOption(...dataDirOption)
  .action(async (options: { dataDir: string }) => {
    const { listTokens } = await import('./access.ts');
    listTokens(options.dataDir);
  });
tokens
  .command('revoke <id>')
  .requiredOption(...dataDirOption)
  .action(async (id: string, options: { dataDir: string }) => {
    const { revokeToken } = await import('./access.ts');
    revokeToken(options.dataDir, id);
  });

try {
  await program.parseAsync();
  process.exit(EXIT.ok);
} catch (error) {
  process.exit(report(error));
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.badConfig;
  if (error instanceof UserError) {
    for (const problem of error.problems) process.stderr.write(`wardwatch: ${problem}\n`);
    return error.exitCode;
  }
  if (error instanceof AggregateError) {
    for (const part of error.errors) process.stderr.write(`wardwatch: ${messageOf(part)}\n`);
    const ofUser = error.errors.find((part) => part instanceof UserError);
    return ofUser?.exitCode ?? EXIT.failure;
  }
  process.stderr.write(
    `wardwatch: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  return EXIT.failure;
}
