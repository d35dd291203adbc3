import { Option, type Command } from 'commander';
import { EXIT } from '../../runtime/errors.ts';
import { shutdownOnSignals } from '../program.ts';

const RULES_DIR = new Option(
  '--rules-dir <directory>',
  'own rules, as rulesDirectory of central.yaml; without it the shipped ones',
);

const MEASUREMENTS_DIR = new Option(
  '--measurements-dir <directory>',
  'declared measurements that own rules may be about, as measurementsDirectory of central.yaml',
);

/** `wardwatch rules …`: what alerts fire by. */
export function defineRules(rules: Command): void {
  rules.description('list, check, test and explain alert rules (docs/alerts.md)');
  rules
    .command('check <directory>')
    .description('check a directory of own rules together with the shipped ones, without a central')
    .addOption(MEASUREMENTS_DIR)
    .option('--json', 'print one JSON line: whether it is valid, what is added and replaced, problems')
    .addHelpText(
      'after',
      `
Examples:
  wardwatch rules check /etc/wardwatch/rules

Exit codes:
  0  valid
  2  not valid: every problem of every file is on stderr as file: setting: what was expected, got value`,
    )
    .action(async (directory: string, options: { measurementsDir?: string; json?: true }) => {
      const { runRulesCheck } = await import('./rules-check.ts');
      runRulesCheck(directory, options);
    });
  rules
    .command('list')
    .description('list the rules that central would run')
    .addOption(RULES_DIR)
    .addOption(MEASUREMENTS_DIR)
    .option('--json', 'print one JSON object a rule')
    .addHelpText(
      'after',
      `
Examples:
  wardwatch rules list
  wardwatch rules list --rules-dir /etc/wardwatch/rules --json

Exit codes:
  0  listed
  2  the directory has problems: all are on stderr`,
    )
    .action(async (options: import('./rule-files.ts').RuleFilesOptions & { json?: true }) => {
      const { runRulesList } = await import('./rules-list.ts');
      runRulesList(options);
    });
  rules
    .command('explain <id>')
    .description('say in both languages what a rule reads, when it fires and ends, and what to do')
    .addOption(RULES_DIR)
    .addOption(MEASUREMENTS_DIR)
    .addHelpText(
      'after',
      `
Examples:
  wardwatch rules explain memory_low

Exit codes:
  0  explained
  2  there is no such rule, or the directory has problems`,
    )
    .action(async (id: string, options: import('./rule-files.ts').RuleFilesOptions) => {
      const { runRulesExplain } = await import('./rules-explain.ts');
      runRulesExplain(id, options);
    });
  rules
    .command('test <files...>')
    .description(
      'run samples over virtual time through the rules, and compare the alerts with those expected',
    )
    .addOption(RULES_DIR)
    .addOption(MEASUREMENTS_DIR)
    .option('--json', 'print one JSON object a test')
    .addHelpText(
      'after',
      `
wardwatch schema rule-test prints the JSON Schema of such a file.

Examples:
  wardwatch rules test examples/rule-tests/memory.yaml
  wardwatch rules test tests/*.yaml --rules-dir /etc/wardwatch/rules

Exit codes:
  0  all tests passed
  2  a file, or the directory, has problems: all are on stderr
  5  a test failed`,
    )
    .action(
      async (files: string[], options: import('./rule-files.ts').RuleFilesOptions & { json?: true }) => {
        const { runRulesTest } = await import('./rules-test.ts');
        if (!runRulesTest(files, options)) process.exitCode = EXIT.differs;
      },
    );
  rules
    .command('backtest [id]')
    .description(
      'let the running central say which alerts a rule, or a running one with other limits, would have raised over stored samples',
    )
    .requiredOption('--token-file <file>', 'file with an API token with the role operator')
    .option('--url <url>', "address of central's API", 'http://127.0.0.1:8080')
    .option('--rule <file>', 'a rule file instead of a running rule; its name is the id')
    .option('--changes <yaml>', 'settings in place of those of the running rule, such as "{ for: 5m }"')
    .option('--from <time>', 'Unix time in ms, RFC 3339, -24h, yesterday, 2026-01-31', '-24h')
    .option('--to <time>', 'the same', 'now')
    .option('--unit <code>', 'only samples of this unit')
    .option('--device <device>', 'only samples of this device')
    .option('--json', 'print the lines as central sends them')
    .addHelpText(
      'after',
      `
Examples:
  wardwatch rules backtest memory_low --token-file token
  wardwatch rules backtest memory_low --changes '{ for: 5m }' --from -7d --token-file token
  wardwatch rules backtest --rule rules/mains_voltage_high.yaml --from -7d --token-file token

Exit codes:
  0  done
  1  central cannot be reached, refused it or failed
  2  bad usage, or the rule has problems: all are on stderr`,
    )
    .action(async (id: string | undefined, options: import('./rules-backtest.ts').BacktestOptions) => {
      const { runRulesBacktest } = await import('./rules-backtest.ts');
      await runRulesBacktest(id, options, shutdownOnSignals());
    });
}
