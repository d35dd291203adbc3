import type { Command } from 'commander';
import { DATA_DIR_OPTION } from '../data-dir-option.ts';
import { shutdownOnSignals } from '../program.ts';

export function defineBackup(backup: Command): void {
  backup
    .description("copy central's state and embedded store into a new directory, while central runs")
    .requiredOption(...DATA_DIR_OPTION)
    .option('--token-file <file>', 'file with an API token of role admin; needed while central runs')
    .option('--url <url>', "address of central's API", 'http://127.0.0.1:8080')
    .addHelpText(
      'after',
      `
Run it on central's machine, as central's user. central.yaml, the files it names and an InfluxDB are not in it.

Examples:
  wardwatch backup /backup/2026-11-29 --data-dir /var/lib/wardwatch --token-file /etc/wardwatch/backup-token

Exit codes:
  0  the backup is complete and on disk
  1  central refused or failed to copy its store, or cannot be reached
  2  bad usage
  4  a directory cannot be used: the data directory has no state.db, or the new one is not empty`,
    )
    .action(async (directory: string, options: import('./backup.ts').BackupOptions) => {
      const { runBackup } = await import('./backup.ts');
      await runBackup(directory, options, shutdownOnSignals());
    });
}

export function defineRestore(restore: Command): void {
  restore
    .description('check a backup and put it into a data directory; central must not run')
    .requiredOption(...DATA_DIR_OPTION)
    .option('--replace', 'move what is in the data directory aside, into replaced-<time> within it')
    .addHelpText(
      'after',
      `
Sizes, SHA-256, integrity and versions are checked before anything changes.

Examples:
  wardwatch restore /backup/2026-11-29 --data-dir /var/lib/wardwatch
  wardwatch restore /backup/2026-11-29 --data-dir /var/lib/wardwatch --replace

Exit codes:
  0  restored
  2  bad usage
  4  the backup is incomplete, damaged or of a newer version, or the data directory is in use or not empty`,
    )
    .action(async (directory: string, options: import('./restore.ts').RestoreOptions) => {
      const { runRestore } = await import('./restore.ts');
      await runRestore(directory, options, Date.now());
    });
}
