import { defineAgents } from './agents-commands.ts';
import { defineBackup, defineRestore } from './backup/backup-commands.ts';
import { defineDashboards } from './dashboards/dashboards-commands.ts';
import { defineDoctor, defineEdge } from './edge-commands.ts';
import { defineDecode, defineFormerUnits, defineSchema, defineTopology } from './file-commands.ts';
import { defineInventory } from './inventory/inventory-commands.ts';
import { defineNotify } from './notify-commands.ts';
import { createProgram, runProgram, shutdownOnSignals } from './program.ts';
import { defineRecord } from './record/record-commands.ts';
import { defineRehearse } from './rehearse/rehearse-commands.ts';
import { defineReplay } from './replay/replay-commands.ts';
import { defineRules } from './rules/rules-commands.ts';
import { defineCentral, defineNdt7, defineSimulate, defineStart } from './server-commands.ts';
import { defineSetup } from './setup/setup-commands.ts';
import { defineTokens } from './tokens-commands.ts';

const EXAMPLES = `  wardwatch start                                   the whole city on this machine, for a first look
  wardwatch setup /etc/wardwatch --host NAME        certificates, passwords and configuration of a first city
  wardwatch central --config central.yaml --check   check central's configuration, start nothing
  wardwatch central --config central.yaml           run central
  wardwatch edge --config edge.yaml                 run an edge agent
  wardwatch doctor --config edge.yaml               why an edge agent does not work
  wardwatch help central                            options and examples of one command`;

/** The whole program. Each subcommand loads only what it needs, so that an edge agent does not load central's libraries. */
const program = createProgram('wardwatch', EXAMPLES).description(
  "Monitoring service for a city's digital infrastructure",
);

defineStart(program.command('start'));
defineSetup(program.command('setup'));
defineCentral(program.command('central'));
defineEdge(program.command('edge'), new URL('./yaml-worker.js', import.meta.url));
defineDoctor(program.command('doctor'));
defineDecode(program.command('decode <file>'));
defineSchema(program.command('schema'));
defineTopology(program.command('topology <file>'));
defineFormerUnits(program.command('former-units'));
defineSimulate(program.command('simulate'));
defineNdt7(program.command('ndt7'));
defineInventory(program.command('inventory'));
defineAgents(program.command('agents'));
defineRules(program.command('rules'));
defineRehearse(program.command('rehearse'));
defineRecord(program.command('record <file>'));
defineReplay(program.command('replay'));
defineNotify(program.command('notify'));
defineDashboards(program.command('dashboards'));

program
  .command('page-link')
  .description('print a link that opens the board in a browser, once and within ten minutes')
  .requiredOption('--token-file <file>', 'file with an API token')
  .option('--url <url>', "address of central's API, as the browser reaches it", 'http://127.0.0.1:8080')
  .action(async (options: { url: string; tokenFile: string }) => {
    const { runPageLink } = await import('./page-link.ts');
    await runPageLink(options, shutdownOnSignals());
  });

defineBackup(program.command('backup <directory>'));
defineRestore(program.command('restore <directory>'));
defineTokens(program.command('tokens'));

await runProgram(program);
