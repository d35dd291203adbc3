import { describe, expect, it } from 'vitest';
import { converseWith, objectsOf } from '../../protocols/snmp/testing/columns.ts';
import { findOptics, hottest } from './optics.ts';
import { readPortTable } from './ports.ts';
import { shippedLibrary } from './testing/shipped-library.ts';
import type { Reading } from './reading.ts';
import { readSensors, SENSOR_TABLE } from './sensors.ts';

const sensor = (name: string, type: string, value: number): Reading => ({
  measurement: 'hardware_sensor',
  tags: { sensor: name, type },
  fields: { value },
});
const portsOf = (...names: readonly string[]) => new Map(names.map((name) => [name, { interface: name }]));
const NO_BLOCKS = new Map<Reading, string>();

/** What is told of ports, and the temperature of the device. */
function told(
  sensors: readonly Reading[],
  blocks: ReadonlyMap<Reading, string>,
  ...ports: readonly string[]
) {
  const optics = findOptics(sensors, blocks, portsOf(...ports));
  return {
    ports: optics.ports.map(({ tags, fields }) => [tags['interface'], fields]),
    deviceC: hottest(sensors, optics.sensors),
  };
}

describe('the sensors of transceivers', () => {
  it('are values of the port in their name (Arista), and not the temperature of the device', () => {
    const sensors = [
      sensor('Cpu', 'celsius', 48),
      sensor('DOM Temperature Sensor for Ethernet5', 'celsius', 78),
      sensor('DOM TX Bias Sensor for Ethernet5', 'amperes', 0.00509),
      sensor('DOM RX Power Sensor for Ethernet5', 'watts', 0.0004025),
      sensor('DOM TX Power Sensor for Ethernet5', 'dbm', -2.2),
      sensor('DOM RX Power Sensor for Ethernet6', 'watts', 0),
    ];
    const optics = findOptics(
      sensors,
      NO_BLOCKS,
      new Map([['Ethernet5', { interface: 'Ethernet5', alias: 'uplink' }]]),
    );
    expect(hottest(sensors, optics.sensors)).toBe(48);
    expect(optics.ports).toEqual([
      {
        measurement: 'interface',
        tags: { interface: 'Ethernet5', alias: 'uplink' },
        fields: {
          rx_power_dbm: -3.95,
          tx_power_dbm: -2.2,
          tx_bias_ma: 5.09,
          transceiver_temperature_celsius: 78,
        },
      },
    ]);
  });

  it('of several lanes are the weakest light and the largest current (Cisco NX-OS)', () => {
    const sensors = [
      sensor('Ethernet1/1 Lane 1 Transceiver Receive Power Sensor', 'dbm', -2.1),
      sensor('Ethernet1/1 Lane 2 Transceiver Receive Power Sensor', 'dbm', -9.4),
      sensor('Ethernet1/1 Lane 1 Transceiver Bias Current Sensor', 'amperes', 0.007),
      sensor('Ethernet1/1 Lane 2 Transceiver Bias Current Sensor', 'amperes', 0.0065),
    ];
    expect(told(sensors, NO_BLOCKS, 'Ethernet1/1').ports).toEqual([
      ['Ethernet1/1', { rx_power_dbm: -9.4, tx_bias_ma: 7 }],
    ]);
  });

  it('are known by their block, with a bias current and dBm, where only one of them names the port', () => {
    const sensors = [
      sensor('Te1/1/1 Receive Power Sensor', 'dbm', -5),
      sensor('Bias Current Sensor', 'amperes', 0.03),
      sensor('Module Temperature', 'celsius', 81),
      sensor('Inlet', 'celsius', 31),
    ];
    const blocks = new Map(sensors.slice(0, 3).map((reading) => [reading, '1001']));
    expect(told(sensors, blocks, 'Te1/1/1')).toEqual({
      ports: [['Te1/1/1', { rx_power_dbm: -5, tx_bias_ma: 30, transceiver_temperature_celsius: 81 }]],
      deviceC: 31,
    });
    expect(told(sensors.slice(1), blocks, 'Te1/1/1').deviceC).toBe(81); // no light: any part may have a current
  });

  it('of no known port are at least not the temperature of the device', () => {
    const sensors = [
      sensor('Rx', 'dbm', -5),
      sensor('Bias', 'amperes', 0.03),
      sensor('Temperature', 'celsius', 81),
    ];
    const blocks = new Map(sensors.map((reading) => [reading, '7']));
    expect(told(sensors, blocks)).toEqual({ ports: [], deviceC: undefined });
    expect(told([sensor('sfp-temperature', 'celsius', 81)], NO_BLOCKS).deviceC).toBeUndefined();
  });

  it('are not those of a power supply, or of a part called like an interface without a number', () => {
    const supply = [
      sensor('PSU Input Current', 'amperes', 2),
      sensor('PSU Input Power', 'watts', 400),
      sensor('PSU Temperature', 'celsius', 52),
      sensor('cpu', 'celsius', 60),
    ];
    const blocks = new Map(supply.slice(0, 3).map((reading) => [reading, '5']));
    expect(told(supply, blocks, 'cpu')).toEqual({ ports: [], deviceC: 60 });
  });

  it('come with the part that contains them', async () => {
    const physical = '1.3.6.1.2.1.47.1.1.1.1';
    const { readings, blocks } = await readSensors(
      converseWith({
        ...objectsOf(SENSOR_TABLE, {
          11: { 1: 14, 2: 9, 3: 0, 4: -5, 5: 1 },
          12: { 1: 8, 2: 9, 3: 0, 4: 40, 5: 1 },
        }),
        ...objectsOf(physical, { 11: { 7: 'Rx', 4: 10 }, 12: { 7: 'Board', 4: 0 } }),
      }),
      SENSOR_TABLE,
    );
    expect(readings.map((reading) => blocks.get(reading))).toEqual(['10', undefined]);
  });
});

describe('the table of transceivers of', () => {
  const ports = new Map<string, Reading>([
    ['5', { measurement: 'interface', tags: { interface: 'xe-0/0/1' }, fields: {} }],
    ['9', { measurement: 'interface', tags: { interface: 'xe-0/0/2' }, fields: {} }],
  ]);
  const read = async (profile: string, objects: Parameters<typeof converseWith>[0]) => {
    const [table] = shippedLibrary()().get(profile).ports;
    const { readings, error } = await readPortTable(converseWith(objects), table!, ports);
    expect(error).toBeUndefined();
    return readings.map(({ tags, fields }) => [tags['interface'], fields]);
  };

  it('Juniper is by ifIndex, in 0.01 dBm and µA', async () => {
    const table = objectsOf('1.3.6.1.4.1.2636.3.60.1.1.1.1', {
      5: { 5: -1974, 6: 30_500, 7: -1031, 8: 51 },
      77: { 5: -100, 6: 1, 7: -100, 8: 40 },
    });
    expect(await read('juniper', table)).toEqual([
      [
        'xe-0/0/1',
        {
          rx_power_dbm: -19.74,
          tx_power_dbm: -10.31,
          tx_bias_ma: 30.5,
          transceiver_temperature_celsius: 51,
        },
      ],
    ]);
  });

  it('MikroTik is by ifIndex, in 0.001 dBm, and empty cages tell nothing', async () => {
    const table = objectsOf('1.3.6.1.4.1.14988.1.1.19.1.1', {
      5: { 6: 44, 8: 27, 9: -2_310, 10: -18_900 },
      9: { 6: 4_294_967_168, 8: 0, 9: 0, 10: 0 },
    });
    expect(await read('mikrotik', table)).toEqual([
      [
        'xe-0/0/1',
        {
          rx_power_dbm: -18.9,
          tx_power_dbm: -2.31,
          tx_bias_ma: 27,
          transceiver_temperature_celsius: 44,
        },
      ],
    ]);
  });

  it('Huawei is by physical index, in µW or 0.01 dBm', async () => {
    const table = objectsOf('1.3.6.1.4.1.2011.5.25.31.1.1.3.1', {
      6701: { 5: 47, 7: 6_120, 8: 402, 9: -231 },
      6702: { 5: 255, 7: -1, 8: -1, 9: -1 },
      6703: { 5: 39, 7: 0, 8: -4_000, 9: 0 },
    });
    const names = {
      '1.3.6.1.2.1.47.1.3.2.1.2.6701.0': '1.3.6.1.2.1.2.2.1.1.5',
      '1.3.6.1.2.1.47.1.1.1.1.7.6703': 'xe-0/0/2',
    };
    expect(await read('huawei', { ...table, ...names })).toEqual([
      [
        'xe-0/0/1',
        {
          rx_power_dbm: -3.96,
          tx_power_dbm: -2.31,
          tx_bias_ma: 6.12,
          transceiver_temperature_celsius: 47,
        },
      ],
      ['xe-0/0/2', { rx_power_dbm: -40, transceiver_temperature_celsius: 39 }],
    ]);
  });
});
