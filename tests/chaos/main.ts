import { fileURLToPath } from 'node:url';
import { messageOf } from '../../runtime/errors.ts';
import { COMBINATIONS, FULL_PACE, QUICK_COMBINATIONS, QUICK_PACE } from './combination.ts';
import { runChaos, type ChaosResult } from './run.ts';
import { seededRandom } from '../support/seeded-random.ts';

/** `npm run test:chaos [-- --quick] [--seed N] [--only NAME]`: prints a table, exits 1 when a sample was lost or stored twice. */
const quick = process.argv.includes('--quick');
const seedAt = process.argv.indexOf('--seed');
const seed = seedAt === -1 ? Math.floor(Date.now() / 1_000) : Number(process.argv[seedAt + 1]);
const onlyAt = process.argv.indexOf('--only');
const only = onlyAt === -1 ? '' : (process.argv[onlyAt + 1] ?? '').toLowerCase();
const combinations = (quick && only === '' ? QUICK_COMBINATIONS : COMBINATIONS).filter(({ name }) =>
  name.toLowerCase().includes(only),
);

print(`chaos run, seed ${seed} (repeat with --seed ${seed})`);
let failed = false;
const rows = [
  '| combination | kill -9 | stops and clock steps | disk full | produced | declared lost | stored | alerts fired | problems |',
  '|---|---|---|---|---|---|---|---|---|',
];
for (const combination of combinations) {
  print(`\n${combination.name}`);
  try {
    const result = await runChaos({
      combination,
      pace: quick ? QUICK_PACE : FULL_PACE,
      random: seededRandom(seed),
      print: (text) => print(`  ${text}`),
      dist: fileURLToPath(new URL('.', import.meta.url)),
    });
    for (const problem of result.problems.slice(0, 20)) print(`  PROBLEM ${problem}`);
    failed ||= result.problems.length > 0;
    rows.push(rowOf(result));
  } catch (error) {
    failed = true;
    print(`  PROBLEM ${messageOf(error)}`);
    rows.push(`| ${combination.name} | ended early: ${messageOf(error)} |`);
  }
}
print(`\n${rows.join('\n')}`);
process.exit(failed ? 1 : 0);

function rowOf(result: ChaosResult): string {
  const cells = [
    result.combination,
    result.kills,
    result.otherFaults,
    result.diskWasFull ? 'yes' : 'no (needs root)',
    result.producedPoints,
    result.declaredLostPoints,
    result.storedPoints,
    result.alertsFired,
    result.problems.length,
  ];
  return `| ${cells.join(' | ')} |`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
