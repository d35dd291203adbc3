import { expect, it } from 'vitest';
import { ownBlast } from './own-blast.ts';
import { Reach } from './reach.ts';

it('has the pools of an agency of the caller at a site of somebody else, and says that there is more', () => {
  const nothing = { sites: new Map(), devices: new Map(), agents: new Map(), links: new Map() };
  const reach = new Reach({ agencies: ['police'] }, { ...nothing, services: new Map() });
  const pools = ['vcpu-police', 'vcpu-health'].map((id) => ({ id, effect: 'cut' as const, site: 'dc-1' }));
  const none = { devices: [], sites: [], links: [], units: [], services: [], agencies: [] };
  const owned = pools.map(({ id, site }) => ({
    ...{ id, site, agency: id.split('-')[1] },
    resource: 'vcpu' as const,
  }));
  const { lists, isPartial } = ownBlast({ ...none, pools }, reach, owned);
  expect(lists.pools.map(({ id }) => id)).toEqual(['vcpu-police']);
  expect(isPartial).toBe(true);
});
