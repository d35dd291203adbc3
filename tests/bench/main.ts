import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { messageOf } from '../../runtime/errors.ts';
import { DEFAULT_SECONDS, readOptions } from './options.ts';
import { alertingSection } from './alerting/alerting.ts';
import { apiSection } from './api/api.ts';
import { boardPageSection } from './boards/board-page.ts';
import { boardsSection } from './boards/boards.ts';
import { inventorySection } from './inventory/inventory.ts';
import { dashboardsSection } from './dashboards/dashboards.ts';
import { brokersSection } from './parts/brokers.ts';
import { chainsSection } from './parts/chains.ts';
import { codecSection } from './parts/codec.ts';
import { gatewaySection } from './parts/gateway.ts';
import { idleEdgeSection } from './parts/idle-edge.ts';
import { ingestSection } from './parts/ingest.ts';
import { intakeSection } from './parts/intake.ts';
import { queueSection } from './parts/queue.ts';
import { searchSection } from './parts/search.ts';
import { snmpSection } from './parts/snmp.ts';
import { statesSection } from './parts/states.ts';
import { busySection } from './pipeline/busy.ts';
import { historySection } from './history/history.ts';
import { rollUpSection } from './history/roll-up-beside-ingest.ts';
import { citySection } from './pipeline/city.ts';
import { growthSection } from './pipeline/growth.ts';
import { sustainedSection } from './pipeline/sustained.ts';
import { barsTable, type Bar } from './report/bar.ts';
import { markdownTable } from './report/markdown.ts';
import type { BenchContext, Section } from './report/section.ts';
import { within } from './sleep.ts';
import { startSection } from './start/start.ts';
import { telegrafSection } from './telegraf/telegraf.ts';
import { probeTelegraf } from './telegraf/telegraf-program.ts';

/** `npm run bench`: prints tables and writes bench-results.md and .json. Exit code 1: a section did not run. */
const SECTIONS: readonly Section[] = [
  idleEdgeSection,
  gatewaySection,
  snmpSection,
  citySection,
  alertingSection,
  startSection,
  sustainedSection,
  telegrafSection,
  growthSection,
  historySection,
  rollUpSection,
  apiSection,
  boardsSection,
  boardPageSection,
  busySection,
  queueSection,
  codecSection,
  searchSection,
  chainsSection,
  ingestSection,
  intakeSection,
  statesSection,
  brokersSection,
  inventorySection,
  dashboardsSection,
];
/** Far more than any section needs, so that a hanging bench ends. */
const SECTION_LIMIT_S = 1_800;
const SECTION_LIMIT_PER_SECOND = 24;

const dist = fileURLToPath(new URL('.', import.meta.url));
const lines: string[] = [];
const bars: Bar[] = [];
const figures: Record<string, unknown> = {};
const failures: { readonly section: string; readonly problem: string }[] = [];

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
process.exit(await main());

async function main(): Promise<number> {
  const options = await optionsOrProblem();
  if (typeof options === 'string') {
    process.stderr.write(`${options}\n`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(helpText());
    return 0;
  }
  const { seconds, only, telegraf } = options;
  const machine = {
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  };
  say(
    `Wardwatch bench: ${machine.cores} cores, ${machine.memoryGiB} GiB, Node ${machine.node}, ${seconds} s a case`,
  );
  for (const section of SECTIONS) {
    if (only === undefined || only.includes(section.name))
      await run(section, { dist, seconds, telegraf, progress: progressOf(section) });
  }
  if (bars.length > 0) say(`\n## Bars\n\n${barsTable(bars)}`);
  for (const { section, problem } of failures) say(`\nFAILED TO RUN: ${section}: ${problem}`);
  writeFileSync('bench-results.md', `${lines.join('\n')}\n`);
  writeFileSync(
    'bench-results.json',
    `${JSON.stringify({ machine, seconds, ...figures, bars, failures }, null, 2)}\n`,
  );
  return failures.length === 0 ? 0 : 1;
}

/** On the screen alone, not in the results. */
function progressOf({ name }: Section): BenchContext['progress'] {
  const beganMs = performance.now();
  return (what) => {
    process.stderr.write(`${name}, ${Math.round((performance.now() - beganMs) / 1_000)} s: ${what}\n`);
  };
}

async function run(section: Section, context: BenchContext): Promise<void> {
  try {
    const limitS = SECTION_LIMIT_S + SECTION_LIMIT_PER_SECOND * context.seconds;
    const result = await within(limitS, section.run(context));
    if ('skipped' in result) {
      say(`\n${section.name}: skipped: ${result.skipped}`);
      return;
    }
    figures[section.name] = result.figures;
    bars.push(...result.bars);
    for (const { title, head, rows } of result.tables) say(`\n## ${title}\n\n${markdownTable(head, rows)}`);
  } catch (error) {
    failures.push({ section: section.name, problem: messageOf(error) });
    process.stderr.write(`${section.name} failed to run: ${messageOf(error)}\n`);
  }
}

async function optionsOrProblem() {
  try {
    const options = readOptions(
      process.argv.slice(2),
      SECTIONS.map(({ name }) => name),
    );
    if (options.help) return options;
    const { telegraf } = options;
    return { ...options, telegraf: telegraf === undefined ? undefined : await probeTelegraf(telegraf) };
  } catch (error) {
    return messageOf(error);
  }
}

function helpText(): string {
  const sections = SECTIONS.map(({ name, about }) => `  ${name.padEnd(12)} ${about}\n`).join('');
  return `npm run bench [-- --seconds N] [-- --only NAMES] [-- --telegraf PATH]

--seconds N       how long a case is measured (default ${DEFAULT_SECONDS})
--telegraf PATH   a Telegraf for the section telegraf, which is skipped without
--only NAMES      some sections, separated by commas:
${sections}`;
}

function say(text: string): void {
  lines.push(text);
  process.stdout.write(`${text}\n`);
}
