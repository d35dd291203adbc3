import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { describeWith } from '../support/parts.ts';
import { QUICK_COMBINATIONS, QUICK_PACE } from './combination.ts';
import { runChaos } from './run.ts';
import { seededRandom } from '../support/seeded-random.ts';

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));

describeWith(
  ['influxd', 'mosquitto'],
  'kill -9 of every part, twice each, stops, clock steps and a full disk',
  () => {
    it.each(QUICK_COMBINATIONS)('loses no sample and stores none twice: $name', async (combination) => {
      const result = await runChaos({
        combination,
        pace: QUICK_PACE,
        random: seededRandom(20_261_123),
        print: () => undefined,
        dist,
      });
      expect(result.problems).toEqual([]);
      expect(result.storedPoints).toBeGreaterThan(1_000);
      expect(result.alertsFired).toBeGreaterThan(0);
      // The embedded store's log was damaged once: what it lost is declared.
      if (combination.store === 'duckdb') expect(result.declaredLostPoints).toBeGreaterThan(0);
    });
  },
);
