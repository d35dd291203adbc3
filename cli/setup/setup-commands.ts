import { type Command, InvalidArgumentError, Option } from 'commander';
import { USES } from './choice.ts';
import { MAX_UNITS } from './manifest.ts';

const each = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
const units = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > MAX_UNITS)
    throw new InvalidArgumentError(`expected 1 to ${MAX_UNITS}`);
  return value;
};

export function defineSetup(setup: Command): void {
  setup
    .description(
      'make what a first city needs: a TLS authority and certificate, passwords, configuration, the first token',
    )
    .argument(
      '<directory>',
      'a new or an empty one, such as /etc/wardwatch; what is there is never overwritten',
    )
    .addOption(
      new Option(
        '--host <name>',
        'name or IP address of this machine, as agents and browsers reach it; several: once for each',
      ).argParser(each),
    )
    .addOption(
      new Option(
        '--for <use>',
        'services of this machine, or the containers of docker-compose.yml (default: systemd)',
      ).choices(USES),
    )
    .addOption(
      new Option(
        '--agent <id>',
        'a password and a folder for this agent, to be copied to its machine; several: once for each; also later',
      ).argParser(each),
    )
    .addOption(
      new Option(
        '--demo-units <n>',
        'passwords and inventory of the simulated city with so many of its 168 units',
      ).argParser(units),
    )
    .option('--renew', 'a new certificate of the servers from the same authority, for further --host as well')
    .addOption(
      new Option('--check', 'only say what is missing, has other rights, or ends soon (exit 5)').conflicts(
        'renew',
      ),
    )
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  wardwatch setup /etc/wardwatch --host wardwatch.example.vn --host 10.20.0.5
  wardwatch setup /etc/wardwatch --agent gw-26737-01            one agent more
  wardwatch setup /etc/wardwatch --check
  wardwatch setup /etc/wardwatch --renew
  wardwatch setup city --for compose --host localhost --demo-units 168

The same call again changes nothing. Guide: docs/operating.md.

Exit codes:
  0  made, or everything is there
  1  failure
  2  bad usage, or options that do not fit what was made
  4  the directory cannot be written, has other files, or was left half-made
  5  something is missing, has other rights, or ends soon; nothing was changed`,
    )
    .action(async (directory: string, options: import('./setup-options.ts').SetupOptions) => {
      const { runSetup } = await import('./run-setup.ts');
      await runSetup(directory, options);
    });
}
