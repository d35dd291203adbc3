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
  it('is indexed by id once every reference leads somewhere', () => {
    const inventory = readInventory('inventory.json', { units: [unit], sites: [site], agents: [agent] });
    expect(inventory.agents.get('gw-26734-01')?.unit).toBe('26734');
    expect(inventory.devices.size).toBe(0);
  });

  it('names every broken reference and every double entry at once', () => {
    expect(
      problemsOf({
        units: [unit, unit],
        sites: [{ ...site, unit: '99999', parent: 'hub-1' }],
        agents: [{ ...agent, site: 'nowhere' }],
      }),
    ).toEqual([
      'inventory.json: units[1]: "26734" stands here twice',
      'inventory.json: sites[0].unit: no such entry, got "99999"',
      'inventory.json: sites[0].parent: no such entry, got "hub-1"',
      'inventory.json: agents[0].site: no such entry, got "nowhere"',
    ]);
  });

  it('says what was expected of a malformed entry', () => {
    const problems = problemsOf({ units: [{ ...unit, code: 26734, colour: 'red' }] });
    expect(problems.some((problem) => problem.includes('units[0].code'))).toBe(true);
    expect(problems).toContain('inventory.json: units[0].colour: unknown setting');
  });
});
