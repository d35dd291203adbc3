import { describe, expect, it } from 'vitest';
import type { Service } from '../../../contract/inventory.ts';
import { EMPTY_INVENTORY } from '../../inventory/inventory.ts';
import { LiveInventory } from '../../inventory/live-inventory.ts';
import type { NewestRow } from '../../live/latest-cache.ts';
import { Series } from '../../samples/series.ts';
import type { PresentState } from '../present-states.ts';
import { ServiceStates } from './service-states.ts';

const NEEDS: Service['needs'] = ['device:sv-1', 'pool:pool-dc1'];

function open(services: readonly Service[] = [{ id: 'mail', name: 'Mail', needs: NEEDS }]) {
  const pools = [
    { id: 'pool-dc1', site: 'dc1', resource: 'vcpu' },
    { id: 'pool-dc1', site: 'dc1', resource: 'storage' },
  ];
  const inventoryOf = (list: readonly Service[]) => {
    return { ...EMPTY_INVENTORY, pools, services: new Map(list.map((service) => [service.id, service])) };
  };
  const inventory = new LiveInventory(inventoryOf(services));
  const states = new Map<string, PresentState>();
  const city = { nowMs: 1_000_000, day: '2026-11-30', usedPct: 60, measured: ['storage', 'vcpu'] };
  const service = new ServiceStates({
    inventory,
    states: { momentOf: (ref) => states.get(ref) ?? { state: 'up', roots: [], sinceMs: 1_000 } },
    latest: {
      visit: (measurement, look) => {
        for (const resource of city.measured) {
          const usedPct = resource === 'storage' ? city.usedPct : 40;
          const row: NewestRow = { timeMs: city.nowMs, paceMs: 10_000, valueOf: () => usedPct };
          const tags = ['sv-1', 'pool-dc1', resource];
          look(new Series(measurement, tags), row, ['agent', 'pool', 'resource']);
        }
      },
    },
    registry: { get: () => ({ phase: 'live', intervalMs: 10_000 }), clockCorrectionOf: () => 0 },
    clock: { now: () => city.nowMs },
    today: () => city.day,
  });
  const line = (): string[] =>
    service.list().map(({ id, state, reason, sinceMs }) => `${id} ${state} since ${sinceMs}: ${reason}`);
  const told: string[] = [];
  service.onChange((changes) => {
    for (const { ref, before, after, atMs } of changes)
      told.push(
        `${atMs} ${ref} ${before?.state ?? '-'} to ${after?.state ?? '-'} ${after?.roots.join() ?? ''}`.trim(),
      );
  });
  return {
    ...{ city, states, line, service, told },
    replace: (list: readonly Service[]) => inventory.replace(inventoryOf(list)),
  };
}

describe('the services of the city', () => {
  it('change with what they need, since when that did', () => {
    const { city, states, line } = open();
    expect(line()).toEqual(['mail up since 1000: all that it needs is up']);
    states.set('device:sv-1', { state: 'down', roots: [], sinceMs: 900_000 });
    expect(line()).toEqual(['mail down since 900000: sv-1 down']);
    city.nowMs += 60_000;
    states.set('site:dc1', { state: 'down', roots: [], sinceMs: 1_050_000 });
    expect(line()).toEqual(['mail down since 900000: sv-1 down; pool-dc1 down because of dc1']);
    states.clear();
    states.set('device:sv-1', { state: 'up', roots: [], sinceMs: 1_055_000 });
    expect(line()).toEqual(['mail up since 1055000: all that it needs is up']);
  });

  it('are degraded with a pool that is full, since that was found', () => {
    const { city, line } = open();
    line();
    city.usedPct = 100.5;
    expect(line()).toEqual(['mail degraded since 1000000: pool-dc1 full (storage)']);
    city.nowMs += 5_000;
    expect(line()).toEqual(['mail degraded since 1000000: pool-dc1 full (storage)']);
  });

  it('are not up on a pool that nobody measures, nor on one of which a resource is not', () => {
    const { city, line } = open();
    line();
    city.nowMs += 60_000;
    city.measured = [];
    expect(line()).toEqual(['mail unknown since 1060000: pool-dc1 not measured (vcpu, storage)']);
    city.nowMs += 1_000;
    city.measured = ['storage'];
    expect(line()).toEqual(['mail unknown since 1060000: pool-dc1 not measured (vcpu)']);
    city.usedPct = 100;
    expect(line()).toEqual([
      'mail unknown since 1060000: pool-dc1 not measured (vcpu); pool-dc1 full (storage)',
    ]);
  });

  it('go on with another pool of a choice, if that one is measured', () => {
    const { line, city } = open([{ id: 'x', name: 'X', needs: [{ anyOf: ['pool:gone', 'pool:pool-dc1'] }] }]);
    expect(line()[0]).toContain('x up');
    city.measured = [];
    expect(line()[0]).toContain('x unknown');
  });

  it('do not say more of a pool than of its site', () => {
    const { states, line } = open();
    states.set('site:dc1', { state: 'unknown', roots: [], sinceMs: 2_000 });
    expect(line()).toEqual(['mail unknown since 2000: pool-dc1 unknown because of dc1']);
  });

  it('are those of the inventory as it is now, from the day they are installed to the day they are retired', () => {
    const { city, replace, line } = open();
    const web: Service = { id: 'web', name: 'Web', needs: ['device:sv-1'], installedOn: '2026-12-01' };
    replace([web, { id: 'fax', name: 'Fax', needs: ['device:sv-1'], retiredOn: '2026-12-01' }]);
    expect(line()).toEqual(['fax up since 1000: all that it needs is up']);
    city.day = '2026-12-01';
    expect(line()).toEqual(['web up since 1000: all that it needs is up']);
  });

  it('need a pool that exists', () => {
    const { line } = open([{ id: 'x', name: 'X', needs: ['pool:gone'] }]);
    expect(line()).toEqual(['x unknown since 1000000: gone unknown']);
  });

  it('are told of once, when they change, come and go', () => {
    const { city, states, service, told, replace } = open();
    service.refresh();
    expect(told.splice(0)).toEqual(['1000000 service:mail - to up']);
    service.refresh();
    states.set('device:sv-1', { state: 'unreachable', roots: ['site:hub-03'], sinceMs: 900_000 });
    city.nowMs += 1_000;
    service.list();
    service.refresh();
    expect(told.splice(0)).toEqual(['1001000 service:mail up to down site:hub-03']);
    states.set('device:sv-1', { state: 'down', roots: [], sinceMs: 900_000 });
    service.refresh();
    expect(told.splice(0)).toEqual(['1001000 service:mail down to down device:sv-1']);
    replace([]);
    service.refresh();
    expect(told.splice(0)).toEqual(['1001000 service:mail down to -']);
  });

  it('go on since before central was deaf, if they turn out to be the same within ten minutes', () => {
    const afterDeaf = (state: PresentState['state'], afterMs: number, stepMs = 0): string[] => {
      const { city, states, service, line } = open([{ id: 'mail', name: 'Mail', needs: ['device:sv-1'] }]);
      service.refresh();
      // Agents fall silent one after the other: the first are missed before it is clear that it is all of them.
      city.nowMs += 60_000;
      states.set('device:sv-1', { state: 'unknown', roots: [], sinceMs: city.nowMs });
      service.refresh();
      city.nowMs += 60_000 + stepMs;
      if (stepMs !== 0) service.shiftTime(stepMs);
      service.setDeaf(true);
      city.nowMs += 3_600_000;
      service.refresh();
      service.setDeaf(false);
      city.nowMs += afterMs;
      states.set('device:sv-1', { state, roots: [], sinceMs: city.nowMs });
      return line();
    };
    expect(afterDeaf('up', 30_000)).toEqual(['mail up since 1000: all that it needs is up']);
    expect(afterDeaf('up', 30_000, 5_000)).toEqual(['mail up since 6000: all that it needs is up']);
    expect(afterDeaf('up', 601_000)).toEqual(['mail up since 5321000: all that it needs is up']);
    expect(afterDeaf('down', 30_000)).toEqual(['mail down since 4750000: sv-1 down']);
  });

  it('go on since before a restart of central, if they turn out to be the same within ten minutes', () => {
    const restarted = (state: PresentState['state'], afterMs: number): string[] => {
      const { city, states, service, line } = open([{ id: 'mail', name: 'Mail', needs: ['device:sv-1'] }]);
      service.restore(new Map([['service:mail', { state: 'up', sinceMs: 1_234 }]]));
      states.set('device:sv-1', { state: 'unknown', roots: [], sinceMs: 1_000_000 });
      service.refresh();
      city.nowMs += afterMs;
      states.set('device:sv-1', { state, roots: [], sinceMs: 1_000_001 });
      return line();
    };
    expect(restarted('up', 60_000)).toEqual(['mail up since 1234: all that it needs is up']);
    expect(restarted('up', 601_000)).toEqual(['mail up since 1000001: all that it needs is up']);
    expect(restarted('down', 60_000)).toEqual(['mail down since 1000001: sv-1 down']);
  });
});
