import { atMost } from '../report/bar.ts';
import { percent, quantity, times } from '../report/markdown.ts';
import type { BenchContext, Section, Table } from '../report/section.ts';
import { fill, rollUpAll, START_MS, type FillSize } from './fill.ts';
import { openDuckDb, openInflux, type LevelBytes, type StoreUnderTest } from './stores.ts';
import { yearOf, type LevelRate } from './year.ts';

const INTERVAL_MS = 10_000;
/** What an hour keeps of a value does not depend on how often it was measured, as long as its least, greatest and mean value differ. */
const SPARSE_INTERVAL_MS = 1_200_000;
const DENSE_EVERY_NTH_AGENT = 50;
/** Hours are few rows: with fewer agents it would be the store's blocks that are measured. */
const SPARSE_EVERY_NTH_AGENT = 10;
const WHOLE_MINUTES = 6;
const LONGEST_MS = 30 * 60_000;

/** Simulated time for each second of `--seconds`; InfluxDB takes half of what DuckDB takes. */
const STORES = [
  { name: 'duckdb', open: openDuckDb, minutes: 12, sparseMinutes: 288 },
  { name: 'influx', open: openInflux, minutes: 6, sparseMinutes: 72 },
] as const;

interface Case {
  readonly name: string;
  readonly size: FillSize;
  readonly simulatedS: number;
  readonly values: number;
  /** CPU of rolling up, of the simulated time. */
  readonly cpuRatio: number;
  readonly bytes: LevelBytes;
}

export const historySection: Section = {
  name: 'history',
  about:
    'accelerated fill: what a year of samples, minutes and hours takes on disk, and the CPU of rolling up',
  run: async ({ seconds, progress }) => {
    const wholeSize = { everyNthAgent: 1, minutes: WHOLE_MINUTES, intervalMs: INTERVAL_MS };
    const whole = await runCase(openDuckDb, 'duckdb', wholeSize, progress);
    const cases = [whole];
    const tables: Table[] = [];
    for (const { name, open, minutes, sparseMinutes } of STORES) {
      const denseSize = {
        everyNthAgent: DENSE_EVERY_NTH_AGENT,
        minutes: wholeHours(minutes * seconds),
        intervalMs: INTERVAL_MS,
      };
      const dense = await runCase(open, name, denseSize, progress);
      const sparseSize = {
        everyNthAgent: SPARSE_EVERY_NTH_AGENT,
        minutes: wholeHours(sparseMinutes * seconds),
        intervalMs: SPARSE_INTERVAL_MS,
      };
      const sparse = await runCase(open, name, sparseSize, progress);
      cases.push(dense, sparse);
      tables.push(yearTable(name, dense, sparse, whole));
    }
    return {
      tables: [casesTable(cases), ...tables],
      figures: cases,
      bars: [atMost('rolling up the whole city on DuckDB', 3, '% of one core', whole.cpuRatio * 100)],
    };
  },
};

function wholeHours(minutes: number): number {
  return 60 * Math.max(1, Math.round(minutes / 60));
}

function nameOf(store: string, { everyNthAgent, minutes, intervalMs }: FillSize): string {
  const agents = everyNthAgent === 1 ? 'all agents' : `1 of ${everyNthAgent} agents`;
  const time = minutes < 60 ? `${minutes} min` : `${minutes / 60} h`;
  return `${store}, ${agents}, ${time}, every ${intervalMs / 1_000} s`;
}

async function runCase(
  open: (signal: AbortSignal) => Promise<StoreUnderTest>,
  store: string,
  size: FillSize,
  progress: BenchContext['progress'],
): Promise<Case> {
  const name = nameOf(store, size);
  progress(name);
  const signal = AbortSignal.timeout(LONGEST_MS);
  const under = await open(signal);
  try {
    const { values, endMs } = await fill(under.store, size, progress, signal);
    const before = under.cpuS();
    await rollUpAll(under.store, endMs, progress, signal);
    const cpuS = under.cpuS() - before;
    const bytes = await under.measure(endMs, signal);
    const simulatedS = (endMs - START_MS) / 1_000;
    return { name, size, simulatedS, values, cpuRatio: cpuS / simulatedS, bytes };
  } finally {
    await under.close();
  }
}

function casesTable(cases: readonly Case[]): Table {
  return {
    title: 'History: rolling up, and what each level takes',
    head: [
      'store, city, time',
      'million values',
      'rolling up: % of one core',
      'MB raw',
      'MB minutes',
      'MB hours',
    ],
    rows: cases.map(({ name, values, cpuRatio, bytes }) => [
      name,
      quantity(values / 1e6),
      percent(cpuRatio),
      quantity(bytes.raw / 1e6),
      quantity(bytes.minute / 1e6),
      quantity(bytes.hour / 1e6),
    ]),
  };
}

/** Values that one round of its agents has. */
function valuesARound({ values, simulatedS, size }: Case): number {
  return (values * size.intervalMs) / (simulatedS * 1_000);
}

function yearTable(store: string, dense: Case, sparse: Case, whole: Case): Table {
  const scaleOf = (part: Case): number => valuesARound(whole) / valuesARound(part);
  const perDay = (bytes: number, part: Case): number => (bytes / part.simulatedS) * 86_400 * scaleOf(part);
  const valuesADay = (valuesARound(whole) * 86_400_000) / INTERVAL_MS;
  const rates: LevelRate[] = [
    { name: 'raw', keptDays: 7, bytesADay: perDay(dense.bytes.raw, dense) },
    { name: 'minute', keptDays: 90, bytesADay: perDay(dense.bytes.minute, dense) },
    { name: 'hour', keptDays: 1_095, bytesADay: perDay(sparse.bytes.hour, sparse) },
  ];
  const bucketsADay = { raw: valuesADay, minute: valuesADay / 6, hour: valuesADay / 360 };
  return {
    title: `History: the whole city after a year on ${store}, ${times(scaleOf(dense))} times what was filled, of hours ${times(scaleOf(sparse))} times`,
    head: ['level', 'bytes a value and bucket', 'GB a day', 'kept', 'GB after a year'],
    rows: [
      ...rates.map((rate) => [
        rate.name,
        quantity(rate.bytesADay / bucketsADay[rate.name]),
        quantity(rate.bytesADay / 1e9),
        `${rate.keptDays} d`,
        quantity(yearOf([rate]) / 1e9),
      ]),
      ['all', '', '', '', quantity(yearOf(rates) / 1e9)],
    ],
  };
}
