import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { bareInfluxPointsPerS } from './bare-influx.ts';
import { runPipeline, type PipelineResult } from './pipeline.ts';

/** `npm run bench [-- --seconds N]`: tables on the screen, and in bench-results.md and .json. */
const secondsAt = process.argv.indexOf('--seconds');
const seconds = secondsAt === -1 ? 30 : Number(process.argv[secondsAt + 1]);
const dist = fileURLToPath(new URL('.', import.meta.url));
const lines: string[] = [];
const results: Record<string, unknown> = {
  machine: { cores: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30) },
};

say(`Wardwatch bench: ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, ${seconds} s a case`);

say('\n## The whole pipeline at city load (published → durable → acknowledged)\n');
say(
  '| broker | store | values/s | central: % of one core | central: peak MiB | ack p50 ms | ack p99 ms | alert p99 ≤ ms |',
);
say('|---|---|---|---|---|---|---|---|');
const city: PipelineResult[] = [];
for (const [broker, store] of [
  ['embedded', 'influx'],
  ['mosquitto', 'influx'],
  ['embedded', 'duckdb'],
] as const) {
  const result = await runPipeline({ dist, broker, store, shape: 'city', seconds });
  city.push(result);
  say(
    `| ${broker} | ${store} | ${round(result.valuesPerS)} | ${percent(result.centralCpuRatio)} | ${round(result.centralPeakMiB)} | ${round(result.ackP50Ms)} | ${round(result.ackP99Ms)} | ${result.alertP99Ms === undefined ? 'no transition' : result.alertP99Ms} |`,
  );
}
results['city'] = city;

say('\n## Most it sustains, beside the ceiling\n');
const ceiling = await bareInfluxPointsPerS(seconds);
const flood = await runPipeline({ dist, broker: 'embedded', store: 'influx', shape: 'flood', seconds });
say('| what | values/s | ratio |');
say('|---|---|---|');
say(`| bare line protocol, one process, the same InfluxDB | ${round(ceiling.valuesPerS)} | 1 |`);
say(
  `| whole pipeline, embedded broker | ${round(flood.valuesPerS)} | ${(flood.valuesPerS / ceiling.valuesPerS).toFixed(2)} |`,
);
results['ceiling'] = ceiling;
results['flood'] = flood;

writeFileSync('bench-results.md', `${lines.join('\n')}\n`);
writeFileSync('bench-results.json', `${JSON.stringify(results, null, 2)}\n`);
process.exit(0);

function say(line: string): void {
  lines.push(line);
  process.stdout.write(`${line}\n`);
}

function round(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(1);
}

function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(1)} %`;
}
