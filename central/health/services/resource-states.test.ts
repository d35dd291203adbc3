import { describe, expect, it } from 'vitest';
import { EMPTY_INVENTORY } from '../../inventory/inventory.ts';
import type { NewestRow } from '../../live/latest-cache.ts';
import { Series } from '../../samples/series.ts';
import type { PresentState } from '../present-states.ts';
import { ResourceStates } from './resource-states.ts';

const BEGIN_MS = 1_000_000;

/** A data centre with two resources of one pool, both measured each second, and one that is not in the inventory. */
function open() {
  const pools = ['vcpu', 'storage'].map((resource) => ({ id: 'pool-dc1', site: 'dc1', resource }));
  const city: { nowMs: number; site: PresentState; usedPct: Record<string, number> } = {
    nowMs: BEGIN_MS,
    site: { state: 'up', roots: [], sinceMs: 500_000 },
    usedPct: { vcpu: 40, storage: 60, tape: 100 },
  };
  const inventory = { ...EMPTY_INVENTORY, pools };
  const resources = new ResourceStates({
    inventory,
    states: { momentOf: (ref) => (ref === 'site:dc1' ? city.site : undefined) },
    latest: {
      visit: (measurement, look) => {
        for (const [resource, usedPct] of Object.entries(city.usedPct)) {
          const row: NewestRow = { timeMs: city.nowMs, paceMs: 10_000, valueOf: () => usedPct };
          look(new Series(measurement, ['sv-1', 'pool-dc1', resource]), row, ['agent', 'pool', 'resource']);
        }
      },
    },
    registry: { get: () => ({ phase: 'live', intervalMs: 10_000 }), clockCorrectionOf: () => 0 },
    clock: { now: () => city.nowMs },
    today: () => '2026-11-30',
  });
  const lines = () => [...resources.list()].map(([id, { state, sinceMs }]) => `${id} ${state} ${sinceMs}`);
  return { city, inventory, resources, lines };
}

describe('the resources of pools', () => {
  it('are those of the inventory, at the earliest since central has seen them', () => {
    const { city, lines } = open();
    expect(lines()).toEqual(['pool-dc1/vcpu up 1000000', 'pool-dc1/storage up 1000000']);
    city.nowMs += 60_000;
    expect(lines()).toEqual(['pool-dc1/vcpu up 1000000', 'pool-dc1/storage up 1000000']);
  });

  it('have been as they are since the second in which they changed, however late somebody asks', () => {
    const { city, resources, lines } = open();
    resources.refresh();
    city.nowMs += 10_000;
    city.usedPct = { vcpu: 40, storage: 100 };
    resources.refresh();
    city.nowMs += 90_000;
    expect(lines()).toEqual(['pool-dc1/vcpu up 1000000', 'pool-dc1/storage degraded 1010000']);
    city.usedPct = { vcpu: 40 };
    expect(lines()).toEqual(['pool-dc1/vcpu up 1000000', 'pool-dc1/storage unknown 1100000']);
  });

  it('that are cut off with their site are so since it is; once it is back, since now', () => {
    const { city, resources, lines } = open();
    resources.refresh();
    city.nowMs += 30_000;
    city.site = { state: 'down', roots: [], sinceMs: 1_012_000 };
    expect(lines()).toEqual(['pool-dc1/vcpu down 1012000', 'pool-dc1/storage down 1012000']);
    city.site = { state: 'up', roots: [], sinceMs: 1_029_000 };
    expect(lines()).toEqual(['pool-dc1/vcpu up 1030000', 'pool-dc1/storage up 1030000']);
  });

  it('move with the time of central', () => {
    const { city, resources, lines } = open();
    resources.refresh();
    city.nowMs += 3_600_000;
    resources.shiftTime(3_600_000);
    expect(lines()).toEqual(['pool-dc1/vcpu up 4600000', 'pool-dc1/storage up 4600000']);
  });

  it('that left the inventory and came back have not been as they are all the time', () => {
    const { city, inventory, resources, lines } = open();
    resources.refresh();
    const { pools } = inventory;
    inventory.pools = pools.slice(0, 1);
    expect(lines()).toEqual(['pool-dc1/vcpu up 1000000']);
    city.nowMs += 5_000;
    inventory.pools = pools;
    expect(lines()).toEqual(['pool-dc1/vcpu up 1000000', 'pool-dc1/storage up 1005000']);
  });
});
