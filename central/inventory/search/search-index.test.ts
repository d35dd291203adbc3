import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyInventoryFile } from '../../../contract/inventory.ts';
import { readInventory } from '../inventory.ts';
import { LiveInventory } from '../live-inventory.ts';
import { searchEntriesOf } from './inventory-entries.ts';
import { InventorySearch } from './inventory-search.ts';
import { MAX_SEARCH_CHARS, MAX_SEARCH_HITS, SearchIndex } from './search-index.ts';

const place = { longitude: 106.69, latitude: 10.79 };
const unit = (code: string, name: string, nameEn: string) => ({
  code,
  name,
  nameEn,
  kind: 'ward',
  ...place,
  areaKm2: 1,
});
const former = { kind: 'ward', until: '2025-07-01', district: 'Quận 1' };
const here = { site: 'site-26737-01', unit: '26737' };

const INVENTORY = {
  ...emptyInventoryFile(),
  units: [
    unit('26737', 'Tân Định', 'Tan Dinh'),
    unit('26740', 'Sài Gòn', 'Sai Gon'),
    unit('25747', 'Thủ Dầu Một'.normalize('NFD'), 'Thu Dau Mot'),
    unit('27004', 'Tân Bình', 'Tan Binh'),
  ],
  formerUnits: [
    { ...former, code: '26734', name: 'Tân Định', successors: ['26737'] },
    { ...former, code: '26737', name: 'Đa Kao', successors: ['26737', '26740'] },
    {
      ...former,
      code: '27001',
      name: 'Phường 9',
      district: 'Quận Tân Bình',
      until: '2025-01-01',
      successors: ['27004'],
    },
  ],
  agencies: [{ id: 'so-khcn', name: 'Sở Khoa học và Công nghệ' }],
  sites: [{ id: 'site-26737-01', unit: '26737', name: 'Trụ sở UBND Tân Định', kind: 'site', ...place }],
  agents: [{ id: 'gw-26737-01', kind: 'gateway', ...here }],
  devices: [
    { id: 'n-26737-01', kind: 'node', agent: 'gw-26737-01', ...here },
    { id: 'sbc-1', kind: 'server', name: 'Tổng đài 1022', agent: 'gw-26737-01', ...here },
  ],
  interfaces: [{ device: 'n-26737-01', name: 'ge-0/0/1', description: 'Lên nút Sài Gòn' }],
  links: [
    {
      id: 'l-1',
      kind: 'fibre',
      operator: 'VNPT',
      ends: [{ site: 'site-26737-01' }, { site: 'site-26737-01' }],
    },
  ],
  pools: [{ id: 'pool-dc1', site: 'site-26737-01', resource: 'storage' }],
  services: [{ id: '1022', name: 'Cổng 1022', needs: ['device:sbc-1'] }],
};

function indexOf(value: object): SearchIndex {
  return new SearchIndex(searchEntriesOf(readInventory('inventory', value)));
}

const index = indexOf(INVENTORY);

function find(text: string): readonly string[] {
  return index.search(text).hits.map(({ kind, name, match }) => `${kind} ${name.normalize('NFC')}: ${match}`);
}

describe('a search in the inventory', () => {
  it.each(['thu dau mot', 'Thủ Dầu Một', 'mot  THU', 'một', 'thu d', 'phường thủ dầu một', 'Thu Dau Mot'])(
    'finds Thủ Dầu Một by %j',
    (text) => {
      expect(find(text)[0]).toMatch(/^unit Thủ Dầu Một: /);
    },
  );

  it('shows the whole name first, then beginnings, words and ids', () => {
    expect(find('tan dinh')).toEqual([
      'unit Tân Định: exact',
      'former-unit Tân Định: exact',
      'site Trụ sở UBND Tân Định: words',
    ]);
    expect(find('tân')).toEqual([
      'unit Tân Bình: beginning',
      'unit Tân Định: beginning',
      'former-unit Tân Định: beginning',
      'site Trụ sở UBND Tân Định: words',
      'former-unit Phường 9: id',
    ]);
    expect(find('1022')).toEqual(['service Cổng 1022: exact', 'device Tổng đài 1022: words']);
    expect(find('26737')).toEqual([
      'unit Tân Định: exact',
      'former-unit Đa Kao: id',
      'site Trụ sở UBND Tân Định: id',
      'device n-26737-01: id',
      'agent gw-26737-01: id',
      'link l-1: id',
      'interface Lên nút Sài Gòn: id',
    ]);
  });

  it.each([
    ['n-26737-01', 'device n-26737-01: exact'],
    ['ge-0/0/1 26737', 'interface Lên nút Sài Gòn: id'],
    ['vnpt', 'link l-1: id'],
    ['storage dc1', 'pool pool-dc1/storage: id'],
    ['so khoa hoc', 'agency Sở Khoa học và Công nghệ: beginning'],
    ['cong nghe so', 'agency Sở Khoa học và Công nghệ: words'],
  ])('finds %j', (text, hit) => {
    expect(find(text)).toContain(hit);
  });

  it.each(['phuong 9', 'phường 09', 'p 9 tan binh', 'phuong 9 quan tan binh'])(
    'finds a ward with a number by %j, unless it is said otherwise',
    (text) => {
      const isFound = find(text).some((hit) => hit.startsWith('former-unit Phường 9'));
      expect(isFound).toBe(true);
    },
  );

  it('tells which units a former one became', () => {
    expect(index.search('da kao').hits).toEqual([
      {
        kind: 'former-unit',
        id: '2025-07-01/26737',
        name: 'Đa Kao',
        match: 'exact',
        todaysUnits: ['26737', '26740'],
      },
    ]);
    expect(index.search('tan dinh quan 1').hits[0]?.todaysUnits).toEqual(['26737']);
  });

  it.each(['', '   ', '–', 'an', 'dinh tan x', 'inh', '😀'])('finds nothing for %j', (text) => {
    expect(index.search(text)).toEqual({ hits: [], total: 0 });
  });

  it('is limited in what it takes and gives, and counts the rest', () => {
    const agencies = Array.from({ length: 500 }, (_, at) => ({ id: `a-${at}`, name: `Sở ${at}` }));
    const many = indexOf({ ...emptyInventoryFile(), agencies });
    expect(many.search('so').total).toBe(500);
    expect(many.search('so').hits).toHaveLength(20);
    expect(many.search('so', { limit: 5_000 }).hits).toHaveLength(MAX_SEARCH_HITS);
    expect(many.search('so', { kinds: ['unit'] }).total).toBe(0);
    expect(many.search(`so 7${' '.repeat(MAX_SEARCH_CHARS)} nothing`).hits[0]?.id).toBe('a-7');
  });

  it('finds what is new, and not what is gone, after a change', () => {
    const before = readInventory('inventory', INVENTORY);
    const devices = new Map(before.devices);
    const node = devices.get('n-26737-01')!;
    devices.delete(node.id);
    devices.set('n-26740-07', { ...node, id: 'n-26740-07' });
    const units = new Map([...before.units].filter(([code]) => code !== '26740'));
    const live = new LiveInventory(before);
    const search = new InventorySearch(live);
    const find = (text: string) => search.search(text, {}).hits;
    // Whatever was prepared before.
    search.prepare(3);
    expect(find('n-26737-01')[0]?.match).toBe('exact');
    live.replace({ ...before, units, devices });
    for (let turn = 0; turn < 100; turn++) search.prepare(1);
    expect(find('n 26740 07').map(({ id }) => id)).toEqual(['n-26740-07']);
    expect(find('n-26737-01').map(({ kind }) => kind)).toEqual(['interface']);
    expect(find('sbc-1')).toHaveLength(1);
    expect(find('da kao')[0]?.todaysUnits).toEqual(['26737']);
  });

  it('survives rubbish', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(index.search(text).hits.length).toBeLessThanOrEqual(20);
      }),
    );
  });
});
