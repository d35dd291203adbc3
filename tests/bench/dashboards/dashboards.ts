import { createPolicyStatement } from '../../../central/store/influx/history-statements.ts';
import { historySuffix, LONGEST_FINE_MS } from '../../../contract/influx-history.ts';
import { panelsOf, type Board } from '../../../dashboards/board.ts';
import { BOARDS } from '../../../dashboards/boards/index.ts';
import { queriesOf } from '../../../dashboards/panel/panel.ts';
import { expand, ALL, type Chosen } from '../../grafana/expand.ts';
import { ask, type Answer } from '../../grafana/influx.ts';
import { runOnInflux, startInflux } from '../../support/influx.ts';
import { atMost } from '../report/bar.ts';
import type { BenchContext, Section } from '../report/section.ts';
import { usageOf } from '../process-usage.ts';
import { sleep } from '../sleep.ts';
import { cityChunks, type Chunk } from './city-rows.ts';
import { cityTag } from './city-sizes.ts';

const REPEATS = 3;
const WRITES_AT_ONCE = 2;
const BAR_MS = 1_000;
const SHOWN = 12;
const DAY_MS = 86_400_000;
/** The time that a page is asked for, and Grafana's step for it in a panel of 600 points. */
interface Asking {
  readonly spanMs: (board: Board) => number;
  readonly step?: { readonly interval: string; readonly intervalMs: number };
}

const ASKINGS: Readonly<Record<string, Asking>> = {
  'As a dashboard opens': { spanMs },
  'Over a day, the longest that samples are read for': {
    spanMs: () => LONGEST_FINE_MS,
    step: { interval: '2m', intervalMs: 120_000 },
  },
  'Over seven days': {
    spanMs: () => 7 * DAY_MS,
    step: { interval: '20m', intervalMs: 1_200_000 },
  },
};
const ESCAPE = { escapeRegex: (text: string) => text.replace(/[\\^$*+?.()|[\]{}/]/g, '\\$&') };
/** Merging files after so much was written is no part of asking. */
const SETTLED_CPU_S = 0.2;
const SETTLE_S = 2;
const SETTLE_TURNS = 45;

interface Taken {
  readonly what: string;
  readonly ms: number;
  readonly series: number;
  readonly kilobytes: number;
}

/** Every target of every dashboard as it opens, and over longer times. */
export const dashboardsSection: Section = {
  name: 'dashboards',
  about: 'every query of every dashboard on InfluxDB with seven days of a whole city',
  run: async ({ progress }) => {
    const influx = await startInflux();
    try {
      const toMs = Math.floor(Date.now() / 60_000) * 60_000;
      const filled = await fill(influx.url, toMs, progress);
      await settle(influx.pid, progress);
      const asked: (readonly [string, readonly Taken[]])[] = [];
      for (const [title, asking] of Object.entries(ASKINGS)) {
        progress(`asking: ${title}`);
        const taken: Taken[] = [];
        for (const board of BOARDS) taken.push(...(await askAll(influx.url, board, toMs, asking)));
        asked.push([title, taken]);
      }
      for (const [title, taken] of asked) progress(`${title}: no data for ${unanswered(taken).join('; ')}`);
      return {
        tables: asked.map(([title, taken]) => tableOf(title, taken)),
        figures: { ...filled, ...Object.fromEntries(asked) },
        bars: asked.map(([title, taken]) => atMost(`slowest target: ${title}`, BAR_MS, 'ms', worst(taken))),
      };
    } finally {
      await influx.stop();
    }
  },
};

async function fill(
  url: string,
  toMs: number,
  progress: BenchContext['progress'],
): Promise<{ readonly rows: number; readonly fillS: number }> {
  const beganMs = performance.now();
  for (const statement of [
    'CREATE DATABASE "wardwatch"',
    ...(['minute', 'hour'] as const).map((level) => createPolicyStatement('wardwatch', level)),
  ])
    await runOnInflux(url, statement);
  const chunks = cityChunks(toMs / 1_000);
  let rows = 0;
  let toldMillions = 0;
  const writer = async (): Promise<void> => {
    for (const chunk of chunks) {
      await post(url, chunk);
      rows += chunk.rows;
      const millions = Math.floor(rows / 1_000_000);
      if (millions > toldMillions) progress(`${millions} million rows written`);
      toldMillions = millions;
    }
  };
  await Promise.all(Array.from({ length: WRITES_AT_ONCE }, writer));
  const fillS = (performance.now() - beganMs) / 1_000;
  progress(`${rows} rows written in ${fillS.toFixed(0)} s`);
  return { rows, fillS };
}

async function post(url: string, { policy, text }: Chunk): Promise<void> {
  const into = policy === undefined ? '' : `&rp=${policy}`;
  const response = await fetch(`${url}/write?db=wardwatch&precision=s${into}`, {
    method: 'POST',
    body: text,
  });
  if (response.status !== 204) throw new Error(`InfluxDB refused a write: ${await response.text()}`);
}

async function settle(pid: number, progress: BenchContext['progress']): Promise<void> {
  for (let turn = 0; turn < SETTLE_TURNS; turn++) {
    const before = usageOf(pid).cpuS;
    await sleep(SETTLE_S);
    if (usageOf(pid).cpuS - before < SETTLED_CPU_S) return;
  }
  progress('InfluxDB still merges its files');
}

async function askAll(
  url: string,
  board: Board,
  toMs: number,
  { spanMs: spanOf, step }: Asking,
): Promise<readonly Taken[]> {
  const taken: Taken[] = [];
  const range = { fromMs: toMs - spanOf(board), toMs };
  const level = spanOf(board) > LONGEST_FINE_MS ? historySuffix('hour') : '';
  const chosen = { ...chosenOn(board), level };
  for (const panel of panelsOf(board)) {
    for (const { text, older } of queriesOf(panel)) {
      const what = `${board.uid}: ${panel.title.en}`;
      const targets: Taken[] = [];
      for (const each of [text, ...older])
        targets.push(await askOne(url, what, expand(ESCAPE, each, chosen, range, step)));
      taken.push(...targets);
    }
  }
  return taken;
}

async function askOne(url: string, what: string, query: string): Promise<Taken> {
  const answers: Answer[] = [];
  // One that misses the bar by far misses it again.
  while (answers.length < REPEATS && !((answers[0]?.tookMs ?? 0) > 2 * BAR_MS))
    answers.push(await ask(url, query));
  const times = answers.map(({ tookMs }) => tookMs).sort((a, b) => a - b);
  const [answer] = answers;
  if (answer?.error !== undefined) throw new Error(`${what}: ${answer.error}: ${query}`);
  return {
    what,
    ms: times[Math.floor(times.length / 2)] ?? NaN,
    series: answer?.series.length ?? 0,
    kilobytes: Math.round((answer?.bytes ?? 0) / 1_000),
  };
}

/** All where all can be chosen, else the first. */
function chosenOn({ variables }: Board): Chosen {
  return Object.fromEntries(
    variables.map(({ name, query, several }) => [
      name,
      several ? ALL : cityTag(/KEY = "(\w+)"/.exec(query)?.[1] ?? name, 0),
    ]),
  );
}

function spanMs({ from }: Board): number {
  const [, hours = ''] = /^now-(\d+)h$/.exec(from) ?? [];
  if (hours === '') throw new Error(`a dashboard begins ${from}, which this does not read`);
  return Number(hours) * 3_600_000;
}

/** Panels of which no target answers: the city that is written lacks what they ask for. */
function unanswered(taken: readonly Taken[]): readonly string[] {
  const answered = new Set(taken.filter(({ series }) => series > 0).map(({ what }) => what));
  return [...new Set(taken.map(({ what }) => what))].filter((what) => !answered.has(what));
}

function worst(taken: readonly Taken[]): number {
  return Math.max(...taken.map(({ ms }) => ms));
}

function tableOf(title: string, taken: readonly Taken[]) {
  const slowest = taken.toSorted((a, b) => b.ms - a.ms).slice(0, SHOWN);
  return {
    title: `${title}: the slowest of ${taken.length}`,
    head: ['target', 'ms (median of 3)', 'series', 'kB'],
    rows: slowest.map(({ what, ms, series, kilobytes }) => [
      what,
      ms.toFixed(0),
      String(series),
      String(kilobytes),
    ]),
  };
}
