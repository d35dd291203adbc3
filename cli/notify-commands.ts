import type { Command } from 'commander';
import { shutdownOnSignals } from './program.ts';

export function defineNotify(notify: Command): void {
  notify.description('notifications: try a channel, who is on call, check files of channels and routes');
  notify
    .command('test <channel>')
    .description(
      'let the running central send a test message to a channel, and print what the receiver answered',
    )
    .requiredOption('--token-file <file>', 'file with an API token with the role operator')
    .option('--url <url>', "address of central's API", 'http://127.0.0.1:8080')
    .addHelpText(
      'after',
      `
Examples:
  wardwatch notify test noc-telegram --token-file /etc/wardwatch/operator-token

Exit codes:
  0  delivered
  1  not delivered, or central cannot be reached or refused it
  2  bad usage`,
    )
    .action(async (channel: string, options: { url: string; tokenFile: string }) => {
      const { runNotifyTest } = await import('./notify-test.ts');
      await runNotifyTest(channel, options, shutdownOnSignals());
    });
  notify
    .command('on-call')
    .description('who is on call by the calendars of routes.yaml, until when, and when nobody is')
    .option('--at <time>', 'another time than now, such as 2026-12-24T18:00:00+07:00 or yesterdayT22:00')
    .requiredOption('--token-file <file>', 'file with an API token')
    .option('--url <url>', "address of central's API", 'http://127.0.0.1:8080')
    .addHelpText(
      'after',
      `
Examples:
  wardwatch notify on-call --token-file /etc/wardwatch/viewer-token
  wardwatch notify on-call --at 2026-12-24T18:00:00+07:00 --token-file /etc/wardwatch/viewer-token

Exit codes:
  0  printed
  1  central cannot be reached or refused it
  2  bad usage`,
    )
    .action(async (options: { url: string; tokenFile: string; at?: string }) => {
      const { runNotifyOnCall } = await import('./notify-on-call.ts');
      await runNotifyOnCall(options, shutdownOnSignals());
    });
  notify
    .command('check <files...>')
    .description('check files of channels and routes.yaml with the secrets that they name; sends nothing')
    .option(
      '--config <file>',
      'central.yaml: also check which programs its section notify allows, and warn of what routes name and its inventoryFile does not have',
    )
    .addHelpText(
      'after',
      `
wardwatch central --check does this for all files, and checks the rules that routes name.

Examples:
  wardwatch notify check /etc/wardwatch/notify/*.yaml --config /etc/wardwatch/central.yaml

Exit codes:
  0  all are valid
  2  every problem of every file is on stderr`,
    )
    .action(async (files: string[], options: { config?: string }) => {
      const { runNotifyCheck } = await import('./notify-check.ts');
      runNotifyCheck(files, options, process.env);
    });
}
