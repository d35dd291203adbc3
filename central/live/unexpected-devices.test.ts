import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { batchOf, NOW, one } from '../ingest/testing/validate-rows.ts';
import { listedIn } from '../ingest/validate/owners.ts';
import { createValidator, type Validator } from '../ingest/validate/validator.ts';
import { readInventory } from '../inventory/inventory.ts';
import { SeriesRegistry } from '../samples/series-registry.ts';
import { UnexpectedDevices } from './unexpected-devices.ts';

const DAY_MS = 86_400_000;
const SITE = { site: 'site-1', unit: '26734' };
const INVENTORY = {
  units: [
    {
      ...{ code: '26734', name: 'Phường Một', nameEn: 'Ward One', kind: 'ward' },
      ...{ longitude: 106.7, latitude: 10.78, areaKm2: 2 },
    },
  ],
  sites: [{ id: 'site-1', unit: '26734', name: 'Site', kind: 'site', longitude: 106.7, latitude: 10.78 }],
  agents: [{ id: 'gw-1', kind: 'gateway', ...SITE }],
  devices: [{ id: 'sw-1', kind: 'node', agent: 'gw-1', ...SITE }],
};

function open(inventory: unknown = INVENTORY): {
  registry: SeriesRegistry;
  validator: Validator;
  unexpected: UnexpectedDevices;
} {
  const registry = new SeriesRegistry();
  const unexpected = new UnexpectedDevices(registry, CATALOGUE, { now: () => NOW });
  const isListed = listedIn(readInventory('test', inventory));
  return { registry, unexpected, validator: createValidator(CATALOGUE, {}, { registry, isListed }) };
}

const up = (device: string) => one('device', { device }, 'up', true);

describe('devices that the inventory lacks', () => {
  it('are listed with who reports them, and are stored all the same', () => {
    const { validator, unexpected } = open();
    for (const agent of ['gw-2', 'gw-1']) {
      const { points, refusals } = validator.validate(agent, batchOf(up('sw-9'), up('sw-1')), NOW);
      expect([points, refusals]).toEqual([2, []]);
    }
    validator.validate('gw-1', batchOf(up('sw-9'), one('device', { device: 'sw-9' }, 'cpu_pct', 5)), NOW);
    const seen = {
      ...{ device: 'sw-9', agents: ['gw-1', 'gw-2'], series: 2, measurements: ['device'] },
      firstSeenAtMs: NOW,
    };
    expect(unexpected.list()).toEqual([seen]);
    expect(unexpected.count).toBe(1);
  });

  it('are none as long as the inventory lists no device at all', () => {
    const { validator, unexpected } = open({});
    validator.validate('gw-1', batchOf(up('sw-9')), NOW);
    expect(unexpected.list()).toEqual([]);
  });

  it('are not disks, which have a tag of the same name, nor machines that only have a name', () => {
    const { validator, unexpected } = open();
    const tables = [
      one('smart_device', { host: 'srv-1', device: 'sda' }, 'health_ok', false),
      one('system', { host: 'srv-1' }, 'load1', 1),
    ];
    const { tables: checked, refusals } = validator.validate('gw-1', batchOf(...tables), NOW);
    expect(refusals).toEqual([]);
    expect(checked.flatMap(({ rows }) => rows.map(({ series }) => series.isExpected))).toEqual([true, true]);
    expect(unexpected.list()).toEqual([]);
  });

  it('are forgotten when nobody reports them any more', () => {
    const { registry, validator, unexpected } = open();
    validator.validate('gw-1', batchOf(up('sw-9')), NOW);
    registry.forgetUnseen(NOW + 2 * DAY_MS);
    registry.forgetUnseen(NOW + 4 * DAY_MS);
    expect(unexpected.list()).toEqual([]);
  });
});
