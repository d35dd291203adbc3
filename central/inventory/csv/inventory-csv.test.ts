import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyInventoryFile, inventorySchema, type InventoryFile } from '../../../contract/inventory.ts';
import { problemsOf } from '../given.ts';
import { CSV_KINDS, CSV_LISTS } from './columns.ts';
import { describeCsvProblem } from './csv-problem.ts';
import { givenCsv } from './given-csv.ts';
import { MAX_CSV_BYTES } from './parse-csv.ts';
import { readInventoryCsv } from './read-inventory-csv.ts';
import { writeInventoryCsv } from './write-inventory-csv.ts';

const UNITS =
  'code,name,nameEn,kind,longitude,latitude,areaKm2\n26737,Tân Định,Tan Dinh,ward,106.69,10.79,1.23\n';
const SITES = 'id;unit;name;kind;parents;longitude;latitude\nhub;26737;Nút;hub;;106,69;10,79\n';
const AGENTS = 'id\tkind\tsite\tunit\ngw-1\tgateway\thub\t26737\n';

function files(texts: Readonly<Record<string, string>>) {
  return Object.entries(texts).map(([name, text]) => ({ name, content: Buffer.from(text) }));
}

function read(texts: Readonly<Record<string, string>>, current = emptyInventoryFile()) {
  const { problems, ...rest } = readInventoryCsv(files(texts), current);
  return { ...rest, problems: problems.map((problem) => describeCsvProblem(problem)) };
}

const BASE = { 'units.csv': UNITS, 'sites.csv': SITES, 'agents.csv': AGENTS };

describe('an inventory in CSV', () => {
  it('has a file for each list, with commas, semicolons or tabs', () => {
    const { lists, problems, notes } = read({
      ...BASE,
      'import/devices.csv':
        '\ufeffid,kind,site,unit,agent,parents,expects\r\nn-1,node,hub,26737,gw-1,,"ping=10000, device=60000"\r\nn-2,node,hub,26737,gw-1,n-1,\r\n',
    });
    expect(problems).toEqual([]);
    expect(notes).toEqual([]);
    expect(lists.units).toEqual([
      {
        code: '26737',
        name: 'Tân Định',
        nameEn: 'Tan Dinh',
        kind: 'ward',
        longitude: 106.69,
        latitude: 10.79,
        areaKm2: 1.23,
      },
    ]);
    expect(lists.sites).toEqual([
      { id: 'hub', unit: '26737', name: 'Nút', kind: 'hub', longitude: 106.69, latitude: 10.79 },
    ]);
    expect(lists.devices?.[0]?.expects).toEqual([
      { measurement: 'ping', intervalMs: 10_000 },
      { measurement: 'device', intervalMs: 60_000 },
    ]);
    expect(lists.devices?.[1]?.parents).toEqual(['n-1']);
  });

  it('may replace one list of an inventory, and is checked with the rest of it', () => {
    const { lists } = read(BASE);
    const current: InventoryFile = { ...emptyInventoryFile(), ...lists };
    expect(
      read({ 'devices.csv': 'id,kind,site,unit,agent\nn-1,node,hub,26737,gw-2\n' }, current).problems,
    ).toEqual(['devices.csv line 2: agent: no such entry, got "gw-2", did you mean "gw-1"?']);
    expect(read({ 'sites.csv': SITES.replaceAll('hub;26', 'hub-1;26') }, current).problems).toEqual([
      'agents "gw-1": site: no such entry, got "hub"',
    ]);
  });

  it('names what Excel did to a value', () => {
    const { problems } = read({
      'units.csv': [
        'code,name,nameEn,kind,longitude,latitude,areaKm2,',
        '1234,Trúc Bạch,Truc Bach,ward,105.84,21.04,0.5,',
        '2.6737E+04,Th? D?u M?t,Thu Dau Mot,Ward,"106,66",10.969.32,15.68,',
      ].join('\n'),
      'sites.csv': SITES.replace('26737;N', 'Trúc Bạch;N'),
      'pools.csv':
        'id,site,resource,installedOn\np,hub,cpu,1/7/2025\np,hub,ram,7/13/2025\np,hub,disk,45839\np,hub,gpu,2025-02-30\n',
      'interfaces.csv': 'device,name,capacityBps\nn-1,a,1E+09\nn-1,b,1.000.000\nn-1,c,-1\n',
    });
    expect(problems).toEqual([
      'units.csv line 2: code: expected the official 5-digit code (in Excel: a column of text), got "1234", did you mean "01234"?',
      'units.csv line 3: code: expected the official 5-digit code (in Excel: a column of text), got "2.6737E+04", did you mean "26737"?',
      'units.csv line 3: name: expected a name with all its letters (in Excel: save as "CSV UTF-8"), got "Th? D?u M?t"',
      'units.csv line 3: latitude: expected a number such as 106.69, got "10.969.32"',
      'units.csv line 3: kind: invalid option: expected one of "ward"|"commune"|"special_zone", got "Ward", did you mean "ward"?',
      'sites.csv line 2: unit: expected the official 5-digit code (in Excel: a column of text), got "Trúc Bạch"',
      'interfaces.csv line 2: device: no such entry, got "n-1"',
      'interfaces.csv line 3: capacityBps: expected a whole number such as 1000000000, got "1.000.000", did you mean "1000000"?',
      'interfaces.csv line 3: device: no such entry, got "n-1"',
      'interfaces.csv line 4: capacityBps: expected a whole number such as 1000000000, got "-1"',
      'interfaces.csv line 4: device: no such entry, got "n-1"',
      'pools.csv line 2: installedOn: expected a day such as 2025-07-01, got "1/7/2025", did you mean "2025-07-01"?',
      'pools.csv line 3: installedOn: expected a day such as 2025-07-01, got "7/13/2025", did you mean "2025-07-13"?',
      'pools.csv line 4: installedOn: expected a day such as 2025-07-01, got "45839", did you mean "2025-07-01"?',
      'pools.csv line 5: installedOn: expected a day such as 2025-07-01, in quotes, got "2025-02-30"',
    ]);
  });

  it('tells the id to somebody who wrote a name', () => {
    const { problems } = read({
      ...BASE,
      'agencies.csv': 'id,name\nso-khcn,Sở Khoa học và Công nghệ\n',
      'sites.csv':
        `${SITES.trimEnd().replace('latitude', 'latitude;agency')};so khoa hoc va cong nghe\n`.replace(
          '26737',
          'tan dinh',
        ),
    });
    expect(problems).toEqual([
      'sites.csv line 2: unit: expected the official 5-digit code (in Excel: a column of text), got "tan dinh", did you mean "26737"?',
      'sites.csv line 2: agency: expected 1 to 64 of a-z 0-9 . _ -, got "so khoa hoc va cong nghe", did you mean "so-khcn"?',
    ]);
  });

  it('composes decomposed letters, and says so', () => {
    const { lists, notes, problems } = read({ 'units.csv': UNITS.normalize('NFD') });
    expect(problems).toEqual([]);
    expect(lists.units?.[0]?.name).toBe('Tân Định'.normalize('NFC'));
    expect(notes).toEqual(['units.csv: 1 values in decomposed Unicode (NFD) were composed (NFC)']);
  });

  it('may be the "Unicode text" of Excel, but no old encoding', () => {
    const utf16 = {
      name: 'units.csv',
      content: Buffer.from(`\ufeff${UNITS.replaceAll(',', '\t')}`, 'utf16le'),
    };
    expect(readInventoryCsv([utf16], emptyInventoryFile()).problems).toEqual([]);
    const old = { name: 'units.csv', content: Buffer.from(UNITS, 'latin1') };
    expect(readInventoryCsv([old], emptyInventoryFile()).problems).toEqual([
      {
        source: 'units.csv',
        message: 'line 2: expected text in UTF-8, got another encoding; in Excel: save as "CSV UTF-8"',
      },
    ]);
  });

  it('is refused by its columns before its rows', () => {
    const { problems } = read({
      'units.csv': 'Code,nmae,nameEn,kind,longitude,latitude,kind\n1,2,3,4,5,6,7\n',
      'device.csv': 'id\n',
      'agents.csv': '\n',
      'old/agents.csv': 'id\n',
      'links.csv': 'id,kind,fromSite\n',
    });
    expect(problems).toEqual([
      `device.csv: expected a file named ${CSV_LISTS.join('.csv, ')}.csv, got "device.csv", did you mean "devices.csv"?`,
      'old/agents.csv: expected one file for agents, got agents.csv too',
      'units.csv line 1: column 2: no such column, got "nmae", did you mean "name"?',
      'units.csv line 1: column kind comes 2 times',
      'units.csv line 1: expected a column name',
      'units.csv line 1: expected a column areaKm2',
      'agents.csv: expected a first line with the names of columns, got nothing',
      'links.csv line 1: expected a column toSite',
    ]);
  });

  it('names the line of a mistake in a reference, a cycle and a double', () => {
    const { problems } = read({
      ...BASE,
      'devices.csv':
        'id,kind,site,unit,agent,parents,notes\nn-1,node,hub,26737,gw-1,n-2,"two\nlines"\nn-2,node,hub,26737,gw-1,n-1,\nn-1,node,hub,26737,gw-1,,\nn-3,node,hub,26737,,,,x\n',
      'links.csv': 'id,kind,fromSite,fromDevice,toSite\nl-1,fibre,hub,n-9,hubb\n',
      'services.csv':
        'id,name,availabilityTargetPercent,needs\n1022,Tổng đài 1022,100,device:n-1 2of(link:l-1|pool:p) router:x\n',
    });
    expect(problems).toEqual([
      'devices.csv line 4: parents: leads only back to itself: n-1 → n-2 → n-1, got "n-1"',
      'devices.csv line 5: id: expected a unique id, got "n-1" again (first in devices.csv line 2)',
      'devices.csv line 6: cell 8 has no column, got "x"',
      'devices.csv line 6: agent: expected a value, got nothing',
      'links.csv line 2: fromDevice: no such entry, got "n-9", did you mean "n-1"?',
      'links.csv line 2: toSite: no such entry, got "hubb", did you mean "hub"?',
      'services.csv line 2: availabilityTargetPercent: expected 50 to 99.999, got "100"',
      'services.csv line 2: needs: expected device:, site:, link:, pool: or service: and an id, got "device:n-1 2of(link:l-1|pool:p) router:x"',
    ]);
  });

  it('of 50,000 rows has all of its 300 mistakes named at once', () => {
    const rows = Array.from({ length: 50_000 }, (_, at) => {
      const site = at % 500 === 3 ? 'hbu' : 'hub';
      const agent = at % 500 === 7 ? 'gw 1' : 'gw-1';
      return `n-${at},${at % 500 === 5 ? 'nod' : 'node'},${site},26737,${agent}`;
    });
    const { problems } = read({ ...BASE, 'devices.csv': `id,kind,site,unit,agent\n${rows.join('\n')}\n` });
    expect(problems).toHaveLength(300);
    expect(problems.slice(0, 3)).toEqual([
      'devices.csv line 5: site: no such entry, got "hbu", did you mean "hub"?',
      expect.stringMatching(/^devices.csv line 7: kind: .*, got "nod", did you mean "node"\?$/),
      'devices.csv line 9: agent: expected 1 to 64 of a-z 0-9 -, and not "central" or "wardwatch-canary" (central itself), got "gw 1", did you mean "gw-1"?',
    ]);
  });

  it('of rubbish in every row is not read to its end, and says so', () => {
    const { problems } = read({ 'agencies.csv': `id,name\n${`!,${',x'.repeat(50)}\n`.repeat(20_000)}` });
    expect(problems.length).toBeLessThan(5_100);
    expect(problems.at(-1)).toBe(
      'agencies.csv line 99: more than 5000 problems before this; the rest is not read',
    );
  });

  it('names at most 10,000 mistakes, and counts the rest', () => {
    const rows = '!,\n'.repeat(4_000);
    const { problems } = read({
      'agencies.csv': `id,name\n${rows}`,
      'pools.csv': `id,site,resource\n${rows}`,
    });
    expect(problems).toHaveLength(10_001);
    expect(problems.at(-1)).toMatch(/^pools.csv: \d+ more problems are not shown$/);
  });

  it('given to central with a mistake in each of many rows has 5,000 named, and says that there are more', () => {
    const rows = Array.from({ length: 6_000 }, (_, at) => `d${at},node,nosite-${at},99999,noagent${at}`);
    const content = Buffer.from(`id,kind,site,unit,agent\n${rows.join('\n')}\n`);
    const { given } = givenCsv([{ name: 'devices.csv', content }], emptyInventoryFile());
    const problems = problemsOf(given, { ...emptyInventoryFile(), ...given.lists });
    expect(problems).toHaveLength(5_001);
    expect(problems.at(-1)).toBe('more than 5000 problems; the rest is named once these are mended');
  });

  it('is limited in size', () => {
    const huge = { name: 'units.csv', content: new Uint8Array(MAX_CSV_BYTES + 1) };
    expect(readInventoryCsv([huge], emptyInventoryFile()).problems).toEqual([
      { source: 'units.csv', message: `expected at most ${MAX_CSV_BYTES} bytes, got ${MAX_CSV_BYTES + 1}` },
    ]);
  });

  it('survives rubbish', () => {
    const name = fc.constantFrom('units.csv', 'links.csv', 'services.csv', 'x', '');
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.uint8Array())), (given) => {
        readInventoryCsv(
          given.map(([file, content]) => ({ name: file, content })),
          emptyInventoryFile(),
        );
      }),
    );
    const cell = fc.constantFrom(
      '',
      'a',
      '-',
      '2of(',
      'x:y|',
      '26737/',
      '=1',
      '0',
      '1e400',
      '😀',
      '2025-07-01',
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...CSV_LISTS),
        fc.array(cell, { minLength: 1, maxLength: 30 }),
        (list, cells) => {
          const header = CSV_KINDS[list].columns.map((column) => column.name);
          const row = header.map((_, at) => cells[at % cells.length] ?? '');
          read({ [`${list}.csv`]: `${header.join(',')}\n${row.join(',')}\n` });
        },
      ),
    );
  });
});

describe('columns of CSV files', () => {
  it.each(CSV_LISTS)('of %s have every field of the schema', (list) => {
    const fields = Object.keys(inventorySchema.shape[list].unwrap().element.shape);
    expect(fields.filter((field) => !CSV_KINDS[list].columns.some(({ path }) => path[0] === field))).toEqual(
      [],
    );
  });
});

const text = fc
  .string({
    unit: fc.constantFrom('ề', 'Đ', '"', ',', ';', "'", '=', '-', '+', ' ', 'a'),
    minLength: 1,
    maxLength: 9,
  })
  .filter((value) => value.trim() !== '');
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const record = {
  installedOn: optional(fc.constant('2024-02-29')),
  contact: optional(text),
  notes: optional(text),
};
const place = {
  longitude: fc.constantFrom(106.69, -0.00001, 1e-7),
  latitude: fc.constantFrom(10, -10.123456789),
};
const interfaceName = text;

const inventories = fc
  .record({
    unit: fc.record({ name: text, nameEn: text, areaKm2: fc.constantFrom(1.23, 75) }),
    agency: fc.record({ name: text, contact: optional(text) }),
    site: fc.record({ name: text, ...place, ...record }),
    device: fc.record({ name: optional(text), ...record }),
    port: fc.record({
      name: interfaceName,
      description: optional(text),
      capacityBps: optional(fc.constantFrom(1e9, 1e22)),
    }),
    operator: optional(text),
    atLeast: optional(fc.constant(1)),
  })
  .map(({ unit, agency, site, device, port, operator, atLeast }) =>
    inventorySchema.parse({
      units: [{ code: '26737', kind: 'ward', longitude: 1, latitude: 2, ...unit }],
      formerUnits: [
        { code: '26734', name: unit.name, kind: 'ward', until: '2025-07-01', successors: ['26737'] },
        { name: unit.name, kind: 'township', district: agency.name, from: '2024-01-01', until: '2025-07-01' },
      ],
      agencies: [{ id: 'a', ...agency }],
      sites: [
        { id: 's', unit: '26737', kind: 'hub', agency: 'a', ...site },
        {
          id: 't',
          unit: '26737',
          formerUnits: [{ unit: '26734', until: '2025-07-01' }],
          kind: 'site',
          parents: ['s'],
          ...site,
        },
      ],
      agents: [{ id: 'g', kind: 'gateway', site: 's', unit: '26737', maxIntervalMs: 5_000 }],
      devices: [
        { id: 'd', kind: 'node', site: 's', unit: '26737', agent: 'g', ...device },
        {
          id: 'e',
          kind: 'ups',
          site: 't',
          unit: '26737',
          agent: 'g',
          otherAgents: ['g'],
          parents: ['d'],
          expects: [{ measurement: 'power', intervalMs: 10_000 }],
        },
      ],
      interfaces: [{ device: 'd', link: 'l', ...port }],
      links: [
        {
          id: 'l',
          kind: 'fibre',
          ends: [{ site: 's', device: 'd', interface: port.name }, { site: 't' }],
          operator,
        },
      ],
      pools: [{ id: 'p', site: 's', resource: 'cpu' }],
      services: [
        {
          id: 'v',
          name: unit.name,
          availabilityTargetPercent: 99.95,
          needs: [
            'device:d',
            { anyOf: ['device:e'], atLeast },
            { anyOf: ['link:l', 'pool:p'] },
            { anyOf: ['site:s', 'site:t'], atLeast: 2 },
          ],
        },
      ],
    }),
  );

describe('an exported inventory', () => {
  it('is the same when it is imported', () => {
    fc.assert(
      fc.property(inventories, (inventory) => {
        const written = writeInventoryCsv(inventory).map(({ name, content }) => ({
          name,
          content: Buffer.from(content),
        }));
        const { lists, problems } = readInventoryCsv(written, emptyInventoryFile());
        expect(problems).toEqual([]);
        expect(lists).toEqual(JSON.parse(JSON.stringify(inventory)));
      }),
    );
  });

  it('runs no formula in a spreadsheet', () => {
    const agencies = [{ id: 'a', name: '=HYPERLINK("http://x")', contact: '+84 28 3822 3822', notes: "'=1" }];
    const file = writeInventoryCsv({ ...emptyInventoryFile(), agencies }).find(
      ({ name }) => name === 'agencies.csv',
    );
    expect(file?.content).toBe(
      '\ufeffid,name,contact,notes\r\na,"\'=HYPERLINK(""http://x"")",\'+84 28 3822 3822,\'\'=1\r\n',
    );
    const content = Buffer.from(file?.content ?? '');
    expect(
      readInventoryCsv([{ name: 'agencies.csv', content }], emptyInventoryFile()).lists.agencies,
    ).toEqual(agencies);
  });
});
