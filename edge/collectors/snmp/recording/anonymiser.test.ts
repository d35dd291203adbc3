import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TYPE } from '../../../protocols/snmp/session.ts';
import { parseSnmprec } from '../testing/parse-snmprec.ts';
import { pollRecordings } from '../testing/poll-recording.ts';
import { shippedLibrary } from '../testing/shipped-library.ts';
import { anonymise } from './anonymiser.ts';
import { snmprecLine } from './snmprec.ts';
import type { Recorded } from './walk-device.ts';

const products = shippedLibrary()().probedOids;
const octets = (oid: string, value: string | Buffer): Recorded => ({
  oid,
  type: TYPE.octets,
  value: Buffer.from(value as string),
});
const made = (objects: readonly Recorded[], ...secrets: string[]) =>
  anonymise(objects, { secrets, products }).objects.map((object) => snmprecLine(object));

describe('a recording without what tells whose it is', () => {
  it('has another name, contact and place, wherever the name turns up', () => {
    expect(
      made([
        octets('1.3.6.1.2.1.1.1.0', 'Cisco IOS Software, C3560 Software, core-p1.city.example.vn'),
        octets('1.3.6.1.2.1.1.4.0', 'Anh Nguyen <anh@city.example.vn>'),
        octets('1.3.6.1.2.1.1.5.0', 'core-p1.city.example.vn'),
        octets('1.3.6.1.2.1.1.6.0', 'UBND phường 7'),
        octets('1.0.8802.1.1.2.1.4.1.1.9.0.1.1', 'CORE-P1'),
        octets('1.3.6.1.2.1.31.1.1.1.18.3', 'to core-p1'),
      ]),
    ).toEqual([
      '1.0.8802.1.1.2.1.4.1.1.9.0.1.1|4|name-1',
      '1.3.6.1.2.1.1.1.0|4|Cisco IOS Software, C3560 Software, name-1',
      '1.3.6.1.2.1.1.4.0|4|contact-1',
      '1.3.6.1.2.1.1.5.0|4|name-1',
      '1.3.6.1.2.1.1.6.0|4|location-1',
      '1.3.6.1.2.1.31.1.1.1.18.3|4|label-1',
    ]);
  });

  it('has no name that somebody gave a port, in whatever text it stands, and the names of makers as they were', () => {
    const [name, description] = ['1.3.6.1.2.1.31.1.1.1.1', '1.3.6.1.2.1.2.2.1.2'];
    const makers = [
      'GigabitEthernet1/0/1',
      'ge-0/0/1.0',
      'sfp-sfpplus1',
      'vlan120',
      'Port-channel10',
      'pppoe-out1',
      '7',
    ];
    expect(
      made([
        ...makers.map((text, at) => octets(`${name}.${at + 1}`, text)),
        octets(`${name}.20`, 'ether5-police-hq'),
        octets(`${description}.20`, 'ether5-police-hq'),
        octets('1.3.6.1.4.1.99999.1.0', 'link ether5-police-hq is up'),
      ]),
    ).toEqual([
      `${description}.20|4|label-1`,
      ...makers.map((text, at) => `${name}.${at + 1}|4|${text}`),
      `${name}.20|4|label-1`,
      '1.3.6.1.4.1.99999.1.0|4|link label-1 is up',
    ]);
  });

  it('has no name of a machine in what its system says, and the name of the product as it was', () => {
    expect(
      made([
        octets('1.3.6.1.2.1.1.1.0', 'Linux nas7 4.4.180+ #42962 SMP x86_64'),
        octets('1.3.6.1.2.1.1.5.0', 'nas7'),
        octets('1.3.6.1.4.1.99999.1.0', 'nas7:/volume1'),
      ]),
    ).toEqual([
      '1.3.6.1.2.1.1.1.0|4|Linux name-1 4.4.180+ #42962 SMP x86_64',
      '1.3.6.1.2.1.1.5.0|4|name-1',
      '1.3.6.1.4.1.99999.1.0|4|name-1:/volume1',
    ]);
    expect(
      made([
        octets('1.3.6.1.2.1.1.1.0', 'RouterOS MikroTik RB4011'),
        octets('1.3.6.1.2.1.1.5.0', 'MikroTik'),
      ]),
    ).toEqual(['1.3.6.1.2.1.1.1.0|4|RouterOS MikroTik RB4011', '1.3.6.1.2.1.1.5.0|4|name-1']);
  });

  it('has other addresses, the same for the same, also in an index, and masks as they were', () => {
    const at = (column: number) => `1.3.6.1.2.1.4.20.1.${column}.10.26.7.1`;
    const mac = Buffer.from('001c73b4fd69', 'hex');
    expect(
      made([
        { oid: at(1), type: TYPE.ipAddress, value: '10.26.7.1' },
        { oid: at(3), type: TYPE.ipAddress, value: '255.255.255.0' },
        octets('1.3.6.1.2.1.2.2.1.6.1', mac),
        octets('1.3.6.1.4.1.9.9.23.1.2.1.1.4.1.1', Buffer.from([10, 26, 7, 1])),
        octets('1.3.6.1.4.1.99999.1.0', 'peer 10.26.7.1 (fe80::1), mac 00-1C-73-B4-FD-69 or 001c.73b4.fd69'),
      ]),
    ).toEqual([
      '1.3.6.1.2.1.2.2.1.6.1|4x|020000000001',
      '1.3.6.1.2.1.4.20.1.1.192.0.2.1|64|192.0.2.1',
      '1.3.6.1.2.1.4.20.1.3.192.0.2.1|64|255.255.255.0',
      '1.3.6.1.4.1.9.9.23.1.2.1.1.4.1.1|4x|c0000201',
      '1.3.6.1.4.1.99999.1.0|4|peer 192.0.2.1 (2001:db8::1), mac 02:00:00:00:00:01 or 02:00:00:00:00:01',
    ]);
  });

  it('has no serial numbers, IMEIs, positions, communities and users', () => {
    expect(
      made(
        [
          octets('1.3.6.1.2.1.47.1.1.1.1.11.1', 'FOC1234X0AB'),
          octets('1.3.6.1.4.1.99999.1.0', 'chassis FOC1234X0AB, board FDO29451QZT'),
          octets('1.3.6.1.4.1.48690.2.2.1.3.1', '862045051234567'),
          octets('1.3.6.1.4.1.48690.3.1.0', '10.776889'),
          octets('1.3.6.1.4.1.99999.2.0', 'rocommunity city-ro, user=wardwatch'),
        ],
        'city-ro',
        'wardwatch',
      ).join('\n'),
    ).not.toMatch(/FOC1234|FDO29451|8620450|10\.776|city-ro|wardwatch/);
  });

  it('keeps what a profile is made of: numbers, models, versions, texts with a unit', () => {
    const kept = [
      octets('1.3.6.1.2.1.1.1.0', 'Huawei Versatile Routing Platform S5720-52P-LI-AC V200R011C10SPC600'),
      { oid: '1.3.6.1.2.1.1.2.0', type: TYPE.oid, value: '1.3.6.1.4.1.2011.2.23.404' },
      octets('1.3.6.1.2.1.47.1.1.1.1.13.1', 'S572052PLIAC0001'),
      octets('1.3.6.1.4.1.99999.1.0', '42 C/108 F'),
      octets('1.3.6.1.4.1.99999.2.0', 'S572052PLIAC0001'),
      octets('1.3.6.1.4.1.99999.3.0', 'TRB500_R_00.07.06.10, GigabitEthernet0/0/1, 6.7.2'),
      { oid: '1.3.6.1.4.1.99999.4.0', type: TYPE.counter64, value: 18_446_744_073_709_551_615n },
      { oid: '1.3.6.1.4.1.99999.5.0', type: TYPE.integer, value: -1 },
    ];
    expect(made(kept)).toEqual(kept.map((object) => snmprecLine(object)));
  });

  it('has other addresses where they stand as bytes or in an index, whatever their family', () => {
    const bytes = (oid: string, hex: string): Recorded => octets(oid, Buffer.from(hex, 'hex'));
    const row = (oid: string): Recorded => ({ oid, type: TYPE.integer, value: 2 });
    const lldpAddress = '1.0.8802.1.1.2.1.4.2.1.3.0.1.1';
    expect(
      made([
        bytes('1.3.6.1.2.1.2.2.1.6.1', '001b54aabbcc'),
        bytes('1.3.6.1.2.1.17.2.5.0', '8000001b54aabbcc'), // dot1dStpDesignatedRoot
        bytes('1.3.6.1.2.1.25.1.2.0', '07ea0b1e0f1e0500'), // hrSystemDate: no address
        bytes('1.3.6.1.4.1.9.9.23.1.2.1.1.4.1.1', '0a14050c'), // cdpCacheAddress
        bytes('1.0.8802.1.1.2.1.4.1.1.5.0.1.1', '010a14050d'), // lldpRemChassisId, a network address
        row(`${lldpAddress}.6.6.0.27.84.170.187.205`),
        row(`${lldpAddress}.2.16.32.1.4.80.0.0.0.0.0.0.0.0.0.0.0.9`),
        row('1.3.6.1.4.1.14988.1.1.1.2.1.3.0.27.84.170.187.206.1'), // mtxrWlRtabStrength
        row('1.3.6.1.4.1.99999.1.1.2.7.0.27.84.170.187.204'), // seen as a value above
        row('1.3.6.1.4.1.2011.6.3.4.1.2.0.0.0'), // an object, and no address
      ]),
    ).toEqual([
      '1.0.8802.1.1.2.1.4.1.1.5.0.1.1|4x|01c0000202',
      `${lldpAddress}.2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.1|2|2`,
      `${lldpAddress}.6.6.2.0.0.0.0.2|2|2`,
      '1.3.6.1.2.1.2.2.1.6.1|4x|020000000001',
      '1.3.6.1.2.1.17.2.5.0|4x|8000020000000001',
      '1.3.6.1.2.1.25.1.2.0|4x|07ea0b1e0f1e0500',
      '1.3.6.1.4.1.9.9.23.1.2.1.1.4.1.1|4x|c0000201',
      '1.3.6.1.4.1.2011.6.3.4.1.2.0.0.0|2|2',
      '1.3.6.1.4.1.14988.1.1.1.2.1.3.2.0.0.0.0.3.1|2|2',
      '1.3.6.1.4.1.99999.1.1.2.7.2.0.0.0.0.1|2|2',
    ]);
  });

  it('has no text of several words that somebody gave, and no names of neighbours, networks and VLANs', () => {
    expect(
      made([
        octets('1.3.6.1.2.1.31.1.1.1.18.1', 'Uplink UBND Tan Dinh (A)'),
        octets('1.0.8802.1.1.2.1.4.1.1.8.0.1.1', 'port: uplink UBND Tan Dinh (A)'),
        octets('1.0.8802.1.1.2.1.4.1.1.10.0.1.1', 'Linux fw-phuong-3.city.example.vn 5.15.0 #1 SMP'),
        octets('1.3.6.1.4.1.14988.1.1.1.3.1.4.1', 'WIFI-CongAnPhuong'),
        octets('1.3.6.1.2.1.17.7.1.4.3.1.1.20', 'CONGAN-CAM'),
        octets('1.3.6.1.4.1.318.2.1.2.1.3.1', 'S3cretTrap'),
        octets('1.3.6.1.4.1.674.10892.5.1.3.2.0', '7XJ4K2S'),
        { oid: '1.3.6.1.4.1.43356.2.1.2.2.1.0', type: TYPE.integer, value: 10_776_543 },
      ]),
    ).toEqual([
      '1.0.8802.1.1.2.1.4.1.1.8.0.1.1|4|port: label-1',
      '1.0.8802.1.1.2.1.4.1.1.10.0.1.1|4|Linux name-1 5.15.0 #1 SMP',
      '1.3.6.1.2.1.17.7.1.4.3.1.1.20|4|label-2',
      '1.3.6.1.2.1.31.1.1.1.18.1|4|label-1',
      '1.3.6.1.4.1.318.2.1.2.1.3.1|4|secret-1',
      '1.3.6.1.4.1.674.10892.5.1.3.2.0|4|SN00001',
      '1.3.6.1.4.1.14988.1.1.1.3.1.4.1|4|name-2',
      '1.3.6.1.4.1.43356.2.1.2.2.1.0|2|0',
    ]);
  });

  it('says how many of each were replaced', () => {
    const { replaced } = anonymise(
      [
        octets('1.3.6.1.2.1.1.5.0', 'core-p1'),
        octets('1.3.6.1.4.1.99999.1.0', '10.26.7.1 10.26.7.2 10.26.7.1'),
      ],
      { secrets: [], products: [] },
    );
    expect([...replaced]).toEqual([
      ['name', 1],
      ['IPv4', 2],
    ]);
  });

  it('is made of any bytes, and never has two stand-ins for one original', () => {
    const value = fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.string({ maxLength: 80, unit: 'binary' }));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 12 }), (values) => {
        const objects = values.map((each, at) =>
          octets(`1.3.6.1.4.1.99999.${at}.0`, Buffer.from(each as string)),
        );
        const lines = made(objects);
        expect(lines).toHaveLength(objects.length);
        expect(made(objects)).toEqual(lines);
      }),
      { numRuns: 200 },
    );
  });
});

/** Recordings of real SNMP agents, kept outside the project. */
const DIRECTORY = join(import.meta.dirname, '../../../../../shared/data/snmp');

describe.skipIf(!existsSync(DIRECTORY))(
  'an anonymous recording of a real device (needs ../shared/data/snmp)',
  () => {
    const names = existsSync(DIRECTORY)
      ? readdirSync(DIRECTORY).filter((name) => /\.snmprec$/.test(name))
      : [];
    // The smaller ones: each of them is polled twice.
    it.each(names.filter((name) => /^(pdu|ups|radio|gateway|env)/.test(name)))(
      '%s is read as before',
      async (name) => {
        const original = readFileSync(join(DIRECTORY, name), 'latin1');
        const objects = Object.entries(parseSnmprec(original)).map(([oid, value]): Recorded => ({
          oid,
          type: typeOf(value),
          value,
        }));
        const text = made(objects).join('\n');
        const numbers = async (recording: string) =>
          (await pollRecordings(shippedLibrary(), recording)).flatMap(({ row, fields }) =>
            Object.entries(fields).flatMap(([field, each]) =>
              typeof each === 'string' ? [] : [[row.split(' ')[0], field, each]],
            ),
          );
        expect(await numbers(text)).toEqual(
          await numbers(objects.map((each) => snmprecLine(each)).join('\n')),
        );
      },
    );
  },
);

/** The parser of the tests does not keep types. */
function typeOf(value: Recorded['value']): number {
  if (typeof value === 'bigint') return TYPE.counter64;
  if (typeof value === 'number') return TYPE.integer;
  return Buffer.isBuffer(value) ? TYPE.octets : /^\d+(\.\d+){3}$/.test(value) ? TYPE.ipAddress : TYPE.oid;
}
