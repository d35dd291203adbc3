import { Option, type Command } from 'commander';
import { count, duration, port } from './option-values.ts';
import { shutdownOnSignals } from './program.ts';
import { PRINT_FORMATS } from './sample-print.ts';

/** `wardwatch edge profile …`: what the snmp collector reads of which device. */
export function defineProfile(profile: Command): void {
  profile.description('device profiles of the snmp collector (docs/device-profiles.md)');
  profile
    .command('check <paths...>')
    .description('check device profiles, files or directories, together with the shipped ones')
    .addHelpText(
      'after',
      `
Examples:
  wardwatch edge profile check acme.yaml
  wardwatch edge profile check /etc/wardwatch/profiles

Exit codes:
  0  valid
  2  not valid: every problem of every file is on stderr as file: setting: what was expected, got value`,
    )
    .action(async (paths: string[]) => {
      const { runProfileCheck } = await import('./profile-check.ts');
      runProfileCheck(paths);
    });
  profile
    .command('try <address>')
    .description('read one device, say which profile fits and what an agent would send; sends reads only')
    .option('--profile <files...>', 'profiles to try beside the shipped ones, instead of profilesDirectory')
    .option(
      '--config <file>',
      'edge.yaml with the SNMP credentials and profilesDirectory (default: edge.yaml here, then /etc/wardwatch/edge.yaml)',
    )
    .option('--credentials <file>', 'SNMP credentials by name, instead of those of edge.yaml')
    .addOption(new Option('--port <port>', 'SNMP port of the device').argParser(port).default(161))
    .addOption(
      new Option('--timeout <time>', 'how long to wait for an answer')
        .argParser(duration)
        .default(3_000, '3s'),
    )
    .addOption(new Option('--print <format>', 'how to print').choices([...PRINT_FORMATS]).default('table'))
    .addHelpText(
      'after',
      `
Examples:
  wardwatch edge profile try 10.26.7.9 --config edge.yaml --profile acme.yaml

Exit codes:
  0  read
  1  no answer, or some of it could not be read
  2  the profiles or the credentials have problems`,
    )
    .action(async (address: string, options: import('./profile-try.ts').ProfileTryCommand) => {
      const { runProfileTry } = await import('./profile-try.ts');
      await runProfileTry(address, options, shutdownOnSignals());
    });
  profile
    .command('record <address>')
    .description(
      'record one device for a bug report or a test, without what tells whose it is; sends reads only',
    )
    .option('--out <file>', 'the recording (.snmprec, as snmpsim reads it)', 'device.snmprec')
    .option('--force', 'replace the file')
    .option(
      '--config <file>',
      'edge.yaml with the SNMP credentials (default: edge.yaml here, then /etc/wardwatch/edge.yaml)',
    )
    .option('--credentials <file>', 'SNMP credentials by name, instead of those of edge.yaml')
    .addOption(new Option('--port <port>', 'SNMP port of the device').argParser(port).default(161))
    .addOption(
      new Option('--timeout <time>', 'how long to wait for an answer')
        .argParser(duration)
        .default(3_000, '3s'),
    )
    .addOption(
      new Option('--for <time>', 'how long the recording may take')
        .argParser(duration)
        .default(600_000, '10m'),
    )
    .addOption(new Option('--rate <n>', 'maximum packets per second').argParser(count).default(20))
    .addHelpText(
      'after',
      `
Examples:
  wardwatch edge profile record 10.26.7.9 --config edge.yaml --out acme.snmprec

Names, addresses, serial numbers, positions and secrets are replaced, the same by the same. Read the file before you give it away.

Exit codes:
  0  the whole device
  1  no answer, or a part of it: the file has what came
  2  the file exists, or the credentials have problems`,
    )
    .action(async (address: string, options: import('./profile-record.ts').ProfileRecordCommand) => {
      const { runProfileRecord } = await import('./profile-record.ts');
      await runProfileRecord(address, options, shutdownOnSignals());
    });
}
