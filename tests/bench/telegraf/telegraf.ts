import { Rounds, type Figures } from '../in-turns.ts';
import { atMost, type Bar } from '../report/bar.ts';
import { percent, quantity, times } from '../report/markdown.ts';
import type { BenchContext, Section, Table } from '../report/section.ts';
import type { TelegrafProgram } from './telegraf-program.ts';
import { centralTurn, telegrafTurn, type Shape, type Turn, type Window } from './turns.ts';

const TURNS = 3;
const EMBEDDED = 'central, embedded broker';
const EXTERNAL = 'central + Mosquitto';
const TELEGRAF = 'Telegraf + Mosquitto';

/** Every turn starts its own processes and ends them: a paused city would be a city of absent agents, with their alerts. */
export const telegrafSection: Section = {
  name: 'telegraf',
  about: 'central beside Telegraf under the same load (needs --telegraf PATH)',
  run: async (context) => {
    const { telegraf } = context;
    if (telegraf === undefined) return { skipped: 'it needs a Telegraf: --telegraf PATH' };
    const city = await turnsOf(context, telegraf, 'city');
    const flood = await turnsOf(context, telegraf, 'flood');
    const who = `Telegraf ${telegraf.version}`;
    return {
      tables: [
        resultTable(`City load, 25 s after its begin, beside ${who}: ${TURNS} turns each`, city.early),
        processTable('City load, 25 s after its begin: each process', city.early),
        resultTable(`City load, 75 s after its begin, beside ${who}`, city.settled),
        processTable('City load, 75 s after its begin: each process', city.settled),
        resultTable(`As much as InfluxDB takes, beside ${who}: ${TURNS} turns each`, flood.early),
        processTable('As much as InfluxDB takes: each process', flood.early),
      ],
      figures: {
        version: telegraf.version,
        city: { early: city.early.all, settled: city.settled.all },
        flood: flood.early.all,
      },
      bars: [...barsOf('25 s after a start', city.early), ...barsOf('75 s after a start', city.settled)],
    };
  },
};

async function turnsOf(
  { dist, seconds }: BenchContext,
  telegraf: TelegrafProgram,
  shape: Shape,
): Promise<Record<Window, Rounds>> {
  const contenders: Readonly<Record<string, () => Promise<Turn>>> = {
    [EMBEDDED]: () => centralTurn({ dist, shape, broker: 'embedded' }, seconds),
    [EXTERNAL]: () => centralTurn({ dist, shape, broker: 'mosquitto' }, seconds),
    [TELEGRAF]: () => telegrafTurn({ dist, shape, telegraf }, seconds),
  };
  const rounds: Record<string, Turn>[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    const turns: Record<string, Turn> = {};
    for (const [name, contender] of Object.entries(contenders)) turns[name] = await contender();
    rounds.push(turns);
  }
  return { early: roundsOf(rounds, 'early'), settled: roundsOf(rounds, 'settled') };
}

function roundsOf(rounds: readonly Readonly<Record<string, Turn>>[], window: Window): Rounds {
  return new Rounds(
    rounds.map((turns) =>
      Object.fromEntries(
        Object.entries(turns).flatMap(([name, turn]): [string, Figures][] => {
          const figures = turn[window];
          return figures === undefined ? [] : [[name, figures]];
        }),
      ),
    ),
  );
}

function resultTable(title: string, rounds: Rounds): Table {
  const rows = [EMBEDDED, EXTERNAL, TELEGRAF].map((name) => [
    name,
    quantity(rounds.median(name, 'valuesPerS')),
    percent(rounds.median(name, 'completeRatio')),
    percent(rounds.median(name, 'cpuRatio')),
    quantity(rounds.median(name, 'cpuSPerMillion')),
    times(rounds.ratio([name, 'cpuSPerMillion'], [TELEGRAF, 'cpuSPerMillion'])),
    quantity(rounds.median(name, 'peakMiB')),
  ]);
  return {
    title,
    head: [
      'what, without store and load',
      'values/s',
      'complete',
      '% of one core',
      'CPU s a million values',
      'of Telegraf + Mosquitto',
      'peak MiB',
    ],
    rows,
  };
}

function processTable(title: string, rounds: Rounds): Table {
  const processes = [
    [EMBEDDED, ['central', 'store', 'load']],
    [EXTERNAL, ['central', 'broker', 'store', 'load']],
    [TELEGRAF, ['telegraf', 'broker', 'store', 'load']],
  ] as const;
  return {
    title,
    head: ['case', 'process', '% of one core', 'peak MiB'],
    rows: processes.flatMap(([name, each]) =>
      each.map((process) => [
        name,
        process,
        percent(rounds.median(name, `${process} cpuRatio`)),
        quantity(rounds.median(name, `${process} peakMiB`)),
      ]),
    ),
  };
}

function barsOf(when: string, city: Rounds): Bar[] {
  const ofTelegraf = city.ratio([EMBEDDED, 'cpuRatio'], [TELEGRAF, 'cpuRatio']);
  return [
    atMost(`central at city load, ${when}: CPU, of Telegraf + Mosquitto`, 100, '%', ofTelegraf * 100),
    atMost(
      `central beside Telegraf, ${when}: CPU`,
      11,
      '% of one core',
      city.median(EMBEDDED, 'central cpuRatio') * 100,
    ),
    atMost(`central beside Telegraf, ${when}: memory`, 200, 'MiB', city.median(EMBEDDED, 'central peakMiB')),
  ];
}
