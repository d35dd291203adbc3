import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_ROWS, type Cell, type Column } from '../../protocols/snmp/conversation.ts';
import { SnmpError } from '../../protocols/snmp/session.ts';
import { converseWith } from '../../protocols/snmp/testing/columns.ts';
import type { Objects } from '../../protocols/snmp/testing/fake-session.ts';
import { KnownStations } from './known-stations.ts';
import { readOwnMacs, readStations } from './stations.ts';

const VLAN_FDB = '1.3.6.1.2.1.17.7.1.2.2.1.2';
const FDB = '1.3.6.1.2.1.17.4.3.1.2';
const PORTS = { '1.3.6.1.2.1.17.1.4.1.2.1': 10101, '1.3.6.1.2.1.17.1.4.1.2.2': 10102 };
const NAMES = new Map([
  ['10101', 'Gi0/1'],
  ['10102', 'Gi0/2'],
  ['7', 'Vlan7'],
]);

/** `0.28.115.0.0.N`: of device `d-N`. */
const arcs = (number: number): string => `0.28.115.0.0.${number}`;
const macOf = (number: number): string => `00:1c:73:00:00:${number.toString(16).padStart(2, '0')}`;

function knownDevices(count: number): KnownStations {
  const known = new KnownStations();
  for (let number = 1; number <= count; number++)
    known.learn(`d-${number}`, [macOf(number)], `10.0.0.${number}`);
  return known;
}

async function read(objects: Objects, known = knownDevices(9)) {
  const context = { conversation: converseWith(objects), device: 'd-1', known, portNames: NAMES };
  const { readings, error } = await readStations(context);
  expect(error).toBeUndefined();
  return readings.map(({ tags, fields }) => [tags['interface'], tags['source'], fields]);
}

describe('stations of a bridge', () => {
  it('are named where they are devices of the collector, and counted once whatever their VLANs; others are counted only', async () => {
    const objects = {
      ...PORTS,
      [`${VLAN_FDB}.1.${arcs(2)}`]: 1,
      [`${VLAN_FDB}.7.${arcs(2)}`]: 1,
      [`${VLAN_FDB}.7.${arcs(3)}`]: 1,
      [`${VLAN_FDB}.7.${arcs(200)}`]: 1,
      // Its own address, a telephone on another port, and a port that is no interface.
      [`${VLAN_FDB}.1.${arcs(1)}`]: 0,
      [`${VLAN_FDB}.1.${arcs(201)}`]: 2,
      [`${VLAN_FDB}.1.${arcs(4)}`]: 99,
    };
    expect(await read(objects)).toEqual([
      ['Gi0/1', 'fdb', { stations_count: 3, devices_count: 2, devices: 'd-2 d-3' }],
    ]);
  });

  it('are read from BRIDGE-MIB where there is no Q-BRIDGE-MIB, and only counted behind an uplink', async () => {
    const uplink = Object.fromEntries([2, 3, 4, 5, 6].map((number) => [`${FDB}.${arcs(number)}`, 2]));
    expect(await read({ ...PORTS, ...uplink })).toEqual([
      ['Gi0/2', 'fdb', { stations_count: 5, devices_count: 5 }],
    ]);
  });

  it('are not read from a table that is longer than is walked: part of it would mislead', async () => {
    const cells = new Map<string, Cell>([[`0.${arcs(2)}`, { value: 1, ticks: undefined }]]);
    for (let at = 1; at < MAX_ROWS; at++)
      cells.set(`1.2.0.0.0.${at >> 8}.${at & 255}`, { value: 1, ticks: undefined });
    const error = new SnmpError('failed', `more than ${MAX_ROWS} rows`);
    const column = async (oid: string): Promise<Column> =>
      oid === VLAN_FDB ? { cells, error } : converseWith(PORTS).column(oid);
    const context = { conversation: { column }, device: 'd-1', known: knownDevices(9), portNames: NAMES };
    expect(await readStations(context)).toEqual({ readings: [], error: undefined });
  });
});

it('ARP and ND tables name the devices at an interface by their addresses', async () => {
  const now = '1.3.6.1.2.1.4.35.1.4';
  const mac = Buffer.from('001c73000002', 'hex');
  const known = knownDevices(3);
  known.learn('d-6', [], '2001:db8::6');
  expect(
    await read(
      {
        [`${now}.7.1.4.10.0.0.2`]: mac,
        [`${now}.7.1.4.10.0.0.77`]: mac,
        [`${now}.7.2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.6`]: mac,
      },
      known,
    ),
  ).toEqual([['Vlan7', 'arp', { stations_count: 3, devices_count: 2, devices: 'd-2 d-6' }]]);
  expect(await read({ '1.3.6.1.2.1.4.22.1.2.7.10.0.0.3': mac })).toEqual([
    ['Vlan7', 'arp', { stations_count: 1, devices_count: 1, devices: 'd-3' }],
  ]);
});

it('an address of two devices is that of neither, until one of them has it no more', () => {
  const known = new KnownStations();
  known.learn('a', ['m-1', 'm-2'], undefined);
  known.learn('b', ['m-2'], undefined);
  expect([known.deviceOfMac('m-1'), known.deviceOfMac('m-2')]).toEqual(['a', undefined]);
  known.learn('a', ['m-3'], undefined);
  expect([known.deviceOfMac('m-1'), known.deviceOfMac('m-3')]).toEqual([undefined, 'a']);
});

it('the own addresses of a device are those of six bytes that are not all zero', async () => {
  const column = '1.3.6.1.2.1.2.2.1.6';
  const { macs } = await readOwnMacs(
    converseWith({
      [`${column}.1`]: Buffer.from('001c73000002', 'hex'),
      [`${column}.2`]: Buffer.from('001c73000002', 'hex'),
      [`${column}.3`]: Buffer.alloc(6),
      [`${column}.4`]: Buffer.from('abcd', 'hex'),
      [`${column}.5`]: '',
    }),
  );
  expect(macs).toEqual(['00:1c:73:00:00:02']);
});

it('rubbish in the tables names nobody', async () => {
  const index = fc.array(fc.nat(400), { minLength: 1, maxLength: 20 }).map((found) => found.join('.'));
  const column = fc.constantFrom(
    VLAN_FDB,
    FDB,
    '1.3.6.1.2.1.17.1.4.1.2',
    '1.3.6.1.2.1.4.35.1.4',
    '1.3.6.1.2.1.4.22.1.2',
  );
  const value = fc.oneof(
    fc.integer(),
    fc.string(),
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(column, index, value), { maxLength: 30 }), async (cells) => {
      const objects = Object.fromEntries(cells.map(([oid, at, cell]) => [`${oid}.${at}`, cell]));
      expect(await read(objects)).toEqual([]);
    }),
  );
});
