import { InvalidArgumentError, Option, type Command } from 'commander';
import { shutdownOnSignals } from '../program.ts';

const MAX_SPEED = 1_000;

/** `wardwatch replay`: CSV files as measurements. */
export function defineReplay(replay: Command): void {
  replay
    .description('send the rows of CSV files to central as an agent would (docs/simulating.md)')
    .argument('<file...>', 'CSV files with the same columns, in the order in which they are sent')
    .requiredOption('--mapping <file>', 'which column is what: YAML, as `wardwatch schema replay` has it')
    .option('--check', 'read all rows and say what is wrong with them; send nothing')
    .option('--broker <url>', 'mqtt:// or mqtts:// address of the broker')
    .option('--ca <file>', "PEM of the authority that the broker's certificate is checked with")
    .option('--data-dir <directory>', 'where the queue is kept until central has it')
    .option('--password-file <file>', "password of the mapping's agent, as `wardwatch agents add` prints it")
    .addOption(
      new Option('--times <which>', 'original: as in the file; now: the first row is of now')
        .choices(['original', 'now'])
        .default('original'),
    )
    .addOption(
      new Option(
        '--speed <n>',
        'at so many times the pace of the rows (with --times now: 1; else as fast as central takes them)',
      ).argParser(speed),
    )
    .option('--json', 'print progress and the result as JSON, one object per line')
    .addHelpText(
      'after',
      `
Examples:
  wardwatch replay servers.csv --mapping servers.yaml --check
  wardwatch agents add replay-servers --data-dir wardwatch-data/central > replay-password
  wardwatch replay servers.csv --mapping servers.yaml --broker mqtt://127.0.0.1:1883 \\
    --data-dir replay-data --password-file replay-password --times now --speed 60

Exit codes:
  0  central has all rows (with --check: all rows are right)
  1  the broker refuses the login
  2  the mapping does not fit the catalogue or the file: every problem is on stderr
  5  some rows were not sent: bad cells, or a second row of a series and time; each is named`,
    )
    .action(async (files: string[], options: import('./replay.ts').ReplayCommand) => {
      const { runReplayCommand } = await import('./replay.ts');
      await runReplayCommand(files, options, shutdownOnSignals());
    });
}

function speed(text: string): number {
  const value = Number(text);
  if (!(value > 0) || value > MAX_SPEED)
    throw new InvalidArgumentError(`expected a number above 0, at most ${MAX_SPEED}`);
  return value;
}
