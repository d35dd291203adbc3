import type { Command } from 'commander';

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
}
