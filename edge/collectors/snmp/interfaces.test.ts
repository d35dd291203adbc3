import { describe, expect, it } from 'vitest';
import type { FieldValue } from '../../../contract/sample.ts';
import type { InterfaceColumn, InterfaceTable } from './interface-table.ts';
import { forgetCounts, interfaceReadings, type PortMemory } from './interfaces.ts';
import type { VarbindValue } from '../../protocols/snmp/session.ts';

type Port = Partial<Record<InterfaceColumn, VarbindValue>>;

const UP: Port = { adminStatus: 1, operStatus: 1, highSpeed: 1_000 };
const DOWN: Port = { adminStatus: 1, operStatus: 2, highSpeed: 1_000 };
const DAY_TICKS = 86_400 * 100;

/** Ports by index, as they were read at this sysUpTime. */
function table(
  uptimeS: number,
  ports: Readonly<Record<string, Port>>,
  incomplete: readonly InterfaceColumn[] = [],
): InterfaceTable {
  const ticks = uptimeS * 100;
  const rows = new Map(
    Object.entries(ports).map(([index, port]) => [
      index,
      Object.fromEntries(Object.entries(port).map(([name, value]) => [name, { value, ticks }])),
    ]),
  );
  return { rows, incomplete: new Set(incomplete) };
}

function fieldsOf(
  reading: ReturnType<typeof interfaceReadings>,
): Record<string, Readonly<Record<string, FieldValue>>> {
  return Object.fromEntries(
    [...reading.readings.values()].map(({ tags, fields }) => [String(tags['interface']), fields] as const),
  );
}

/** The last of several polls. */
function after(...polls: readonly InterfaceTable[]) {
  let memory: PortMemory = new Map();
  let fields: ReturnType<typeof fieldsOf> = {};
  for (const poll of polls) {
    const result = interfaceReadings(poll, memory);
    ({ memory } = result);
    fields = fieldsOf(result);
  }
  return fields;
}

describe('ports', () => {
  it('have rates in bit/s and packets/s, utilisation, faults and their share', () => {
    const counters: Port = { ...UP, name: Buffer.from('Gi0/1'), inOctets: 0n, outOctets: 0n, inUnicast: 0n };
    const more: Port = {
      ...counters,
      inOctets: 750_000_000n,
      outOctets: 75_000_000n,
      inUnicast: 594_000n,
      inMulticast: 5_000n,
      inErrors: 6_006,
    };
    const first = { ...counters, inMulticast: 4_000n, inErrors: 6 };
    const port = after(table(1_000, { 1: first }), table(1_060, { 1: more }))['Gi0/1'];
    expect(port).toMatchObject({
      in_bps: 100_000_000,
      out_bps: 10_000_000,
      in_utilization_pct: 10,
      out_utilization_pct: 1,
      utilization_pct: 10,
      in_pps: 595_000 / 60,
      in_errors: 6_000,
    });
    expect(port?.['in_errors_pct']).toBeCloseTo((6_000 / 601_000) * 100);
    expect(port).not.toHaveProperty('out_pps');
  });

  it('never get the counters of another port when indexes change places', () => {
    const a: Port = { ...UP, name: Buffer.from('ge-0'), inOctets: 1_000_000n };
    const b: Port = { ...UP, name: Buffer.from('ge-1'), inOctets: 5_000_000n };
    const before = table(1_000, { 1: a, 2: b });
    const moved = table(1_060, { 1: { ...b, inOctets: 5_000_060n }, 2: { ...a, inOctets: 1_000_600n } });
    const later = table(1_120, { 1: { ...b, inOctets: 5_000_120n }, 2: { ...a, inOctets: 1_001_200n } });
    expect(after(before, moved)['ge-0']).not.toHaveProperty('in_bps');
    expect(after(before, moved, later)).toMatchObject({ 'ge-0': { in_bps: 80 }, 'ge-1': { in_bps: 8 } });
  });

  it('have no rates over a restart, a discontinuity, or more than the line carries', () => {
    const port: Port = { ...UP, name: Buffer.from('Gi0/1'), inOctets: 1_000n, discontinuity: 0 };
    const later = { ...port, inOctets: 2_000n };
    expect(after(table(1_000, { 1: port }), table(60, { 1: later }))['Gi0/1']).not.toHaveProperty('in_bps');
    const jumped = { ...later, discontinuity: 101_000 };
    expect(after(table(1_000, { 1: port }), table(1_060, { 1: jumped }))['Gi0/1']).not.toHaveProperty(
      'in_bps',
    );
    const absurd = { ...port, inOctets: 10n ** 13n };
    expect(after(table(1_000, { 1: port }), table(1_060, { 1: absurd }))['Gi0/1']).not.toHaveProperty(
      'in_bps',
    );
    const forgotten = interfaceReadings(
      table(1_060, { 1: later }),
      forgetCounts(interfaceReadings(table(1_000, { 1: port }), new Map()).memory),
    );
    expect(fieldsOf(forgotten)['Gi0/1']).not.toHaveProperty('in_bps');
  });

  it('have a rate again over a poll in which their counter could not be read', () => {
    const port: Port = { ...UP, name: Buffer.from('Gi0/1') };
    const ports = after(
      table(1_000, { 1: { ...port, inOctets: 0n } }),
      table(1_060, { 1: port }, ['inOctets']),
      table(1_120, { 1: { ...port, inOctets: 1_200n } }),
    );
    expect(ports['Gi0/1']).toMatchObject({ in_bps: 80 });
  });

  it('of one name are distinguished, and those without one use their description', () => {
    const nic = { ...UP, description: Buffer.from('Intel NIC\0') };
    expect(Object.keys(after(table(1, { 2: nic, 7: nic, 9: UP })))).toEqual([
      'Intel NIC',
      'Intel NIC #7',
      '#9',
    ]);
  });

  it('whose name could not be read are left out rather than called something else', () => {
    const named = { ...UP, name: Buffer.from('Gi0/1') };
    const other = { ...UP, description: Buffer.from('GigabitEthernet0/2') };
    expect(Object.keys(after(table(1, { 1: named, 2: other }, ['name'])))).toEqual(['Gi0/1']);
  });

  it('take their speed from ifHighSpeed, but slow ones from ifSpeed', () => {
    const speeds = after(
      table(1, {
        fast: { highSpeed: 10_000, speed: 0xffff_ffff, name: Buffer.from('a') },
        slow: { highSpeed: 2, speed: 1_544_000, name: Buffer.from('b') },
        old: { speed: 100_000_000, name: Buffer.from('c') },
        saturated: { speed: 0xffff_ffff, name: Buffer.from('d') },
        none: { highSpeed: 0, speed: 0, name: Buffer.from('e') },
      }),
    );
    expect(Object.values(speeds).map((fields) => fields['speed_mbps'])).toEqual([
      10_000,
      1.544,
      100,
      undefined,
      undefined,
    ]);
  });
});

describe('a port that is down', () => {
  const name = Buffer.from('Gi0/1');
  const inUse = (...polls: readonly InterfaceTable[]) => after(...polls)['Gi0/1']?.['in_use'];

  it('but never carried anything is not in use', () => {
    expect(
      inUse(table(9_000, { 1: { ...DOWN, name, inOctets: 0n, outOctets: 0n, lastChange: 1_500 } })),
    ).toBe(false);
    expect(inUse(table(9_000, { 1: { ...DOWN, name } }))).toBe(false);
  });

  it('is in use when it was up since we watch it, until it is shut', () => {
    const up = table(9_000, { 1: { ...UP, name } });
    const down = table(9_060, { 1: { ...DOWN, name } });
    const shut = table(9_120, { 1: { ...DOWN, name, adminStatus: 2 } });
    expect(inUse(up)).toBe(true);
    expect(inUse(up, down)).toBe(true);
    expect(inUse(up, down, shut, down)).toBe(false);
  });

  it('when we first see it is in use if it carried traffic and went down within a week', () => {
    const port = (daysDown: number): Port => ({
      ...DOWN,
      name,
      inOctets: 42n,
      lastChange: (30 - daysDown) * DAY_TICKS,
    });
    expect(inUse(table(30 * 86_400, { 1: port(6) }))).toBe(true);
    expect(inUse(table(30 * 86_400, { 1: port(8) }))).toBe(false);
    expect(inUse(table(30 * 86_400, { 1: { ...port(1), lastChange: 0 } }))).toBe(true);
  });

  it('stays unused when sysUpTime starts again at 0 after 497 days, seen at first or watched', () => {
    const wrapS = 2 ** 32 / 100;
    const dead: Port = { ...DOWN, name, inOctets: 42n, lastChange: 400 * DAY_TICKS };
    const [before, later] = [table(wrapS - 60, { 1: dead }), table(3 * 86_400, { 1: dead })];
    expect(after(later)['Gi0/1']).toMatchObject({
      in_use: false,
      last_change_s: expect.closeTo(3 * 86_400 + wrapS - 400 * 86_400) as number,
    });
    expect(inUse(before, later)).toBe(false);
    expect(inUse(later, table(401 * 86_400, { 1: dead }))).toBe(false); // looks as if it went down yesterday
    expect(inUse(table(401 * 86_400, { 1: dead }))).toBe(true);
  });

  it('since a few days, over the wrap of sysUpTime, is in use', () => {
    const fresh: Port = { ...DOWN, name, inOctets: 42n, lastChange: 496 * DAY_TICKS };
    expect(inUse(table(3 * 86_400, { 1: fresh }))).toBe(true);
  });

  it('since this moment is in use, although its change is a little later than the time of the answer', () => {
    const fields = after(table(9_000, { 1: { ...DOWN, name, inOctets: 42n, lastChange: 900_010 } }))['Gi0/1'];
    expect(fields).toMatchObject({ in_use: true, last_change_s: 0 });
  });

  it('is not said to be unused for a change later than now where the SNMP engine proves that there was no wrap', () => {
    const odd = table(86_400, { 1: { ...DOWN, name, inOctets: 42n, lastChange: 30 * DAY_TICKS } });
    const inUseWith = (engineTicks: number | undefined) =>
      fieldsOf(interfaceReadings(odd, new Map(), engineTicks))['Gi0/1']?.['in_use'];
    expect(inUseWith(undefined)).toBe(false);
    expect(inUseWith(498 * DAY_TICKS)).toBe(false);
    expect(inUseWith(DAY_TICKS)).toBe(true);
  });

  it('without a line, as a loopback, have no speed, and no rate is too much for them', () => {
    const lo: Port = {
      name: Buffer.from('lo'),
      adminStatus: 1,
      operStatus: 1,
      speed: 10_000_000,
      highSpeed: 10,
    };
    const fields = after(
      table(100, { 1: { ...lo, type: 24, inOctets: 0n } }),
      table(160, { 1: { ...lo, inOctets: 750_000_000n } }),
    );
    expect(fields['lo']).toMatchObject({ in_bps: 1e8 });
    expect(fields['lo']).not.toHaveProperty('speed_mbps');
    expect(fields['lo']).not.toHaveProperty('in_utilization_pct');
  });
});
