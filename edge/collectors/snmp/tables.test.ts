import { describe, expect, it } from 'vitest';
import { readHealth } from './health.ts';
import { readNeighbours } from './neighbours.ts';
import { withPowerSummary } from './power.ts';
import type { Interfaces } from './local-port.ts';
import { readRows } from './rows.ts';
import { readSensors, SENSOR_TABLE } from './sensors.ts';
import { STANDARD } from './standard.ts';
import { compiled } from './testing/compiled.ts';
import { readStorage } from './storage.ts';
import { converseWith, objectsOf } from '../../protocols/snmp/testing/columns.ts';

const PHYSICAL = '1.3.6.1.2.1.47.1.1.1.1';
const UPS = '1.3.6.1.2.1.33.1';

describe('sensors (ENTITY-SENSOR-MIB)', () => {
  it('are scaled to their unit, and those that do not work have no value', async () => {
    const { readings } = await readSensors(
      converseWith({
        ...objectsOf(SENSOR_TABLE, {
          1: { 1: 8, 2: 9, 3: 1, 4: 282, 5: 1 },
          2: { 1: 6, 2: 8, 3: 4, 4: 6015, 5: 1 },
          3: { 1: 10, 2: 9, 3: 0, 4: 4618, 5: 1 },
          4: { 1: 8, 2: 9, 3: 0, 4: 0, 5: 2 },
          5: { 1: 6, 2: 10, 3: -2, 4: 3, 5: 1 },
          6: { 1: 8, 2: 9, 3: 0, 4: -1_000_000_000, 5: 1 },
          7: { 1: 2, 2: 9, 3: 0, 4: 5, 5: 1 },
        }),
        ...objectsOf(PHYSICAL, {
          1: { 7: 'Board', 2: 'x' },
          2: { 7: '', 2: 'TX' },
          3: { 2: 'Fan' },
          4: { 7: 'Board' },
        }),
      }),
      SENSOR_TABLE,
    );
    expect(readings.map(({ tags, fields }) => [tags['sensor'], tags['type'], fields['value']])).toEqual([
      ['Board', 'celsius', 28.2],
      ['TX', 'watts', 0.0006015],
      ['Fan', 'rpm', 4618],
      ['Board #4', 'celsius', undefined],
      ['#5', 'watts', 3_000],
      ['#6', 'celsius', undefined],
    ]);
  });
});

describe('storage (HOST-RESOURCES-MIB)', () => {
  const TABLE = '1.3.6.1.2.1.25.2.3.1';
  const type = (number: number): string => `1.3.6.1.2.1.25.2.1.${number}`;

  it('is in bytes; a share of nothing, of less than is used, or of what is always full, is none', async () => {
    const { readings, memoryPct } = await readStorage(
      converseWith(
        objectsOf(TABLE, {
          1: { 2: type(2), 3: 'Physical memory', 4: 1_024, 5: 1_000, 6: 900 },
          2: { 2: type(1), 3: 'Memory buffers', 4: 1_024, 5: 1_000, 6: 100 },
          3: { 2: type(1), 3: 'Cached memory', 4: 1_024, 5: 300, 6: 300 },
          4: { 2: type(5), 3: 'A:\\', 4: 0, 5: 0, 6: 0 },
          5: { 2: type(4), 3: '/ifs', 4: 8_192, 5: 10, 6: 70 },
          6: { 2: type(4), 3: '/big', 4: 4_096, 5: -2_147_483_648, 6: 1 },
          7: { 2: type(77), 3: '/', 4: 1_024, 5: 4 },
          8: { 2: type(4), 3: '/rom', 4: 65_536, 5: 193, 6: 193 },
          9: { 2: type(4), 3: 'devfs: dev file system, mounted on: /dev', 4: 512, 5: 2, 6: 2 },
          10: { 2: type(4), 3: '/export', 4: 4_096, 5: 100, 6: 99 },
        }),
      ),
    );
    expect(readings.map(({ tags, fields }) => [tags['storage'], tags['type'], fields])).toEqual([
      ['Physical memory', 'ram', { total_bytes: 1_024_000, used_bytes: 921_600, used_pct: 90 }],
      ['Memory buffers', 'other', { total_bytes: 1_024_000, used_bytes: 102_400 }],
      ['Cached memory', 'other', { total_bytes: 307_200, used_bytes: 307_200 }],
      ['A:\\', 'removable_disk', { total_bytes: 0, used_bytes: 0 }],
      ['/ifs', 'fixed_disk', { total_bytes: 81_920, used_bytes: 573_440 }],
      [
        '/big',
        'fixed_disk',
        { total_bytes: 8_796_093_022_208, used_bytes: 4_096, used_pct: expect.closeTo(0) as number },
      ],
      ['/', 'other', { total_bytes: 4_096 }],
      ['/rom', 'fixed_disk', { total_bytes: 12_648_448, used_bytes: 12_648_448 }],
      ['devfs: dev file system, mounted on: /dev', 'fixed_disk', { total_bytes: 1_024, used_bytes: 1_024 }],
      ['/export', 'fixed_disk', { total_bytes: 409_600, used_bytes: 405_504, used_pct: 99 }],
    ]);
    expect(memoryPct).toBe(50);
  });
});

describe('CPU and memory', () => {
  const MEMORY = '1.3.6.1.4.1.2021.4';
  it('come from the first source that has them', async () => {
    const conversation = converseWith({
      '1.3.6.1.2.1.25.3.3.1.2.768': 10,
      '1.3.6.1.2.1.25.3.3.1.2.769': 20,
      '1.3.6.1.4.1.2021.11.11.0': 1,
      [`${MEMORY}.5.0`]: 1_000,
      [`${MEMORY}.6.0`]: 200,
      [`${MEMORY}.15.0`]: 300,
      '1.3.6.1.4.1.2021.10.1.5.1': 46,
      '1.3.6.1.4.1.2021.10.1.5.3': 3,
    });
    const { fields } = await readHealth(conversation, STANDARD.device);
    expect(fields).toEqual({ cpu_pct: 15, memory_pct: 50, load1: 0.46, load15: 0.03 });
  });

  it('are absent where what a device tells makes no sense', async () => {
    const conversation = converseWith({
      '1.3.6.1.2.1.25.3.3.1.2.1': 250,
      [`${MEMORY}.5.0`]: 100,
      [`${MEMORY}.6.0`]: 200,
    });
    expect((await readHealth(conversation, STANDARD.device)).fields).toEqual({});
  });

  it('join the states of all fans, without those that are not there', async () => {
    const { device } = compiled({ device: { fan_ok: { oid: '1.3.9', good: [1, 2], absent: [5] } } });
    const fans = async (...states: number[]) =>
      (
        await readHealth(
          converseWith(objectsOf('1.3', Object.fromEntries(states.map((state, at) => [at, { 9: state }])))),
          device,
        )
      ).fields['fan_ok'];
    expect(await fans(1, 2, 5)).toBe(true);
    expect(await fans(1, 3)).toBe(false);
    expect(await fans(5)).toBeUndefined();
  });

  it('are a share of used and free, summed over rows', async () => {
    const { device } = compiled({ device: { memory_pct: { used: '1.3.5', free: ['1.3.6'], row: '1' } } });
    const objects = objectsOf('1.3', { 1: { 5: 30, 6: 90 }, '1.2': { 5: 10, 6: 30 }, 16: { 5: 99, 6: 0 } });
    expect((await readHealth(converseWith(objects), device)).fields).toEqual({ memory_pct: 25 });
  });
});

describe('a UPS (UPS-MIB)', () => {
  const objects = {
    [`${UPS}.2.1.0`]: 2,
    [`${UPS}.2.3.0`]: -1,
    [`${UPS}.2.5.0`]: 5_210,
    [`${UPS}.4.1.0`]: 5,
    [`${UPS}.4.2.0`]: 499,
    ...objectsOf(`${UPS}.3.3.1`, { 1: { 2: 500, 3: 0, 4: 210, 5: 0 }, 2: { 2: 500, 3: 3, 4: 0 } }),
    ...objectsOf(`${UPS}.4.4.1`, {
      1: { 2: 220, 3: 27, 4: 5_100, 5: 21 },
      2: { 2: 219, 3: 18, 4: 3_600, 5: 33 },
    }),
  };

  it('has one row for itself and one for each phase, in V, A, Hz, W and %', async () => {
    const { readings } = await readRows(converseWith(objects), STANDARD.rows);
    expect(withPowerSummary(readings, false).readings).toEqual([
      {
        measurement: 'power',
        tags: {},
        fields: {
          output_source: 5,
          on_battery: true,
          mains_ok: false,
          battery_status: 2,
          battery_voltage_v: 521,
          output_frequency_hz: 49.9,
          output_power_w: 8_700,
          load_pct: 33,
        },
      },
      {
        measurement: 'power',
        tags: { line: '1' },
        fields: {
          input_voltage_v: 0,
          input_frequency_hz: 50,
          input_current_a: 21,
          output_voltage_v: 220,
          output_current_a: 2.7,
          output_power_w: 5_100,
          load_pct: 21,
        },
      },
      {
        measurement: 'power',
        tags: { line: '2' },
        fields: {
          input_voltage_v: 3,
          input_frequency_hz: 50,
          input_current_a: 0,
          output_voltage_v: 219,
          output_current_a: 1.8,
          output_power_w: 3_600,
          load_pct: 33,
        },
      },
    ]);
  });

  it('on a self-test is on battery although the mains are there', async () => {
    const testing = { ...objects, [`${UPS}.3.3.1.3.2`]: 231 };
    const { readings } = await readRows(converseWith(testing), STANDARD.rows);
    expect(withPowerSummary(readings, false).readings[0]?.fields).toMatchObject({
      on_battery: true,
      mains_ok: true,
    });
  });

  it('with a single phase has one line, whatever its tables have', async () => {
    const single = {
      [`${UPS}.4.1.0`]: 3,
      [`${UPS}.3.2.0`]: 1,
      [`${UPS}.4.3.0`]: 1,
      ...objectsOf(`${UPS}.3.3.1`, { 1: { 2: 500, 3: 231 }, 2: { 2: 0, 3: 0 }, 3: { 2: 0, 3: 0 } }),
      ...objectsOf(`${UPS}.4.4.1`, { 1: { 2: 230, 5: 21 }, 2: { 2: 0, 5: 0 }, 3: { 2: 0, 5: 0 } }),
    };
    const { readings } = await readRows(converseWith(single), STANDARD.rows);
    expect(readings.map(({ tags }) => tags['line'])).toEqual([undefined, '1']);
  });

  it('has all its lines where it does not say how many, or says none', async () => {
    const { readings } = await readRows(converseWith({ ...objects, [`${UPS}.3.2.0`]: 0 }), STANDARD.rows);
    expect(readings.map(({ tags }) => tags['line'])).toEqual([undefined, '1', '2']);
  });

  it('with indexes such as 1.0 calls its line 1', async () => {
    const odd = { [`${UPS}.3.2.0`]: 1, ...objectsOf(`${UPS}.3.3.1`, { '1.0': { 3: 231 }, '2.0': { 3: 0 } }) };
    const { readings } = await readRows(converseWith(odd), STANDARD.rows);
    expect(readings).toEqual([
      { measurement: 'power', tags: { line: '1' }, fields: { input_voltage_v: 231 } },
    ]);
  });

  it('that is none gives nothing', async () => {
    expect(await readRows(converseWith({}), STANDARD.rows)).toEqual({ readings: [], error: undefined });
  });
});

describe('rows of a profile', () => {
  it('take names, kinds and codes from other columns, and keep rows of one name apart', async () => {
    const objects = objectsOf('1.3', {
      1: { 2: 'fan', 3: 4_000, 4: 2 },
      2: { 2: 'cpu', 3: 451, 4: 1 },
      3: { 2: 'cpu', 3: 460, 4: 1 },
      4: { 2: 'board', 3: 0, 4: 1 },
      5: { 3: 380, 4: 1 },
    });
    const { rows } = compiled({
      measurements: [
        {
          measurement: 'hardware_sensor',
          tags: { type: 'celsius', sensor: { oid: '1.3.2' } },
          only: { oid: '1.3.4', is: [1] },
          fields: { value: { oid: '1.3.3', scale: 0.1, absent: [0] } },
        },
      ],
    });
    const { readings } = await readRows(converseWith(objects), rows);
    expect(readings.map(({ tags, fields }) => [tags, fields['value']])).toEqual([
      [{ type: 'celsius', sensor: 'cpu' }, 45.1],
      [{ type: 'celsius', sensor: 'cpu #3' }, 46],
    ]);
  });
});

describe('neighbours (LLDP-MIB)', () => {
  const REMOTE = '1.0.8802.1.1.2.1.4.1.1';
  const LOCAL = '1.0.8802.1.1.2.1.3.7.1';
  const mac = Buffer.from('444ca8313edf', 'hex');

  const portsOf = (
    names: Readonly<Record<string, string>>,
    aliases: Readonly<Record<string, string>> = {},
  ): Interfaces =>
    new Map(Object.entries(names).map(([index, name]) => [index, { name, alias: aliases[index] }]));
  const remoteAt = (...numbers: readonly string[]) =>
    objectsOf(
      REMOTE,
      Object.fromEntries(numbers.map((number) => [`0.${number}.1`, { 6: 5, 7: 'x', 9: 'far' }])),
    );
  const portsTold = async (objects: Parameters<typeof converseWith>[0], interfaces: Interfaces) => {
    const { readings } = await readNeighbours(converseWith(objects), interfaces);
    return readings.map(({ tags }) => tags['interface']);
  };

  it('stand at the interface whose index is the number of the port, whatever text it has: hardware address, alias or none', async () => {
    const local = objectsOf(LOCAL, {
      7: { 2: 3, 3: Buffer.from('8c6018aa0007', 'hex'), 4: 'to the hospital' },
      8: { 2: 1, 3: 'to the school', 4: 'to the school' },
      9: { 2: 5, 3: 'ge-0/0/9', 4: 'x' },
    });
    const interfaces = portsOf({ 7: 'ge-0/0/7', 8: 'ge-0/0/8', 9: 'ge-0/0/9', 24: 'ge-0/0/24' });
    const objects = { ...remoteAt('7', '8', '9', '24'), ...local };
    expect(await portsTold(objects, interfaces)).toEqual(['ge-0/0/7', 'ge-0/0/8', 'ge-0/0/9', 'ge-0/0/24']);
  });

  it('do not stand at an interface by number where the names prove that the numbers are no indexes', async () => {
    const local = objectsOf(LOCAL, {
      1: { 2: 5, 3: 'Gi0/1' },
      2: { 2: 1, 3: 'to the school' },
      3: { 2: 1, 3: 'spare' },
    });
    const interfaces = portsOf(
      { 1: 'Vlan1', 2: 'Vlan2', 3: 'Vlan3', 10101: 'Gi0/1', 10102: 'Gi0/2', 10103: 'Gi0/3', 10104: 'Gi0/4' },
      { 10102: 'to the school', 10103: 'spare', 10104: 'spare' },
    );
    const objects = { ...remoteAt('1', '2', '3'), ...local };
    expect(await portsTold(objects, interfaces)).toEqual(['Gi0/1', 'Gi0/2', 'spare']);
  });

  it('stand at the port that the device calls so, whatever its number', async () => {
    const { readings } = await readNeighbours(
      converseWith({
        ...objectsOf(REMOTE, {
          '0.1.2': { 4: 4, 5: mac, 6: 5, 7: 'Ethernet23', 8: '', 9: 'core-1' },
          '0.563.7': { 4: 4, 5: mac, 6: 7, 7: '628', 8: 'xe-1/2/0', 9: '' },
          '0.563.8': { 4: 7, 5: 'other', 6: 3, 7: mac, 9: 'x' },
          '9.3.1': { 4: 4, 5: mac, 6: 3, 7: mac },
        }),
        ...objectsOf(LOCAL, {
          1: { 2: 5, 3: 'Gi0/1', 4: 'GigabitEthernet0/1' },
          563: { 2: 7, 3: '563', 4: 'uplink' },
        }),
        '1.0.8802.1.1.2.1.4.2.1.3.0.1.2.1.4.10.26.7.1': 2,
        '1.0.8802.1.1.2.1.4.2.1.3.0.1.2.2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.1': 2,
        '1.0.8802.1.1.2.1.4.2.1.3.0.563.7.6.6.68.76.168.49.62.223': 2,
        '1.0.8802.1.1.2.1.4.2.1.3.9.3.1.2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.1': 2,
      }),
      portsOf({ 10101: 'Gi0/1', 563: 'ge-0/0/0' }),
    );
    expect(readings.map(({ tags, fields }) => [tags['interface'], fields])).toEqual([
      [
        'Gi0/1',
        {
          remote_device: 'core-1',
          remote_chassis: '44:4c:a8:31:3e:df',
          remote_address: '10.26.7.1',
          remote_interface: 'Ethernet23',
          neighbors_count: 1,
        },
      ],
      [
        'ge-0/0/0',
        {
          remote_device: '44:4c:a8:31:3e:df',
          remote_chassis: '44:4c:a8:31:3e:df',
          remote_interface: 'xe-1/2/0',
          neighbors_count: 2,
        },
      ],
      [
        'port 3',
        {
          remote_device: '44:4c:a8:31:3e:df',
          remote_chassis: '44:4c:a8:31:3e:df',
          remote_address: '2001:db8::1',
          remote_interface: '44:4c:a8:31:3e:df',
          neighbors_count: 1,
        },
      ],
    ]);
  });
});
