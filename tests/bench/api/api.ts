import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPage } from '../../support/cookbook-page.ts';
import { CityBatches } from '../history/city-batches.ts';
import { WARM_UP_S } from '../pipeline/city-case.ts';
import { measure, processTable, type Measurement } from '../pipeline/measure.ts';
import type { FillPast } from '../pipeline/central-process.ts';
import { Rig } from '../pipeline/rig.ts';
import { atLeast, atMost, type Bar } from '../report/bar.ts';
import { percent, quantity } from '../report/markdown.ts';
import type { BenchContext, Section, Table } from '../report/section.ts';
import { sleep } from '../sleep.ts';
import { askAtOnce, type Asked } from './clients.ts';
import { fillStore, type FilledStore } from './fill-store.ts';
import { LONGEST_REST_S, secondsUntilAtRest } from './at-rest.ts';
import { fillPastWeek, type PastWeek } from './past-week.ts';
import { weekRounds, WHOLE_MINUTES, type PastThinning } from './week-rounds.ts';

const CLIENTS = 20;
const LIMIT_MS = 300;
const LONGEST_FILL_MS = 30 * 60_000;
const TIME_ZONE = 'Asia/Ho_Chi_Minh';
/** Central leaves the newest minutes as they are. */
const CLOSED_AFTER_MS = 120_000;
/**
 * A round of the city each so many hours of the week. InfluxDB opens each field of each series by itself to roll it up, four times a level,
 * however few samples it has: of the past it gets one agent in sixteen each second day, and the last minutes whole.
 */
const STORES = [
  { store: 'duckdb', everyHours: 12, everyNthAgent: 1, coverageEveryHours: 4 },
  { store: 'influx', everyHours: 48, everyNthAgent: 16, coverageEveryHours: 24 },
] as const;

/** As the people of a control room ask: bound to the limit of one address, 1,200 requests a minute. The promise is for this. */
const OWN_TIME = { name: 'each a question a second, at its own time', everyMs: 1_000, spread: 1 } as const;
/** Harsher than people are: the same questions at once, and the most that 20 can ask. */
const PACES = [
  OWN_TIME,
  { name: 'all at the same instant, each second', everyMs: 1_000, spread: 0 },
  { name: 'each as soon as it is answered', everyMs: 0, spread: 0 },
] as const;

interface PacedCase {
  readonly pace: (typeof PACES)[number]['name'];
  readonly ingest: Measurement;
  readonly questions: readonly Asked[];
}

interface ApiCase {
  readonly store: (typeof STORES)[number]['store'];
  readonly past: PastThinning;
  /** `restS`: how long the store went on working after it was filled. */
  readonly filled: FilledStore & PastWeek & { readonly restS: number };
  readonly alone: Measurement;
  readonly paced: readonly PacedCase[];
}

export const apiSection: Section = {
  name: 'api',
  about: `the questions of the cookbook asked by ${CLIENTS} clients at once, at city load and with seven days stored`,
  run: async (context) => {
    const cases: ApiCase[] = [];
    for (const each of STORES) cases.push(await runCase(context, each));
    return {
      tables: [
        filledTable(cases),
        ...cases.map(questionsTable),
        ingestTable(cases),
        processTable(
          'What it costs: each process while the city sends, and while clients ask as well',
          ingestCases(cases).map(([name, { processes }]) => ({ name, processes })),
        ),
      ],
      figures: cases,
      bars: cases.flatMap(barsOf),
    };
  },
};

async function runCase(
  { dist, seconds, progress }: BenchContext,
  { store, ...past }: (typeof STORES)[number],
): Promise<ApiCase> {
  const questions = readPage(readFileSync(join(dist, '..', 'docs', 'api-cookbook.md'), 'utf8'));
  const city = new CityBatches(1);
  const { inventory } = city;
  let filled: ApiCase['filled'] | undefined;
  const fillPast: FillPast = async (place) => {
    const nowMs = Date.now();
    const rounds = weekRounds(nowMs, past);
    const rolledToMs = nowMs - CLOSED_AFTER_MS;
    const signal = AbortSignal.timeout(LONGEST_FILL_MS);
    const inStore = await fillStore(place, { city, rounds, rolledToMs, progress }, signal);
    const week = { fromMs: rounds[0]?.timeMs ?? 0, toMs: Date.now() };
    const restS = place.storePid === undefined ? 0 : await secondsUntilAtRest(place.storePid);
    filled = { ...inStore, restS, ...fillPastWeek(place.database, inventory, week) };
  };
  const settings = { timeZone: TIME_ZONE };
  const options = { broker: 'embedded', store, shape: 'city', inventory, fillPast, settings } as const;
  progress(`${store}: filling`);
  const rig = await Rig.start({ dist, ...options });
  try {
    await sleep(WARM_UP_S);
    const alone = await measure(rig, seconds);
    const paced: PacedCase[] = [];
    for (const { name, everyMs, spread } of PACES) {
      progress(`${store}: clients ask, ${name}`);
      const pace = { clients: CLIENTS, seconds, everyMs, spread };
      const [ingest, answered] = await Promise.all([
        measure(rig, seconds),
        askAtOnce((path) => rig.get(`/api/v1${path}`), questions, pace),
      ]);
      paced.push({ pace: name, ingest, questions: answered });
    }
    if (filled === undefined) throw new Error('nothing was filled');
    return { store, past, filled, alone, paced };
  } finally {
    await rig.stop();
  }
}

function filledTable(cases: readonly ApiCase[]): Table {
  return {
    title: `What is stored: of seven days a round of the agents each so many hours, of the last ${WHOLE_MINUTES} minutes all`,
    head: [
      'store',
      'a round each h',
      'of one agent in',
      'coverage each h',
      'million values',
      'filled in s',
      'rolled up in s',
      'at rest after s',
      'outages',
      'changes of state',
    ],
    rows: cases.map(({ store, past, filled }) => [
      store,
      quantity(past.everyHours),
      quantity(past.everyNthAgent),
      quantity(past.coverageEveryHours),
      quantity(filled.values / 1e6),
      quantity(filled.fillS),
      quantity(filled.rollUpS),
      filled.restS < LONGEST_REST_S ? quantity(filled.restS) : `works on after ${LONGEST_REST_S}`,
      quantity(filled.outages),
      quantity(filled.stateRows),
    ]),
  };
}

function questionsTable({ store, paced: [first, ...others] }: ApiCase): Table {
  return {
    title: `The questions of the cookbook on ${store}, asked by ${CLIENTS} clients: ${PACES.map(({ name }) => name).join('; ')}`,
    head: ['question', 'KB', ...PACES.flatMap(() => ['asked', 'p50 ms', 'p99 ms'])],
    rows: (first?.questions ?? []).map((question, at) => [
      question.title,
      quantity(question.answerBytes / 1_000),
      ...[question, ...others.map(({ questions }) => questions[at])].flatMap((asked) =>
        [asked?.times, asked?.p50Ms, asked?.p99Ms].map((figure) => quantity(figure ?? NaN)),
      ),
    ]),
  };
}

function ingestCases(cases: readonly ApiCase[]): (readonly [string, Measurement])[] {
  return cases.flatMap(({ store, alone, paced }) => [
    [`${store}, nobody asks`, alone] as const,
    ...paced.map(({ pace, ingest }) => [`${store}, ${CLIENTS} clients: ${pace}`, ingest] as const),
  ]);
}

function ingestTable(cases: readonly ApiCase[]): Table {
  return {
    title: 'Ingest beside the clients',
    head: ['case', 'values/s', 'acked of sent', 'ack p50 ms', 'ack p99 ms'],
    rows: ingestCases(cases).map(([name, { valuesPerS, ackedRatio, ackP50Ms, ackP99Ms }]) => [
      name,
      quantity(valuesPerS),
      percent(ackedRatio),
      quantity(ackP50Ms),
      quantity(ackP99Ms),
    ]),
  };
}

function barsOf({ store, paced }: ApiCase): Bar[] {
  const steady = paced.find(({ pace }) => pace === OWN_TIME.name);
  const slowestMs = steady && Math.max(...steady.questions.map(({ p99Ms }) => p99Ms));
  const name = `${store}, thinned week: slowest question of ${CLIENTS} clients, ${OWN_TIME.name}, p99`;
  return [
    atMost(name, LIMIT_MS, 'ms', slowestMs),
    ...paced.map(({ pace, ingest: { ackedRatio } }) =>
      atLeast(`${store}, thinned week: acknowledged beside clients, ${pace}`, 99.9, '%', ackedRatio * 100),
    ),
  ];
}
