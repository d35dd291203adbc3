import { type Command, Option } from 'commander';
import { count, duration, port } from './option-values.ts';
import { shutdownOnSignals } from './program.ts';

export function defineStart(start: Command): void {
  start
    .description(
      'run the whole city on this machine: broker, store, central, an agent for this machine, a simulated city',
    )
    .addOption(
      new Option('--units <n>', 'how many of the 168 units to simulate').argParser(count).default(168),
    )
    .addOption(new Option('--for <time>', 'stop after this time, such as 60s or 5m').argParser(duration))
    .option(
      '--data-dir <directory>',
      'where everything is kept; a second start continues from it',
      'wardwatch-data',
    )
    .addOption(new Option('--port <port>', 'API and board (0: any free)').argParser(port).default(8080))
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
}

export function defineCentral(central: Command): void {
  central
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
}

export function defineSimulate(simulate: Command): void {
  simulate
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
}

export function defineNdt7(ndt7: Command): void {
  ndt7
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
}
