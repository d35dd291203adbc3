import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { unitSchema, type FormerUnit, type Site, type Unit } from '../../../contract/inventory.ts';
import { UserError } from '../../../runtime/errors.ts';
import { dayBefore } from './days.ts';
import { formerUnitsOfLists } from './former-units-of-lists.ts';
import { unitOn, unitsOfSites } from './site-units.ts';
import { UnitHistory, type DatedUnit } from './unit-history.ts';
import { readFormedUnits, readWardList, readWardName } from './ward-lists.ts';

const place = { longitude: 106.69, latitude: 10.79 };
const unit = (code: string, name: string): Unit => ({
  code,
  name,
  nameEn: name,
  kind: 'ward',
  ...place,
  areaKm2: 1,
});
const former = (
  code: string,
  name: string,
  until: string,
  successors: string[],
  more: Partial<FormerUnit> = {},
) => ({ code, name, kind: 'ward', until, successors, ...more }) satisfies FormerUnit;
const site = (id: string, code: string, formerUnits?: Site['formerUnits']): Site => ({
  id,
  unit: code,
  name: id,
  kind: 'site',
  ...place,
  ...(formerUnits !== undefined && { formerUnits }),
});

/** District 1, and two wards of Gò Vấp that changed twice. */
const UNITS = [unit('26737', 'Tân Định'), unit('26740', 'Sài Gòn'), unit('26878', 'An Hội Đông')];
const FORMER = [
  former('26869', 'Phường 15', '2025-01-01', ['26872']),
  former('26872', 'Phường 13', '2025-01-01', ['26872']),
  former('26872', 'Phường 15', '2025-07-01', ['26878'], { from: '2025-01-01' }),
  former('26734', 'Tân Định', '2025-07-01', ['26737']),
  former('26737', 'Đa Kao', '2025-07-01', ['26737', '26740']),
  former('26740', 'Bến Nghé', '2025-07-01', ['26740']),
];
const history = new UnitHistory(UNITS, FORMER);

function nameOf(dated: DatedUnit | undefined): string | undefined {
  return dated?.unit.name;
}

it('the day before the first of March is the last of February', () => {
  expect(dayBefore('2025-03-01')).toBe('2025-02-28');
  expect(dayBefore('2024-03-01')).toBe('2024-02-29');
});

describe('a code', () => {
  it.each([
    ['26737', '2025-06-30', 'Đa Kao'],
    ['26737', '2025-07-01', 'Tân Định'],
    ['26734', '2025-06-30', 'Tân Định'],
    ['26734', '2025-07-01', undefined],
    ['26872', '2024-12-31', 'Phường 13'],
    ['26872', '2025-01-01', 'Phường 15'],
    ['26878', '2025-06-30', undefined],
    ['99999', '2025-06-30', undefined],
  ])('%s meant on %s: %s', (code, day, name) => {
    expect(nameOf(history.on(code, day))).toBe(name);
  });

  it('leads from a former unit to those of today, over several changes and if it was split', () => {
    const today = history.formerUnits.map(({ unit: { name }, until }) => {
      const found = history.formerUnits.find((dated) => dated.unit.name === name && dated.until === until);
      return [
        name,
        until,
        history
          .todaysUnitsOf(found!.unit as FormerUnit)
          .map((other) => other.name)
          .join(', '),
      ];
    });
    expect(today).toEqual([
      ['Phường 15', '2025-01-01', 'An Hội Đông'],
      ['Phường 13', '2025-01-01', 'An Hội Đông'],
      ['Phường 15', '2025-07-01', 'An Hội Đông'],
      ['Tân Định', '2025-07-01', 'Tân Định'],
      ['Đa Kao', '2025-07-01', 'Tân Định, Sài Gòn'],
      ['Bến Nghé', '2025-07-01', 'Sài Gòn'],
    ]);
  });

  it('of successors that name each other leads to an end', () => {
    const loop = [
      former('1', 'a', '2025-01-01', ['2']),
      former('2', 'b', '2025-01-01', ['1'], { from: '2024-01-01' }),
    ];
    const around = new UnitHistory([], loop);
    expect(around.todaysUnitsOf(loop[0]!)).toEqual([]);
  });
});

const SITES = [
  site('in-dakao', '26737', [{ unit: '26737', until: '2025-07-01' }]),
  site('in-tan-dinh', '26737', [{ unit: '26734', until: '2025-07-01' }]),
  site('in-sai-gon', '26740', [{ unit: '26737', until: '2025-07-01' }]),
  site('in-go-vap', '26878', [{ unit: '26872', until: '2025-07-01' }]),
  site('nobody-said', '26740'),
];

describe('the unit of a site', () => {
  it('is a dated fact', () => {
    const names = (day: string) => SITES.map((at) => nameOf(unitOn(history, at, day)));
    expect(names('2025-07-01')).toEqual(['Tân Định', 'Tân Định', 'Sài Gòn', 'An Hội Đông', 'Sài Gòn']);
    expect(names('2025-06-30')).toEqual(['Đa Kao', 'Tân Định', 'Đa Kao', 'Phường 15', undefined]);
    expect(names('2024-12-31')).toEqual(['Đa Kao', 'Tân Định', 'Đa Kao', undefined, undefined]);
  });

  it('is listed for all sites of an inventory, but for those of which nobody said it', () => {
    const inventory = {
      units: new Map(UNITS.map((at) => [at.code, at])),
      formerUnits: FORMER,
      sites: new Map(SITES.map((at) => [at.id, at])),
    };
    expect(
      [...unitsOfSites(inventory, '2025-06-30')].map(([id, { code, name }]) => `${id}: ${code} ${name}`),
    ).toEqual([
      'in-dakao: 26737 Đa Kao',
      'in-tan-dinh: 26734 Tân Định',
      'in-sai-gon: 26737 Đa Kao',
      'in-go-vap: 26872 Phường 15',
    ]);
  });
});

describe('lists of wards', () => {
  it.each([
    ['Phường Tân Định', 'Tân Định', 'ward'],
    ['Phường  An Lạc', 'An Lạc', 'ward'],
    ['Phường 05', 'Phường 5', 'ward'],
    ['Thị trấn Củ Chi', 'Củ Chi', 'township'],
    ['Rạch Ông', 'Rạch Ông', undefined],
  ])('name %j as %j, %s', (text, name, kind) => {
    expect(readWardName(text)).toEqual({ name, kind });
  });

  it.each([
    [
      'a,b\n',
      'list.csv: expected columns district, ward_code, ward, ward_type; there is no district, ward_code, ward, ward_type',
    ],
    [
      'district,ward_code,ward,ward_type\nQuận 1,2673,Phường Tân Định,Phường\n',
      'list.csv: line 2: ward_code: expected the official 5-digit code, got "2673"',
    ],
    [
      'district,ward_code,ward,ward_type\n"Quận 1',
      'list.csv: line 2: a quote is opened here and never closed; the rest is not read',
    ],
  ])('that are wrong are refused: %j', (text, problem) => {
    expect(() => readWardList('list.csv', Buffer.from(text))).toThrow(new UserError(2, [problem]));
  });

  it('tell what became of each ward', () => {
    const ward = (code: string, name: string, district: string) => ({
      code,
      name,
      kind: 'ward' as const,
      district,
    });
    const lists = [
      {
        until: '2025-01-01',
        wards: [
          ward('26869', 'Phường 15', 'Quận Gò Vấp'),
          ward('26872', 'Phường 13', 'Quận Gò Vấp'),
          ward('26893', 'Phường 4', 'Quận Gò Vấp'),
          ward('27034', 'Tân Quý', 'Quận Tân Phú'),
        ],
      },
      {
        until: '2025-07-01',
        wards: [
          ward('26872', 'Phường 15', 'Quận Gò Vấp'),
          ward('27034', 'Tân Quý', 'Quận Tân Phú'),
          ward('27481', 'Tân Quy', 'Quận 7'),
          ward('27627', 'Qui Đức', 'Huyện Bình Chánh'),
        ],
      },
    ];
    const today = [
      { code: '25747', formedFrom: 'Phường Phú Cường, Phường Tân Quý (thành phố Thủ Dầu Một)' },
      { code: '26878', formedFrom: 'Phường 15, Phường 16 (quận Gò Vấp), Phường Tân Quý' },
      { code: '27475', formedFrom: 'Tân Quy, Phường Quy Đức' },
      { code: '27481', formedFrom: 'giữ nguyên' },
      { code: '27490', formedFrom: 'giữ nguyên' },
    ];
    expect(formerUnitsOfLists(lists, today)).toEqual([
      former('26869', 'Phường 15', '2025-01-01', ['26872'], { district: 'Quận Gò Vấp' }),
      former('26872', 'Phường 13', '2025-01-01', ['26872'], { district: 'Quận Gò Vấp' }),
      former('26893', 'Phường 4', '2025-01-01', [], { district: 'Quận Gò Vấp' }),
      former('26872', 'Phường 15', '2025-07-01', ['26878'], { district: 'Quận Gò Vấp', from: '2025-01-01' }),
      former('27034', 'Tân Quý', '2025-07-01', ['26878'], { district: 'Quận Tân Phú' }),
      former('27481', 'Tân Quy', '2025-07-01', ['27475', '27481'], {
        district: 'Quận 7',
        from: '2025-01-01',
      }),
      former('27627', 'Qui Đức', '2025-07-01', ['27475'], {
        district: 'Huyện Bình Chánh',
        from: '2025-01-01',
      }),
      { name: 'Phú Cường', kind: 'ward', until: '2025-07-01', successors: ['25747'] },
      {
        name: 'Tân Quý',
        kind: 'ward',
        district: 'thành phố Thủ Dầu Một',
        until: '2025-07-01',
        successors: ['25747'],
      },
      {
        name: 'Phường 16',
        kind: 'ward',
        district: 'quận Gò Vấp',
        until: '2025-07-01',
        successors: ['26878'],
      },
    ]);
  });
});

const SHARED = join(process.cwd(), '../shared/data/geo-hcmc');

describe.skipIf(!existsSync(SHARED))('Ho Chi Minh City (skipped without the shared data)', () => {
  const file = (name: string) => (existsSync(SHARED) ? readFileSync(join(SHARED, name)) : Buffer.alloc(0));

  it('had 312 wards, then 273, and has 168 units; every old one of 273 leads to one of today', () => {
    const today = readFormedUnits('now', file('wards-2025-07.csv'));
    const formerUnits = formerUnitsOfLists(
      [
        { until: '2025-01-01', wards: readWardList('old', file('wards-old-2024-11.csv')) },
        { until: '2025-07-01', wards: readWardList('older', file('wards-old-2025-03.csv')) },
      ],
      today,
    );
    const units = today.map(({ code }) => unitSchema.parse(unit(code, code)));
    const city = new UnitHistory(units, formerUnits);
    const countOn = (day: string) =>
      city.unitsOn(day).filter(({ unit: at }) => 'successors' in at && at.code !== undefined).length;
    expect(countOn('2024-11-01')).toBe(312);
    expect(countOn('2025-03-01')).toBe(273);
    expect(city.unitsOn('2025-07-01')).toHaveLength(168);

    const of273 = formerUnits.filter(({ code, until }) => code !== undefined && until === '2025-07-01');
    expect(of273.filter((at) => city.todaysUnitsOf(at).length === 0)).toEqual([]);
    // The lists do not tell where 27 of the 39 wards went that ended with 2024.
    expect(formerUnits.filter((at) => city.todaysUnitsOf(at).length === 0)).toHaveLength(27);

    const todays = (name: string, district: string) =>
      of273
        .filter((at) => at.name === name && at.district === district)
        .map((at) =>
          city
            .todaysUnitsOf(at)
            .map(({ code }) => code)
            .sort(),
        );
    expect(todays('Tân Định', 'Quận 1')).toEqual([['26737']]);
    expect(todays('Đa Kao', 'Quận 1')).toEqual([['26737', '26740']]);
    expect(todays('Phường 15', 'Quận Gò Vấp')).toEqual([['26878']]);
    expect(todays('Phường 16', 'Quận 8')).toEqual([['27364', '27427', '27595']]);
    expect(todays('Tân Quý', 'Quận Tân Phú')).toEqual([['27019', '27022']]);
    expect(todays('Thạnh An', 'Huyện Cần Giờ')).toEqual([['27676']]);
    // Wards of the provinces that joined are in no list, and found by name.
    const joined = formerUnits.filter(({ code }) => code === undefined);
    expect(joined.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['Phú Cường', 'Thắng Tam', 'Côn Đảo']),
    );
  });
});
