import type { Command } from 'commander';
import { EXIT } from '../../runtime/errors.ts';
import { shutdownOnSignals } from '../program.ts';
import type { DifferenceOptions, ImportOptions, InventoryOptions } from './inventory.ts';

const FILES = `
Files: YAML or JSON with any lists of an inventory file, and CSV with one list each, named by it (devices.csv). All of them together
are one change. Entries that they lack stay as they are; --prune removes those that are missing in a list they have.`;

/** `wardwatch inventory …`: what should exist, over the API of central. */
export function defineInventory(inventory: Command): void {
  inventory.description('check, compare, import and export what should exist (docs/inventory.md)');
  inventory
    .command('check <files...>')
    .description('check files as a whole inventory, without a central')
    .option('--json', 'print one JSON line: whether it is valid, number of entries, problems')
    .addHelpText(
      'after',
      `
Examples:
  wardwatch inventory check inventory.yaml
  wardwatch inventory check *.csv

Exit codes:
  0  valid
  2  not valid: every problem is on stderr, with line or position, field, value and the nearest known name`,
    )
    .action(async (files: string[], options: { json?: true }) => {
      const { runInventoryCheck } = await import('./inventory.ts');
      runInventoryCheck(files, options);
    });
  withApi(inventory.command('diff <files...>'))
    .description('show what an import of files would change')
    .option('--prune', 'as with import')
    .option('--json', 'print one JSON line, as POST /api/v1/inventory/import answers')
    .addHelpText(
      'after',
      `${FILES}

Examples:
  wardwatch inventory diff inventory.yaml --token-file token
  wardwatch inventory diff devices.csv --prune --token-file token

Exit codes:
  0  no difference
  1  refused, or central cannot be reached
  2  the files have problems: all are on stderr
  5  something differs`,
    )
    .action(async (files: string[], options: DifferenceOptions) => {
      const { runInventoryDiff } = await import('./inventory.ts');
      if (await runInventoryDiff(files, options, shutdownOnSignals())) process.exitCode = EXIT.differs;
    });
  withApi(inventory.command('import <files...>'))
    .description('add and change entries, all or none; without --yes only show what would change')
    .option('--yes', 'change it')
    .option('--prune', 'remove entries that are missing in a list of the files')
    .option('--json', 'print one JSON line, as POST /api/v1/inventory/import answers')
    .addHelpText(
      'after',
      `${FILES}

Examples:
  wardwatch inventory import inventory.yaml --token-file token          what would change
  wardwatch inventory import inventory.yaml --token-file token --yes    change it
  wardwatch inventory import sites.csv devices.csv --token-file token --yes

Exit codes:
  0  done, or shown
  1  refused (such as the inventory changed meanwhile, or it is that of a file), or central cannot be reached
  2  the files have problems: all are on stderr, nothing was changed`,
    )
    .action(async (files: string[], options: ImportOptions) => {
      const { runInventoryImport } = await import('./inventory.ts');
      await runInventoryImport(files, options, shutdownOnSignals());
    });
  withApi(inventory.command('export'))
    .description('print the whole inventory in YAML, an entry a line; an import of it changes nothing')
    .addHelpText(
      'after',
      `
Examples:
  wardwatch inventory export --token-file token > inventory.yaml

Exit codes:
  0  printed
  1  refused, or central cannot be reached`,
    )
    .action(async (options: InventoryOptions) => {
      const { runInventoryExport } = await import('./inventory.ts');
      await runInventoryExport(options, shutdownOnSignals());
    });
}

function withApi(command: Command): Command {
  return command
    .requiredOption('--token-file <file>', 'file with an API token; changes need the role engineer')
    .option('--url <url>', "address of central's API", 'http://127.0.0.1:8080');
}
