import { expect, it } from 'vitest';
import { ownersIn } from '../../central/ingest/validate/owners.ts';
import { createValidator } from '../../central/ingest/validate/validator.ts';
import { readInventory } from '../../central/inventory/inventory.ts';
import { decodeBatch, encodeBatch, encodeSamples } from '../../contract/codec.ts';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { buildCity } from '../../simulators/city/build-city.ts';

const NOW = 1_795_462_349_123;

it('the reference city speaks of its own devices only', () => {
  const model = buildCity({ seed: 1, unitCount: 5 });
  const inventory = readInventory('city', model.inventory);
  const validator = createValidator(CATALOGUE, {}, { findOwners: ownersIn(inventory) });
  for (const { id } of model.inventory.agents) {
    for (const { bytes } of encodeSamples(model.samplesAt(id, NOW) ?? []).bodies) {
      const header = { epoch: 'k3f9a2c1', seq: 1, lowest: 1, sentAtMs: NOW, backfill: false };
      expect(validator.validate(id, decodeBatch(encodeBatch(header, bytes)), NOW).refusals).toEqual([]);
    }
  }
});
