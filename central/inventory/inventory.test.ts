import { describe, expect, it } from 'vitest';
import { UserError } from '../../runtime/errors.ts';
import { readInventory } from './inventory.ts';

const unit = {
  code: '26734',
  name: 'Tân Định',
  nameEn: 'Tan Dinh',
  kind: 'ward',
  longitude: 106.69,
  latitude: 10.79,
  areaKm2: 1.2,
};
const site = {
  id: 'site-26734-01',
  unit: '26734',
  name: 'UBND',
  kind: 'site',
  longitude: 106.69,
  latitude: 10.79,
};
const agent = { id: 'gw-26734-01', kind: 'gateway', site: 'site-26734-01', unit: '26734' };
const device = { id: 'n-26734-01', kind: 'node', site: 'site-26734-01', unit: '26734', agent: agent.id };

function problemsOf(value: unknown): readonly string[] {
  try {
    readInventory('inventory.json', value);
  } catch (error) {
    if (error instanceof UserError) return error.problems;
    throw error;
  }
  return [];
}

describe('the inventory', () => {
  it('is indexed by id when every reference leads to an entry', () => {
    const inventory = readInventory('inventory.json', { units: [unit], sites: [site], agents: [agent] });
    expect(inventory.agents.get('gw-26734-01')?.unit).toBe('26734');
    expect(inventory.devices.size).toBe(0);
  });

  it('names every broken reference and every id used twice at once', () => {
    expect(
      problemsOf({
        units: [unit, unit],
        sites: [{ ...site, unit: '99999', parents: ['hub-1'] }],
        agents: [{ ...agent, site: 'nowhere' }],
        devices: [{ ...device, unit: '11111', agent: 'gw-2', otherAgents: [agent.id, 'gw-3'] }],
        pools: [{ id: 'pool-1', site: 'nowhere', resource: 'storage' }],
      }),
    ).toEqual([
      'inventory.json: units[1].code: expected a unique code, got "26734" again (first in units[0])',
      'inventory.json: sites[0].unit: no such entry, got "99999"',
      'inventory.json: sites[0].parents: no such entry, got "hub-1"',
      'inventory.json: agents[0].site: no such entry, got "nowhere"',
      'inventory.json: devices[0].unit: no such entry, got "11111"',
      'inventory.json: devices[0].agent: no such entry, got "gw-2"',
      'inventory.json: devices[0].otherAgents: no such entry, got "gw-3"',
      'inventory.json: pools[0].site: no such entry, got "nowhere"',
    ]);
  });

  it('names the expectation for a malformed entry', () => {
    const problems = problemsOf({ units: [{ ...unit, code: 26734, colour: 'red' }] });
    expect(problems.some((problem) => problem.includes('units[0].code'))).toBe(true);
    expect(problems).toContain('inventory.json: units[0].colour: unknown setting');
  });
});
