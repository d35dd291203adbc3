import { type Command, Option } from 'commander';
import { collectGarbage, keepHeapSmall } from '../runtime/heap.ts';
import { count, duration, port } from './option-values.ts';
import { shutdownOnSignals } from './program.ts';
import { defineProfile } from './profile-commands.ts';
import { PRINT_FORMATS, type PrintFormat } from './sample-print.ts';
import { VERSION } from './version.ts';

/** Of the thread that reads device profiles of others: a gateway has little memory. */
const YAML_LIMITS = { timeoutMs: 10_000, memoryMib: 64 };
/** Takes some 50 ms at worst. */
const SHORT_YAML_BYTES = 8 * 1024;

/** The agent, and `discover` and `profile` below it. `yamlProgram`: the file of yaml-worker.ts as it is built. */
export function defineEdge(edge: Command, yamlProgram: URL): void {
  edge
    .description('run an edge agent on a ward gateway or a server')
    .enablePositionalOptions()
    .option('--config <file>', 'edge.yaml (see docs/edge.md); required')
    .option('--once', 'read every source once, print what would be sent, and exit; nothing is sent')
    .addOption(
      new Option('--print <format>', 'how --once prints').choices([...PRINT_FORMATS]).default('table'),
    )
    .action(async ({ config, ...options }: { config?: string; once?: true; print: PrintFormat }) => {
      if (config === undefined) edge.error("error: required option '--config <file>' not specified");
      if (options.once === true) {
        const { runEdgeOnce } = await import('./edge-once.ts');
        await runEdgeOnce({ config, print: options.print }, shutdownOnSignals());
        return;
      }
      keepHeapSmall();
      const [{ runEdge }, { createYamlThread, shortTextsHere }] = await Promise.all([
        import('../edge/main.ts'),
        import('../runtime/yaml-thread.ts'),
      ]);
      await runEdge({
        configFile: config,
        shutdown: shutdownOnSignals(),
        version: VERSION,
        readYaml: shortTextsHere(createYamlThread(yamlProgram, YAML_LIMITS), SHORT_YAML_BYTES),
        onReady: collectGarbage,
      });
    });

  edge
    .command('discover <ranges...>')
    .description(
      'find SNMP devices in networks such as 10.1.2.0/24, and write an inventory and a collector for review; sends reads only',
    )
    .option(
      '--config <file>',
      'edge.yaml with the SNMP credentials, agent, site and unit to use (default: edge.yaml here, then /etc/wardwatch/edge.yaml)',
    )
    .option(
      '--credentials <file>',
      'SNMP credentials by name, as in the snmp collector, instead of those of edge.yaml',
    )
    .option('--agent <id>', 'the agent that will poll the devices')
    .option('--site <id>', 'the site of the devices')
    .option('--unit <code>', '5-digit code of the ward, commune or special zone of the site')
    .addOption(new Option('--port <port>', 'SNMP port of the devices').argParser(port).default(161))
    .addOption(new Option('--rate <n>', 'maximum packets per second').argParser(count).default(100))
    .addOption(
      new Option('--timeout <time>', 'how long to wait for an answer')
        .argParser(duration)
        .default(1_000, '1s'),
    )
    .option('--out-dir <directory>', 'directory of the two files', '.')
    .option('--force', 'replace discovered-inventory.yaml and discovered-collectors.yaml')
    .option('--json', 'print one JSON object per device and refusal')
    .option('--print', 'print the table, write no files')
    .action(async (ranges: string[], options: import('./discover.ts').DiscoverCommand) => {
      const { runDiscover } = await import('./discover.ts');
      await runDiscover(ranges, options, shutdownOnSignals());
    });

  defineProfile(edge.command('profile'));
}

export function defineDoctor(doctor: Command): void {
  doctor
    .description(
      'check what an edge agent needs: clock, disk, broker, permissions, every source (exit 1: a check failed)',
    )
    .requiredOption('--config <file>', 'edge.yaml (see docs/edge.md)')
    .option(
      '--running',
      'only whether the running agent measures and is acknowledged, by its queue on disk: for a health check',
    )
    .option('--json', 'print one JSON object per finding')
    .action(async (options: { config: string; running?: true; json?: true }) => {
      const { runDoctor } = await import('./doctor.ts');
      await runDoctor(options, shutdownOnSignals());
    });
}
