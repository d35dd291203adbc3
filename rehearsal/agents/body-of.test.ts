import { expect, it } from 'vitest';
import { PROTOCOL_VERSION } from '../../contract/batch.ts';
import { decodeBatch, encodeBatch, encodeSamples } from '../../contract/codec.ts';
import type { Sample } from '../../contract/sample.ts';
import { buildCity } from '../../simulators/city/build-city.ts';
import { rehearsedCity } from '../city/rehearsed-city.ts';
import { bodyOf } from './body-of.ts';

const NOON_MS = Date.UTC(2026, 10, 24, 5);
const HEADER = { epoch: 'e0000001', seq: 7, lowest: 7, sentAtMs: NOON_MS, backfill: false };

it('what is handed over is what central would have decoded, for each agent of a city', () => {
  const city = rehearsedCity(
    buildCity({
      ...{ seed: 7, unitCount: 1, interfacesPerNode: 1 },
      faults: ({ sites }) => [
        {
          kind: 'node_reboot',
          target: sites.at(-1)?.id ?? '',
          fromMs: NOON_MS - 60_000,
          toMs: NOON_MS + 60_000,
        },
      ],
    }),
    [],
  );
  for (const { id } of city.inventory.agents) {
    const samples = city.samplesAt(id, NOON_MS) ?? [];
    const [body, ...more] = encodeSamples(samples).bodies;
    expect(samples.length).toBeGreaterThan(0);
    expect(more).toEqual([]);
    const decoded = decodeBatch(encodeBatch(HEADER, body!.bytes));
    expect({ v: PROTOCOL_VERSION, ...HEADER, ...bodyOf(samples) }).toEqual(decoded);
  }
});

it('samples that no agent would put into one batch are an error that says how many they are', () => {
  const tags = (at: number): Sample['tags'] => ({ [`tag${at}`]: 'x' });
  const samples = Array.from({ length: 65 }, (_, at): Sample => ({
    ...{ measurement: 'ping', tags: tags(at), fields: { result_code: 0 }, timeMs: NOON_MS },
  }));
  expect(() => bodyOf(samples)).toThrow('65 samples do not fit one batch');
});
