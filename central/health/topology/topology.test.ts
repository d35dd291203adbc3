import { describe, expect, it } from 'vitest';
import { sightingOf } from './proposal.ts';
import { far, link, MeasuredCity, MINUTE_MS, node, site } from './testing/measured-city.ts';

const SITES = [
  site('core', { kind: 'city' }),
  site('hub-1', { kind: 'hub', parents: ['core'] }),
  site('school'),
];
const DEVICES = [node('c-1@core'), node('h-1@hub-1'), node('s-1@school'), node('s-2@school')];

describe('proposals', () => {
  it('name a link and the way to a site that both ends report, with their ports, and the parents within the site', () => {
    const city = new MeasuredCity({ sites: SITES, devices: DEVICES });
    city.report({
      'h-1': { sees: [['xe-1', far('s-1', 'ge-9')]] },
      's-1': {
        sees: [
          ['ge-9', far('h-1', 'xe-1')],
          ['ge-1', far('s-2', 'ge-48')],
        ],
      },
      's-2': {},
    });
    expect(city.proposed()).toEqual([
      'high links/h-1-s-1: hub-1/h-1/xe-1 – school/s-1/ge-9',
      'high sites/school:  → hub-1',
      'medium devices/s-2:  → s-1',
    ]);
    const [first] = city.topology.proposals();
    expect(first?.evidence.map(sightingOf)).toEqual([
      {
        source: 'lldp',
        device: 'h-1',
        interface: 'xe-1',
        sees: 's-1',
        as: 's-1, chassis chassis-of-s-1, port ge-9',
        agent: 'gw-1',
        observedAtMs: city.nowMs,
      },
      expect.objectContaining({ device: 's-1', interface: 'ge-9', sees: 'h-1' }),
    ]);
  });

  it('come from however many rows: they are read in pages', () => {
    const city = new MeasuredCity({ sites: SITES, devices: DEVICES });
    for (let port = 0; port < 4_500; port++)
      city.row('lldp_neighbor', { agent: 'gw-1', device: 'c-1', interface: `p-${port}` }, far('phone', '1'));
    city.report({ 's-1': { sees: [['ge-1', far('s-2', '1')]] }, 's-2': {} });
    expect(city.proposed()).toEqual(['low devices/s-2:  → s-1']);
  });

  it('name nothing that is declared: links by devices or by sites alone, ways by parents', () => {
    const sites = [...SITES.slice(0, 2), site('school', { parents: ['hub-1'] })];
    const devices = [...DEVICES.slice(0, 3), node('s-2@school', { parents: ['s-1'] })];
    const report = {
      'h-1': { sees: [['xe-1', far('s-1', 'ge-9')]] },
      's-1': { sees: [['ge-1', far('s-2', 'ge-48')]] },
      's-2': {},
    } as const;
    const links = [
      link('by-device', 'school/s-1', 'hub-1/h-1/xe-7'),
      link('by-site', 'hub-1', 'school'),
      link('to-come', 'hub-1/h-1', 'school/s-1', { installedOn: '2027-01-01' }),
    ];
    for (const declared of links) {
      const city = new MeasuredCity({ sites, devices, links: [declared] });
      city.report(report);
      expect(city.proposed(), declared.id).toEqual([]);
    }
    for (const other of [
      link('retired', 'hub-1/h-1', 'school/s-1', { retiredOn: '2026-11-30' }),
      link('of-others', 'hub-1/h-1', 'school/s-2'),
      link('h-1-s-1', 'hub-1/h-1', 'school/s-2'),
    ]) {
      const city = new MeasuredCity({ sites, devices, links: [other] });
      city.report(report);
      const id = other.id === 'h-1-s-1' ? 'h-1-s-1.2' : 'h-1-s-1';
      expect(city.proposed(), other.id).toEqual([`medium links/${id}: hub-1/h-1/xe-1 – school/s-1`]);
    }
  });

  it('name the second way of a ring beside the declared one', () => {
    const ring = [site('a', { parents: ['core'] }), site('b', { parents: ['core'] })];
    const city = new MeasuredCity({
      sites: [site('core', { kind: 'city' }), ...ring],
      devices: [node('c@core'), node('n-a@a'), node('n-b@b')],
    });
    city.report({ 'n-a': { sees: [['1', far('n-b', '1')]] }, 'n-b': { sees: [['1', far('n-a', '1')]] } });
    expect(city.proposed()).toEqual([
      'high links/n-a-n-b: a/n-a/1 – b/n-b/1',
      'high sites/a: core → core, b',
      'high sites/b: core → core, a',
    ]);
  });

  it('are of low confidence where nobody says where the way out is, and lead to the device with most links', () => {
    const city = new MeasuredCity({
      sites: [site('school')],
      devices: [node('s-1@school'), node('s-2@school'), node('s-3@school')],
    });
    city.report({
      's-2': {
        sees: [
          ['1', far('s-1', '9')],
          ['2', far('s-3', '9')],
        ],
      },
      's-1': {},
      's-3': {},
    });
    expect(city.proposed()).toEqual(['low devices/s-1:  → s-2', 'low devices/s-3:  → s-2']);
  });

  it('follow the declared ways out: the device at which the line from above ends, else the one that others lead to', () => {
    const measured = {
      's-1': {
        sees: [
          ['1', far('s-2', '9')],
          ['2', far('s-3', '9')],
        ],
      },
      's-2': {},
      's-3': {},
    } as const;
    const devices = [node('s-1@school'), node('s-2@school'), node('s-3@school')];
    const above = { sites: [site('hub-1', { kind: 'hub' }), site('school', { parents: ['hub-1'] })] };
    const byLink = new MeasuredCity({ ...above, devices, links: [link('l', 'hub-1', 'school/s-3')] });
    byLink.report(measured);
    expect(byLink.proposed()).toEqual(['medium devices/s-1:  → s-3', 'medium devices/s-2:  → s-1']);
    const byParent = new MeasuredCity({
      ...above,
      devices: [node('s-1@school', { parents: ['s-2'] }), ...devices.slice(1)],
    });
    byParent.report(measured);
    expect(byParent.proposed()).toEqual(['medium devices/s-3:  → s-1']);
  });

  it('are made of fresh evidence only, by the corrected clock of the agent', () => {
    const city = new MeasuredCity({ sites: SITES, devices: DEVICES });
    city.corrections.set('gw-1', 7_200_000);
    const report = { 'h-1': { sees: [['xe-1', far('s-1', 'ge-9')]] }, 's-1': {} } as const;
    city.report(report);
    expect(city.proposed()).toHaveLength(2);
    city.nowMs += 35 * MINUTE_MS;
    city.readEvidence();
    expect(city.proposed()).toHaveLength(2);
    city.nowMs += MINUTE_MS;
    city.readEvidence();
    expect(city.proposed()).toEqual([]);
  });

  it('end as soon as the table is read again without the neighbour', () => {
    const city = new MeasuredCity({ sites: SITES, devices: DEVICES });
    city.report({ 'h-1': { sees: [['xe-1', far('s-1', 'ge-9')]] }, 's-1': {} });
    city.nowMs += 5 * MINUTE_MS;
    city.report({ 'h-1': {}, 's-1': {} });
    expect(city.proposed()).toEqual([]);
  });

  it('keep their id for as long as the same is proposed', () => {
    const city = new MeasuredCity({ sites: SITES, devices: DEVICES });
    const ids = (): string[] => city.topology.proposals().map(({ id }) => id);
    city.report({ 'h-1': { sees: [['xe-1', far('s-1', 'ge-9')]] }, 's-1': {} });
    const before = ids();
    city.nowMs += 5 * MINUTE_MS;
    city.report({ 'h-1': { sees: [['xe-1', far('s-1', 'ge-9')]] }, 's-1': {} });
    expect(ids()).toEqual(before);
    expect(new Set(before).size).toBe(2);
  });
});

describe('devices without LLDP', () => {
  const ids = ['r', 'a', 'x', 'y'];
  const cityOf = (): MeasuredCity =>
    new MeasuredCity({
      sites: [site('school', { parents: ['hub-1'] }), site('hub-1', { kind: 'hub' })],
      devices: ids.map((id) => node(`${id}@school`)),
      links: [link('l-1', 'hub-1', 'school/r')],
    });
  const sees = (city: MeasuredCity, device: string, port: string, devices: string, source = 'fdb'): void =>
    city.row('port_stations', { agent: 'gw-1', device, interface: port, source }, { devices });

  it('are behind the port that sees the fewest others beside them, with low confidence', () => {
    const city = cityOf();
    sees(city, 'r', '1', 'a x y');
    sees(city, 'a', 'down', 'x y');
    sees(city, 'x', 'down', 'y');
    // All see the router, alone at their uplinks: that says nothing of who is next to it.
    for (const device of ['a', 'x', 'y']) sees(city, device, 'up', 'r');
    city.readEvidence();
    expect(city.proposed()).toEqual(['low devices/a:  → r', 'low devices/x:  → a', 'low devices/y:  → x']);
    expect(city.topology.proposals()[0]?.evidence.map(sightingOf)).toEqual([
      {
        source: 'fdb',
        device: 'r',
        interface: '1',
        sees: 'a',
        as: 'known devices at the port: a, x, y',
        agent: 'gw-1',
        observedAtMs: city.nowMs,
      },
    ]);
  });

  it('are placed by a router only where no bridge sees them, and by neither where LLDP does', () => {
    const city = cityOf();
    sees(city, 'r', 'vlan7', 'a x y', 'arp');
    sees(city, 'a', 'down', 'x', 'fdb');
    sees(city, 'x', 'down', 'y', 'fdb');
    city.report({ r: {}, y: {}, a: { sees: [['2', far('y', '1')]] } });
    // Nothing says how a is reached: where the way out is was guessed.
    expect(city.proposed()).toEqual(['low devices/x:  → a', 'low devices/y:  → a']);
    city.nowMs += 5 * MINUTE_MS;
    city.report({ r: { sees: [['1', far('a', '1')]] } });
    expect(city.proposed()).toEqual([
      'medium devices/a:  → r',
      'medium devices/y:  → a',
      'low devices/x:  → a',
    ]);
  });

  it('are never the ends of a proposed link, and strangers in the tables are nobody', () => {
    const city = new MeasuredCity({ sites: SITES, devices: DEVICES });
    sees(city, 'h-1', 'xe-1', 's-1 who');
    sees(city, 'who', '1', 's-2');
    city.readEvidence();
    expect(city.proposed()).toEqual(['low sites/school:  → hub-1']);
  });
});

describe('a neighbour', () => {
  const city = (): MeasuredCity => new MeasuredCity({ sites: SITES, devices: DEVICES });
  const seenAs = (fields: Readonly<Record<string, string>>) => ({ sees: [['xe-1', fields]] as const });

  it.each([
    ['its chassis', { remote_chassis: '00:1C:73:B4:FD:69' }],
    ['its address', { remote_device: 'x', remote_address: '10.0.0.9' }],
    ['its name', { remote_device: 'Truong-Hoc-1.example.vn' }],
    ['its name without the domain', { remote_device: 'truong-hoc-1' }],
    ['its id', { remote_device: 'S-1.example.vn' }],
  ])('is found by %s', (_what, fields) => {
    const found = city();
    found.report({
      'h-1': seenAs(fields),
      's-1': {
        identity: {
          name: 'truong-hoc-1.example.vn',
          address: '10.0.0.9',
          ...('remote_chassis' in fields && { chassis: '00:1c:73:b4:fd:69' }),
        },
      },
    });
    expect(found.proposed()[0]).toMatch(/^medium links\/h-1-s-1/);
  });

  it('is not found by what two devices have alike, nor by a name where the chassis says otherwise', () => {
    const alike = city();
    alike.report({
      'h-1': seenAs({ remote_device: 'MikroTik' }),
      's-1': { identity: { name: 'MikroTik' } },
      's-2': { identity: { name: 'MikroTik' } },
    });
    expect(alike.proposed()).toEqual([]);
    const other = city();
    other.report({
      'h-1': seenAs({ remote_device: 'MikroTik', remote_chassis: '00:00:00:00:00:01' }),
      's-1': { identity: { name: 'MikroTik', chassis: '00:00:00:00:00:02' } },
    });
    expect(other.proposed()).toEqual([]);
  });

  it('that the inventory lacks, or that is retired, is nobody to propose', () => {
    const stranger = new MeasuredCity({
      sites: SITES,
      devices: [...DEVICES, node('old@school', { retiredOn: '2026-01-01' })],
    });
    stranger.report({
      'h-1': {
        sees: [
          ['1', far('phone', '1')],
          ['2', far('old', '1')],
        ],
      },
      old: {},
    });
    expect(stranger.proposed()).toEqual([]);
  });
});

describe('the wiring of a declared link', () => {
  const LINK = link('l-1', 'hub-1/h-1/xe-1', 'school/s-1/ge-9');
  const cityWith = (...links: readonly ReturnType<typeof link>[]): MeasuredCity =>
    new MeasuredCity({ sites: SITES, devices: [...DEVICES, node('c-2@core')], links: [...links] });

  it('agrees where one end sees the other, whatever the other end sees', () => {
    const city = cityWith(LINK);
    city.report({
      'h-1': { sees: [['xe-1', far('s-1', 'ge-9')]] },
      's-1': { sees: [['ge-9', far('c-1', '1')]] },
      'c-1': {},
    });
    expect(city.wiring()).toEqual(['l-1 agrees since 0 min']);
  });

  it('differs where a declared port sees another device, of the inventory or not', () => {
    const city = cityWith(LINK);
    city.report({ 'h-1': { sees: [['xe-1', far('c-1', 'ge-3')]] }, 'c-1': {} });
    city.nowMs += 5 * MINUTE_MS;
    city.report({ 'h-1': { sees: [['xe-1', far('c-1', 'ge-3')]] }, 'c-1': {} });
    expect(city.wiring()).toEqual([
      'l-1 differs since 5 min: h-1 port xe-1 sees c-1, chassis chassis-of-c-1, port ge-3',
    ]);
    const stranger = { 'h-1': { sees: [['xe-1', far('cpe-7', 'wan')]] } } as const;
    const unsure = cityWith(LINK);
    unsure.report(stranger);
    // s-1 never told who it is: the stranger may be it.
    expect(unsure.wiring()).toEqual([]);
    unsure.report({ 's-1': {} });
    expect(unsure.wiring()).toEqual([expect.stringMatching(/^l-1 differs .* cpe-7/)]);
  });

  it('is not known while its ports see nobody, or several of whom one is named', () => {
    const city = cityWith(LINK);
    city.report({ 'h-1': { sees: [['xe-2', far('c-1', '1')]] }, 'c-1': {}, 's-1': {} });
    expect(city.wiring()).toEqual([]);
    city.report({ 'h-1': { sees: [['xe-1', far('c-1', '1', 2)]] } });
    expect(city.wiring()).toEqual([]);
    city.report({ 'h-1': { sees: [['xe-1', far('c-1', '1')]] } });
    expect(city.wiring()).toHaveLength(1);
    city.nowMs += 5 * MINUTE_MS;
    city.report({ 'h-1': {} });
    expect(city.wiring()).toEqual([]);
  });

  it('without ports differs only where both ends see devices that are declared nowhere', () => {
    const declared = link('l-2', 'hub-1/h-1', 'school/s-1');
    const city = cityWith(declared, link('l-3', 'hub-1/h-1', 'core/c-1'));
    const hub = { sees: [['xe-1', far('c-1', '1')]] } as const;
    city.report({ 'h-1': hub, 's-1': { sees: [['ge-9', far('c-2', '1')]] }, 'c-1': {}, 'c-2': {} });
    // h-1 sees what is declared: its other port may have no LLDP.
    expect(city.wiring()).toEqual(['l-3 agrees since 0 min']);
    city.report({ 'h-1': { sees: [...hub.sees, ['xe-2', far('c-2', '2')]] } });
    expect(city.wiring()).toEqual([
      'l-3 agrees since 1 min',
      'l-2 differs since 0 min: h-1 port xe-2 sees c-2, chassis chassis-of-c-2, port 2; s-1 port ge-9 sees c-2, chassis chassis-of-c-2, port 1',
    ]);
  });

  it('is not judged where something stands in between, nor of a link that is not in service', () => {
    for (const kind of ['leased', 'vpn', 'microwave', '5g'] as const) {
      const city = cityWith({ ...LINK, kind });
      city.report({ 'h-1': { sees: [['xe-1', far('c-1', '1')]] }, 'c-1': {}, 's-1': {} });
      expect(city.wiring(), kind).toEqual([]);
    }
    const retired = cityWith({ ...LINK, retiredOn: '2026-11-30' });
    retired.report({ 'h-1': { sees: [['xe-1', far('c-1', '1')]] }, 'c-1': {} });
    expect(retired.wiring()).toEqual([]);
  });

  it('is told for an hour to be declared otherwise once the entry has changed or is gone', () => {
    const city = cityWith(LINK);
    city.report({ 'h-1': { sees: [['xe-1', far('c-1', '1')]] }, 'c-1': {} });
    city.declare({ sites: SITES, devices: DEVICES });
    expect(city.wiring()).toEqual(['l-1 redeclared since 0 min: the inventory has it otherwise now']);
    city.nowMs += 61 * MINUTE_MS;
    city.readEvidence();
    expect(city.wiring()).toEqual([]);
  });

  it('names a neighbour without any name', () => {
    const city = cityWith(LINK);
    city.report({ 'h-1': { sees: [['xe-1', { neighbors_count: 1 }]] }, 's-1': {} });
    expect(city.wiring()).toEqual(['l-1 differs since 0 min: h-1 port xe-1 sees a neighbour without a name']);
  });
});
