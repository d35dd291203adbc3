import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listedIn, ownersIn } from '../../central/ingest/validate/owners.ts';
import { createValidator } from '../../central/ingest/validate/validator.ts';
import { readInventory } from '../../central/inventory/inventory.ts';
import { UnexpectedDevices } from '../../central/live/unexpected-devices.ts';
import { SeriesRegistry } from '../../central/samples/series-registry.ts';
import { decodeBatch, encodeBatch, encodeSamples } from '../../contract/codec.ts';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import type { Sample } from '../../contract/sample.ts';
import { buildCity } from '../../simulators/city/build-city.ts';
import { startCity, type City } from '../support/abuse-city.ts';
import type { RawAgent } from '../support/raw-agent.ts';
import { until } from '../support/until.ts';

const OWNER = 'gw-26734-01';
const FOREIGN = 'gw-26740-01';
const DEVICE = 'sw-26734-01';

const UNIT = {
  code: '26734',
  name: 'Phường Một',
  nameEn: 'Ward One',
  kind: 'ward',
  longitude: 106.7,
  latitude: 10.78,
  areaKm2: 2,
};
const SITE = { id: 'site-1', unit: '26734', name: 'Site', kind: 'site', longitude: 106.7, latitude: 10.78 };
const PLACE = { site: 'site-1', unit: '26734' };
const INVENTORY = {
  units: [UNIT],
  sites: [SITE],
  agents: [OWNER, FOREIGN].map((id) => ({ id, kind: 'gateway', ...PLACE })),
  devices: [{ id: DEVICE, kind: 'node', agent: OWNER, ...PLACE }],
  pools: [{ id: 'pool-dc1', site: 'site-1', resource: 'storage', agents: [OWNER] }],
};

/** `device_down` of the shipped rules, without its minute. */
const DOWN_AT_ONCE = `kind: threshold
name: { en: Device down, vi: Thiết bị mất }
action: { en: None., vi: Không cần. }
eventType: equipment
probableCause: equipment_malfunction
measurement: device
field: up
entity: [device]
across: newest
op: equals
for: 0s
clearFor: 0s
levels: [{ severity: major, values: false }]
`;

const claim = (up: boolean): Sample => ({
  measurement: 'device',
  tags: { device: DEVICE },
  fields: { up },
  timeMs: Date.now(),
});

describe('an agent that speaks of a device of another ward', () => {
  let city: City;
  let owner: RawAgent;
  let foreign: RawAgent;

  beforeEach(async () => {
    city = await startCity('foreign-claims', {
      attackers: [OWNER, FOREIGN],
      rules: { device_down: DOWN_AT_ONCE },
      inventory: INVENTORY,
    });
    owner = await city.attacker(OWNER);
    foreign = await city.attacker(FOREIGN);
  });
  afterEach(() => city.stop());

  async function isDown(): Promise<boolean> {
    type Page = { items: { rule: string }[] };
    const { items } = await city.central.get<Page>('/api/v1/alerts?state=active');
    return items.some(({ rule }) => rule === 'device_down');
  }

  it('neither clears its alert nor raises one, and is refused by name', async () => {
    const witness = await city.goodAgent();
    await foreign.untilStored(foreign.send([claim(false)]));
    expect(await isDown()).toBe(false);

    await owner.untilStored(owner.send([claim(false)]));
    await until(async () => expect(await isDown()).toBe(true));
    await foreign.untilStored(foreign.send([claim(true)]));
    await owner.untilStored(owner.send([claim(false)]));
    expect(await isDown()).toBe(true);

    const reason = expect.stringContaining(`the inventory has ${OWNER} as its agent`) as string;
    expect(foreign.refused).toEqual([1, 2].map((seq) => ({ seq, rows: [0], reason })));
    expect(owner.refused).toEqual([]);
    const quarantined = await city.central.quarantined(`agent=${FOREIGN}`);
    expect(quarantined).toMatchObject([{ reason }, { reason }]);
    await owner.untilStored(owner.send([claim(true)]));
    await until(async () => expect(await isDown()).toBe(false));
    await witness.expectUnharmed();
  });
});

describe('an agent that speaks of a pool that another one measures', () => {
  it('does not change how it is, and is refused by name', async () => {
    const city = await startCity('foreign-pool', { attackers: [OWNER, FOREIGN], inventory: INVENTORY });
    try {
      const [owner, foreign] = [await city.attacker(OWNER), await city.attacker(FOREIGN)];
      const full = (usedPct: number): Sample => ({
        measurement: 'capacity',
        tags: { pool: 'pool-dc1', resource: 'storage' },
        fields: { used_pct: usedPct },
        timeMs: Date.now(),
      });
      const measuredAtMs = async (): Promise<number | undefined> =>
        (await city.central.get<{ items: { measuredAtMs?: number }[] }>('/api/v1/pools')).items[0]
          ?.measuredAtMs;
      await foreign.untilStored(foreign.send([full(100)]));
      expect(await measuredAtMs()).toBeUndefined();
      await owner.untilStored(owner.send([full(60)]));
      expect(await measuredAtMs()).toBeDefined();
      const reason = expect.stringContaining(`the inventory has ${OWNER} as its agent`) as string;
      expect(foreign.refused).toEqual([{ seq: 1, rows: [0], reason }]);
      expect(owner.refused).toEqual([]);
    } finally {
      await city.stop();
    }
  });
});

const NOW = 1_795_462_349_123;

it('the reference city speaks of its own devices only, and of none that its inventory lacks', () => {
  const model = buildCity({ seed: 1, unitCount: 5 });
  const inventory = readInventory('city', model.inventory);
  const registry = new SeriesRegistry();
  const unexpected = new UnexpectedDevices(registry, CATALOGUE, { now: () => NOW });
  const parts = { registry, findOwners: ownersIn(inventory), isListed: listedIn(inventory) };
  const validator = createValidator(CATALOGUE, {}, parts);
  for (const { id } of model.inventory.agents) {
    for (const { bytes } of encodeSamples(model.samplesAt(id, NOW) ?? []).bodies) {
      const header = { epoch: 'k3f9a2c1', seq: 1, lowest: 1, sentAtMs: NOW, backfill: false };
      expect(validator.validate(id, decodeBatch(encodeBatch(header, bytes)), NOW).refusals).toEqual([]);
    }
  }
  expect(unexpected.list()).toEqual([]);
});
