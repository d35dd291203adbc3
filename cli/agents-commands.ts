import { type Command, Option } from 'commander';
import { EXIT, UserError } from '../runtime/errors.ts';
import { DATA_DIR_OPTION } from './data-dir-option.ts';
import { count, duration, wholeNumber } from './option-values.ts';
import { shutdownOnSignals } from './program.ts';

interface AddOptions {
  readonly dataDir: string;
  readonly sparkplug?: string;
  readonly phone?: string;
}

export function defineAgents(agents: Command): void {
  agents.description("manage agents' broker credentials (on central's machine) and their configurations");
  agents
    .command('add [agent]')
    .description("create or replace an agent's password; it is shown only once")
    .requiredOption(...DATA_DIR_OPTION)
    .option(
      '--sparkplug <group/node>',
      'for a Sparkplug B edge node instead of an agent; prints its user name too',
    )
    .option(
      '--phone <name>',
      'for a phone with the app Network Survey instead of an agent, such as phone-07; prints the settings that the app reads from a QR code',
    )
    .action(async (agent: string | undefined, options: AddOptions) => {
      const { addAgent, addPhone, addSparkplugNode } = await import('./access.ts');
      const { dataDir, sparkplug, phone } = options;
      if ([agent, sparkplug, phone].filter((one) => one !== undefined).length !== 1)
        throw new UserError(EXIT.badConfig, [
          'agents add: expected either an agent, or --sparkplug GROUP/NODE, or --phone NAME',
        ]);
      if (agent !== undefined) addAgent(dataDir, agent);
      if (sparkplug !== undefined) addSparkplugNode(dataDir, sparkplug);
      if (phone !== undefined) addPhone(dataDir, phone);
    });
  agents
    .command('list')
    .description('list the agents that have a password')
    .requiredOption(...DATA_DIR_OPTION)
    .action(async (options: { dataDir: string }) => {
      const { listAgents } = await import('./access.ts');
      listAgents(options.dataDir);
    });
  agents
    .command('revoke <agent>')
    .description("delete an agent's password")
    .requiredOption(...DATA_DIR_OPTION)
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

  agents
    .command('rollout [number]')
    .description(
      'push a config to many agents in stages (one, a tenth, all) that stop by themselves; list, show and handle roll-outs (exit 2: the config has problems)',
    )
    .requiredOption('--token-file <file>', 'file with an API token; changes need the role engineer')
    .option('--url <url>', "address of central's API", 'http://127.0.0.1:8080')
    .option('--file <file>', 'begin one: YAML with a whole config, as for agents config')
    .addOption(
      new Option(
        '--patch <file>',
        'begin one: YAML with what changes: collectors, by kind and name, remove, log',
      ).conflicts('file'),
    )
    .option('--agents <ids>', 'for these agents, separated by commas')
    .option('--units <codes>', 'for agents of these units')
    .option('--sites <ids>', 'for agents of these sites')
    .option('--all', 'for all edge agents')
    .option('--preview', 'show what would change for whom, and begin nothing')
    .option('--reason <text>', 'why, needed to begin')
    .addOption(
      new Option(
        '--watch <time>',
        'how long each stage is watched before the next one, such as 10m (default: 10m)',
      ).argParser(duration),
    )
    .addOption(
      new Option(
        '--least-share <percent>',
        'how much of the points before an agent has to send with it (default: 90)',
      ).argParser(wholeNumber),
    )
    .option('--roll-back-on-stop', 'when it stops by itself, give back the config from before')
    .addOption(new Option('--pause', 'with a number').conflicts(['resume', 'cancel', 'rollback']))
    .addOption(new Option('--resume', 'with a number').conflicts(['cancel', 'rollback']))
    .addOption(new Option('--cancel', 'with a number: those that have it keep it').conflicts('rollback'))
    .option('--rollback', 'with a number: those that have it get the config from before')
    .option('--json', 'print one JSON object for each')
    .action(async (number: string | undefined, options: import('./rollout.ts').RolloutOptions) => {
      const { runRollout } = await import('./rollout.ts');
      await runRollout(number === undefined ? undefined : count(number), options, shutdownOnSignals());
    });
}
