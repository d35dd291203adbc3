import { gunzipSync } from 'node:zlib';
import { inTurns, type Figures } from '../in-turns.ts';
import { quantity, times } from '../report/markdown.ts';
import type { Section } from '../report/section.ts';
import { cityShape, fullShape } from '../shapes.ts';
import { secondsOf } from '../sleep.ts';
import { IngestBench, type Batches } from './ingest-bench.ts';

const FULL_AGENTS = Array.from({ length: 20 }, (_, index) => `full-${index}`);

/** `window`: unacknowledged batches at a time, about as many as a fleet has at city load. */
const KINDS = {
  'full batches': { shape: () => fullShape(FULL_AGENTS, Date.now()), repeat: 6, window: 20 },
  "a city's batches": { shape: () => cityShape(Date.now()), repeat: 2, window: 200 },
};

export const ingestSection: Section = {
  name: 'ingest',
  about: 'ingest alone (null bus, null store; ledger on disk) beside bare gunzip and JSON.parse',
  run: async ({ seconds }) => {
    const rows: string[][] = [];
    const figures: Record<string, unknown> = {};
    for (const [name, { shape, repeat, window }] of Object.entries(KINDS)) {
      const bench = await IngestBench.open(shape());
      try {
        let batches: Batches | undefined;
        const rounds = await inTurns(
          {
            ingest: () => {
              batches = bench.prepare(repeat);
              return bench.takeIn(batches, window);
            },
            bare: () => parseAll(batches),
          },
          seconds / 2,
        );
        bench.assertNothingRefused();
        rows.push([
          name,
          quantity(rounds.median('ingest', 'valuesPerS')),
          quantity(rounds.median('ingest', 'batchesPerS')),
          quantity(rounds.median('bare', 'valuesPerS')),
          times(rounds.ratio(['ingest', 'valuesPerS'], ['bare', 'valuesPerS'])),
        ]);
        figures[name] = rounds.all;
      } finally {
        await bench.close();
      }
    }
    return {
      tables: [
        {
          title: 'Ingest alone: received → validated → recorded → acknowledged',
          head: ['batches', 'values/s', 'batches/s', 'bare gunzip + JSON.parse: values/s', 'ratio'],
          rows,
        },
      ],
      figures,
      bars: [],
    };
  },
};

async function parseAll(batches: Batches | undefined): Promise<Figures> {
  const all = batches?.messages ?? [];
  const takenS = await secondsOf(() => {
    for (const { payload } of all) JSON.parse(gunzipSync(payload).toString('utf8'));
  });
  return { valuesPerS: (batches?.values ?? 0) / takenS };
}
