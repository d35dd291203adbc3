import { Option, type Command } from 'commander';
import { count } from '../option-values.ts';
import { shutdownOnSignals } from '../program.ts';

/** `wardwatch record FILE`: what a running city measured, without its names, for `wardwatch rehearse`. */
export function defineRecord(record: Command): void {
  record
    .description('record an hour of a running city without its names, to rehearse it (docs/simulating.md)')
    .requiredOption(
      '--token-file <file>',
      'file with an API token that sees the whole city; the role viewer does',
    )
    .option('--url <url>', "address of central's API", 'http://127.0.0.1:8080')
    .option(
      '--from <time>',
      'when it begins, such as 2026-11-24T10:00:00+07:00; without it so that it ends now',
    )
    .addOption(new Option('--minutes <n>', 'how long it is').argParser(count).default(60))
    .addHelpText(
      'after',
      `
Names of sites, units, devices, agents, ports, lines, services and owners, contacts, positions, addresses, serials and all texts are
replaced or left out; numbers, flags, times and how things hang together stay. The file can be read by you alone.

Examples:
  wardwatch record storm.recording.gz --token-file token --from 2026-11-24T10:00:00+07:00
  wardwatch rehearse storm.recording.gz

Exit codes:
  0  written
  1  central refused, could not be reached, or has nothing of that time
  2  an option is not valid, or the file is there already`,
    )
    .action(async (file: string, options: import('./record.ts').RecordOptions) => {
      const { runRecord } = await import('./record.ts');
      await runRecord(file, options, shutdownOnSignals());
    });
}
