import { gunzipSync, gzipSync } from 'node:zlib';
import { decodeBatch, encodeBatch, encodeSamples } from '../../../contract/codec.ts';
import { inTurns, type Figures, type Rounds } from '../in-turns.ts';
import { quantity, times } from '../report/markdown.ts';
import type { Section } from '../report/section.ts';
import { cityShape, fullShape, valuesIn, type AgentSamples } from '../shapes.ts';
import { secondsOf } from '../sleep.ts';

const HEADER = { epoch: 'bench000', seq: 1, lowest: 1, sentAtMs: Date.now(), backfill: false };
const SHAPES: Readonly<Record<string, () => AgentSamples[]>> = {
  'full batches': () =>
    fullShape(
      Array.from({ length: 10 }, (_, index) => `full-${index}`),
      Date.now(),
    ),
  "a city's batches": () => cityShape(Date.now()),
};

export const codecSection: Section = {
  name: 'codec',
  about: 'batches encoded and decoded beside gzip of plain JSON objects',
  run: async ({ seconds }) => {
    const rows: string[][] = [];
    const figures: Record<string, unknown> = {};
    for (const [name, shape] of Object.entries(SHAPES)) {
      const samples = shape();
      const rounds = await inTurns(
        {
          codec: () => turn(samples, encode, decodeBatch),
          plain: () => turn(samples, encodePlain, decodePlain),
        },
        seconds / 2,
      );
      rows.push(...rowsOf(name, rounds));
      figures[name] = rounds.all;
    }
    return {
      tables: [
        {
          title: 'Codec (schema check included), beside JSON objects with gzip',
          head: [
            'what',
            'batches',
            'values/s',
            'plain: values/s',
            'ratio',
            'bytes a value',
            'plain: bytes a value',
          ],
          rows,
        },
      ],
      figures,
      bars: [],
    };
  },
};

async function turn(
  shape: readonly AgentSamples[],
  encodeAll: (batch: AgentSamples) => Buffer[],
  decode: (payload: Buffer) => unknown,
): Promise<Figures> {
  const values = shape.reduce((sum, { samples }) => sum + valuesIn(samples), 0);
  let payloads: Buffer[] = [];
  const encodeS = await secondsOf(() => {
    payloads = shape.flatMap(encodeAll);
  });
  const decodeS = await secondsOf(() => {
    for (const payload of payloads) decode(payload);
  });
  return {
    encodePerS: values / encodeS,
    decodePerS: values / decodeS,
    bytesPerValue: payloads.reduce((sum, { length }) => sum + length, 0) / values,
  };
}

function encode({ samples }: AgentSamples): Buffer[] {
  return encodeSamples(samples).bodies.map(({ bytes }) => encodeBatch(HEADER, bytes));
}

function encodePlain({ samples }: AgentSamples): Buffer[] {
  return [gzipSync(JSON.stringify({ ...HEADER, samples }))];
}

function decodePlain(payload: Buffer): unknown {
  return JSON.parse(gunzipSync(payload).toString('utf8'));
}

function rowsOf(batches: string, rounds: Rounds): string[][] {
  return (['encode', 'decode'] as const).map((what) => [
    what,
    batches,
    quantity(rounds.median('codec', `${what}PerS`)),
    quantity(rounds.median('plain', `${what}PerS`)),
    times(rounds.ratio(['codec', `${what}PerS`], ['plain', `${what}PerS`])),
    quantity(rounds.median('codec', 'bytesPerValue')),
    quantity(rounds.median('plain', 'bytesPerValue')),
  ]);
}
