import { parseArgs } from 'node:util';
import { messageOf } from '../runtime/errors.ts';
import { rehearseDay } from './day.ts';
import type { BarLine } from './score/bars.ts';
import { isCut } from './score/messages.ts';
import { rehearseStorm } from './storm.ts';
import { writeCard } from './write-card.ts';

/** `npm run rehearse`: a day of the simulated city through the real parts, beside its bars. Exit code 1: a bar is not met, or nothing came that could be judged. */
const HELP = `npm run rehearse [-- --seed N] [-- --units N] [-- --hours N] [-- --from HH] [-- --storm]
npm run rehearse -- --all [--seeds N] [scenario…]

--seed N    of the city and its faults (default 7)
--units N   1 to 168 units with five sites each; 168 is the whole city (default 16)
--hours N   1 to 168 hours of virtual time (default 24)
--from HH   the hour of 24 November 2026 at which it begins, in Ho Chi Minh City (default 0)
--storm     in place of the day: the lines to all hubs but one are cut within seconds
--all       in place of the day: the shipped scenarios, and rehearsal/score-card.json anew, unless something in it has
            fallen; or only those that are named, compared with it
--seeds N   so many cities of each scenario (default 3)
`;
/** 24 November 2026, a Tuesday, 00:00 in Ho Chi Minh City. */
const DAY_FROM_MS = Date.UTC(2026, 10, 23, 17);
const HOUR_MS = 3_600_000;
const UNITS_PER_HUB = 8;

process.exit(await main(process.argv.slice(2)));

async function main(args: readonly string[]): Promise<number> {
  const options = optionsOrProblem(args);
  if (typeof options === 'string') {
    process.stderr.write(`${options}\n`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (options.all) {
    const written = await writeCard(options.scenarios, options.seeds, (line) =>
      process.stderr.write(`${line}\n`),
    );
    for (const each of written.otherwise) process.stdout.write(`changed: ${each}\n`);
    for (const each of written.fallen) process.stdout.write(`fallen: ${each}\n`);
    process.stdout.write(
      written.isWritten ? 'the score card is written\n' : 'the score card stays as it was\n',
    );
    return written.fallen.length > 0 ? 1 : 0;
  }
  const { seed, units, hours, from, storm } = options;
  const fromMs = DAY_FROM_MS + from * HOUR_MS;
  const startMs = performance.now();
  const lines = storm
    ? await rehearseStorm({ seed, unitCount: units, fromMs, hubs: Math.ceil(units / UNITS_PER_HUB) - 1 })
    : await day({ seed, unitCount: units, fromMs, hours });
  const tookS = Math.round((performance.now() - startMs) / 1_000);
  const { user, system } = process.cpuUsage();
  const cpuS = Math.round((user + system) / 1_000_000);
  process.stdout.write(`${table(lines)}\n${units} units, seed ${seed}: took ${tookS} s, ${cpuS} s of CPU\n`);
  const isMissed = lines.some(({ isMet }) => isMet === false);
  // A run in which nothing came that could be judged shows nothing.
  return isMissed || !lines.some(({ isMet }) => isMet === true) ? 1 : 0;
}

async function day(plan: Parameters<typeof rehearseDay>[0]): Promise<readonly BarLine[]> {
  const { lines, score, faults, recorded, coverage } = await rehearseDay(plan, (hour) =>
    process.stderr.write(`${hour} of ${plan.hours} h\n`),
  );
  for (const { kind, roots, fromMs } of score.missed)
    process.stdout.write(`missed: ${kind} ${[...roots].join()} from ${timeText(fromMs)}\n`);
  for (const { incident, named, causes } of score.roots.filter(({ isExact }) => !isExact))
    process.stdout.write(
      `wrong root: ${incident.rule} named ${named.join()}, caused by ${causes.map(({ kind, roots }) => `${kind} ${[...roots].join()}`).join('; ')}\n`,
    );
  for (const { trouble, begins } of score.messagesPer)
    if (isCut(trouble) && begins > 1)
      process.stdout.write(
        `several messages: ${begins} of ${trouble.kind} ${[...trouble.roots].join()} from ${timeText(trouble.fromMs)}\n`,
      );
  for (const { rule, severity, entity, startedAtMs } of score.falseAlerts)
    process.stdout.write(
      `false: ${rule} ${severity} ${JSON.stringify(entity)} from ${timeText(startedAtMs)}\n`,
    );
  for (const { rule, entity, phase, resolvedAtMs = 0 } of score.falseResolves)
    process.stdout.write(
      `false resolve: ${rule} ${JSON.stringify(entity)} ${phase} at ${timeText(resolvedAtMs)}\n`,
    );
  process.stdout.write(`${faults} faults, ${recorded.batches} batches\n`);
  process.stdout.write(`fired: ${coverage.fired.join(', ')}\n`);
  process.stdout.write(`quiet, though there was something to judge: ${coverage.quiet.join(', ')}\n`);
  process.stdout.write(`nothing to judge: ${coverage.untried.join(', ')}\n`);
  return lines;
}

function timeText(timeMs: number): string {
  return new Date(timeMs + 7 * HOUR_MS).toISOString().slice(0, 19).replace('T', ' ');
}

function table(lines: readonly BarLine[]): string {
  const rows = lines.map(({ figure, value, bar, isMet }) => {
    const verdict = isMet === undefined ? '' : isMet ? 'met' : 'NOT MET';
    return `| ${figure} | ${value} | ${bar} | ${verdict} |`;
  });
  return ['| figure | value | bar | |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function optionsOrProblem(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        all: { type: 'boolean', default: false },
        seeds: { type: 'string', default: '3' },
        help: { type: 'boolean', short: 'h', default: false },
        storm: { type: 'boolean', default: false },
        seed: { type: 'string', default: '7' },
        units: { type: 'string', default: '16' },
        hours: { type: 'string', default: '24' },
        from: { type: 'string', default: '0' },
      },
    });
    if (positionals.length > 0 && !values.all)
      throw new Error(`expected --all before names of scenarios, got ${JSON.stringify(positionals[0])}`);
    return {
      ...{ help: values.help, storm: values.storm, all: values.all, scenarios: positionals },
      seeds: wholeNumber('--seeds', values.seeds, 1, 100),
      seed: wholeNumber('--seed', values.seed, 0, 2 ** 31),
      units: wholeNumber('--units', values.units, 1, 168),
      hours: wholeNumber('--hours', values.hours, 1, 168),
      from: wholeNumber('--from', values.from, 0, 23),
    };
  } catch (error) {
    return messageOf(error);
  }
}

function wholeNumber(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max || text.trim() === '')
    throw new Error(`${name}: expected a whole number from ${min} to ${max}, got ${JSON.stringify(text)}`);
  return value;
}
