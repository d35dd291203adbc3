import { Option, type Command } from 'commander';
import { count, wholeNumber } from '../option-values.ts';
import { shutdownOnSignals } from '../program.ts';

/** `wardwatch rehearse`: scenarios of a simulated city through the real parts, and the score of the alarms. */
export function defineRehearse(rehearse: Command): void {
  rehearse
    .description(
      'rehearse scenarios of a simulated city on virtual time, and score the alarms (docs/simulating.md)',
    )
    .argument(
      '[scenario...]',
      'names of shipped scenarios, files ending in .yaml, or recordings (.recording.gz)',
    )
    .option('--all', 'all shipped scenarios')
    .option('--list', 'list the shipped scenarios, run none')
    .addOption(
      new Option(
        '--seeds <n>',
        'run each with so many cities, which differ in noise, batteries and operators',
      )
        .argParser(count)
        .default(1),
    )
    .addOption(new Option('--seed <n>', 'the first of them').argParser(wholeNumber).default(1))
    .option(
      '--mutations',
      'move each limit and time of the shipped rules by 20 %, and see how many of it the rehearsal notices',
    )
    .addOption(
      new Option(
        '--budget <pages>',
        'propose changes to the rules by which nobody is paged oftener, such as "6 pages/h", as a diff',
      ).conflicts(['mutations', 'report']),
    )
    .option('--json', 'print one JSON object a run, and the score card as the last one')
    .option('--report <file>', 'write a page with timelines, readable without a network')
    .addHelpText(
      'after',
      `
Examples:
  wardwatch rehearse --list
  wardwatch rehearse fibre-cut-hub
  wardwatch rehearse --all --seeds 3 --report rehearsal.html
  wardwatch rehearse my-scenario.yaml --json
  wardwatch rehearse --mutations                   by the tests around the limits of each rule
  wardwatch rehearse --mutations gateway-dead      besides, those rules that only scenarios can feed
  wardwatch rehearse storm.recording.gz            what wardwatch record wrote: do the same incidents come?
  wardwatch rehearse --budget "6 pages/h" typhoon port-flapping > budget.diff

Exit codes:
  0  every run met its expectations
  2  a scenario is not valid: every problem is on stderr as file: field: what was expected, got value
  5  an expectation was not met: each is on stdout; an incident of a recording did not come; with --mutations: less than 90 % was noticed;
     with --budget: no proposal was found that meets it`,
    )
    .action(async (scenarios: string[], options: import('./rehearse.ts').RehearseOptions) => {
      const { runRehearse } = await import('./rehearse.ts');
      await runRehearse(scenarios, options, shutdownOnSignals());
    });
}
