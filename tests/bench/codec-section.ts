import { gunzipSync, gzipSync } from 'node:zlib';
import { decodeBatch, encodeBatch, encodeSamples } from '../../contract/codec.ts';
import type { Sample } from '../../contract/sample.ts';
import { buildCity } from '../../simulators/city/build-city.ts';
import { ratioOf, rounded, type Section } from './section.ts';
import { sideBySide } from './side-by-side.ts';

const AGENTS = 60;
const HEADER = { epoch: 'bench000', seq: 1, lowest: 1, sentAtMs: 1_800_000_000_000, backfill: false };

/** The batch format beside a plain list of sample objects, both as gzipped JSON. */
export const codecSection: Section = {
  name: 'codec',
  title: 'Codec: what real agents send, beside gzipped JSON of the same samples as objects',
  run: async ({ seconds }) => {
    const takes = citySamples();
    const values = takes.flat().reduce((sum, { fields }) => sum + Object.keys(fields).length, 0);
    const encode = (): Buffer[] =>
      takes.flatMap((samples) =>
        encodeSamples(samples).bodies.map(({ bytes }) => encodeBatch(HEADER, bytes)),
      );
    const encodePlain = (): Buffer[] => takes.map((samples) => gzipSync(JSON.stringify(samples)));
    const batches = encode();
    const plain = encodePlain();
    const counting = (work: () => unknown) => (): number => {
      work();
      return values;
    };
    const rates = await sideBySide(
      [
        { name: 'encode', once: counting(encode) },
        { name: 'encode, plain', once: counting(encodePlain) },
        { name: 'decode', once: counting(() => batches.map(decodeBatch)) },
        {
          name: 'decode, plain',
          once: counting(() => plain.map((bytes): unknown => JSON.parse(gunzipSync(bytes).toString('utf8')))),
        },
      ],
      seconds,
    );
    const bytes = [batches, plain, batches, plain].map(totalBytes);
    return {
      head: ['what', 'values/s', 'beside plain', 'bytes a value'],
      rows: rates.map(({ name, perS }, index) => {
        const reference = rates[index - (index % 2) + 1]?.perS ?? perS;
        return [name, rounded(perS), ratioOf(perS, reference), ((bytes[index] ?? 0) / values).toFixed(2)];
      }),
      raw: { rates, values, bytes },
    };
  },
};

function citySamples(): readonly (readonly Sample[])[] {
  const model = buildCity({ seed: 1, unitCount: 168 });
  const step = Math.ceil(model.inventory.agents.length / AGENTS);
  return model.inventory.agents
    .filter((_, index) => index % step === 0)
    .map(({ id }) => model.samplesAt(id, HEADER.sentAtMs) ?? [])
    .filter((samples) => samples.length > 0);
}

function totalBytes(buffers: readonly Buffer[]): number {
  return buffers.reduce((sum, { length }) => sum + length, 0);
}
