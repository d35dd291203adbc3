import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { brokersSection } from './brokers-section.ts';
import { citySection } from './city-section.ts';
import { codecSection } from './codec-section.ts';
import { idleAgentSection } from './idle-agent-section.ts';
import { ingestSection } from './ingest-section.ts';
import { queueSection } from './queue-section.ts';
import type { Bar, Section } from './section.ts';
import { sustainedSection } from './sustained-section.ts';

const SECTIONS: readonly Section[] = [
  citySection,
  sustainedSection,
  brokersSection,
  queueSection,
  codecSection,
  ingestSection,
  idleAgentSection,
];

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '20' },
    only: { type: 'string' },
    help: { type: 'boolean' },
  },
});
const sections = SECTIONS.filter(({ name }) => options.only === undefined || name === options.only);
const seconds = Number(options.seconds);
if (options.help === true || sections.length === 0 || !(seconds > 0)) {
  process.stdout.write(
    `npm run bench [-- --seconds N] [--only NAME]\nsections: ${SECTIONS.map(({ name }) => name).join(', ')}\n`,
  );
  process.exit(options.help === true ? 0 : 2);
}

const lines: string[] = [];
const machine = { cores: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30), node: process.version };
const results: Record<string, unknown> = { machine, seconds };
const bars: Bar[] = [];
say(
  `# Wardwatch bench\n\n${machine.cores} cores, ${machine.memoryGiB} GiB, Node ${machine.node}, ${seconds} s a case`,
);
for (const section of sections) {
  const {
    head,
    rows,
    bars: more = [],
    raw,
  } = await section.run({
    dist: fileURLToPath(new URL('.', import.meta.url)),
    seconds,
  });
  results[section.name] = raw;
  bars.push(...more);
  say(`\n## ${section.title}\n`);
  table(head, rows);
}
if (bars.length > 0) {
  results['bars'] = bars;
  say('\n## Bars\n');
  table(
    ['what', 'bar', 'measured', ''],
    bars.map(({ name, bar, measured, met }) => [name, bar, measured, met ? 'met' : 'MISSED']),
  );
}
writeFileSync('bench-results.md', `${lines.join('\n')}\n`);
writeFileSync('bench-results.json', `${JSON.stringify(results, null, 2)}\n`);
process.exit(0);

function table(head: readonly string[], rows: readonly (readonly string[])[]): void {
  for (const cells of [head, head.map(() => '---'), ...rows]) say(`| ${cells.join(' | ')} |`);
}

function say(line: string): void {
  lines.push(line);
  process.stdout.write(`${line}\n`);
}
