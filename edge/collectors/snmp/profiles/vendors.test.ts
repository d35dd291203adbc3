import { describe, expect, it } from 'vitest';
import type { FieldValue } from '../../../../contract/sample.ts';
import { pollRecordings } from '../testing/poll-recording.ts';
import { shippedLibrary } from '../testing/shipped-library.ts';

type Fields = Readonly<Record<string, FieldValue>>;
interface Case {
  readonly objectId: string;
  readonly description?: string;
  /** In `.snmprec`; made up, with the objects and the encoding of the maker. */
  readonly objects: string;
  /** Of the measurement `device`. */
  readonly device: Fields;
  readonly rows?: Readonly<Record<string, Fields>>;
}

const NET_SNMP = '1.3.6.1.4.1.8072.3.2.10';
const PORT = `1.3.6.1.2.1.2.2.1.2.7|4|uplink
1.3.6.1.2.1.2.2.1.7.7|2|1
1.3.6.1.2.1.2.2.1.8.7|2|1
1.3.6.1.2.1.31.1.1.1.1.7|4|Te1/0/7`;

const CASES: Readonly<Record<string, Case>> = {
  fortinet: {
    objectId: '1.3.6.1.4.1.12356.101.1.1001',
    objects: `1.3.6.1.2.1.47.1.1.1.1.13.1|4|FGT_100F
1.3.6.1.4.1.12356.101.3.2.1.1.4.1|2|1
1.3.6.1.4.1.12356.101.4.1.1.0|4|v7.2.8,build1639
1.3.6.1.4.1.12356.101.4.1.3.0|66|12
1.3.6.1.4.1.12356.101.4.1.4.0|66|43
1.3.6.1.4.1.12356.101.4.1.6.0|66|1000
1.3.6.1.4.1.12356.101.4.1.7.0|66|4000
1.3.6.1.4.1.12356.101.4.1.8.0|66|81234
1.3.6.1.4.1.12356.101.4.1.11.0|66|210
1.3.6.1.4.1.12356.101.4.3.2.1.2.1|4|CPU ON-DIE Temperature
1.3.6.1.4.1.12356.101.4.3.2.1.2.2|4|Fan 1
1.3.6.1.4.1.12356.101.4.3.2.1.2.3|4|+12V
1.3.6.1.4.1.12356.101.4.3.2.1.2.4|4|PS1 Status
1.3.6.1.4.1.12356.101.4.3.2.1.3.1|4|54
1.3.6.1.4.1.12356.101.4.3.2.1.3.2|4|4300
1.3.6.1.4.1.12356.101.4.3.2.1.3.3|4|12.0980
1.3.6.1.4.1.12356.101.4.3.2.1.3.4|4|0
1.3.6.1.4.1.12356.101.4.3.2.1.4.1|2|0
1.3.6.1.4.1.12356.101.4.3.2.1.4.2|2|1
1.3.6.1.4.1.12356.101.4.3.2.1.4.3|2|0
1.3.6.1.4.1.12356.101.12.1.1.0|2|17`,
    device: {
      vendor: 'fortinet',
      model: 'FGT_100F',
      software: 'v7.2.8,build1639',
      cpu_pct: 12,
      memory_pct: 43,
      storage_pct: 25,
      temperature_celsius: 54,
    },
    rows: {
      firewall: { sessions_count: 81_234, sessions_per_s: 210, vpn_tunnels_count: 17, failover_state: 2 },
      'hardware_sensor sensor=Fan 1 type=rpm': { value: 4_300, oper_status: 3 },
      'hardware_sensor sensor=+12V type=volts_dc': { value: 12.098, oper_status: 1 },
    },
  },
  'dell-idrac': {
    objectId: '1.3.6.1.4.1.674.10892.5',
    objects: `1.3.6.1.4.1.674.10892.5.1.1.8.0|4|6.10.30.00
1.3.6.1.4.1.674.10892.5.1.3.12.0|4|PowerEdge R750
1.3.6.1.4.1.674.10892.5.4.600.12.1.5.1.1|2|3
1.3.6.1.4.1.674.10892.5.4.600.12.1.5.1.2|2|5
1.3.6.1.4.1.674.10892.5.4.700.12.1.5.1.1|2|3
1.3.6.1.4.1.674.10892.5.4.700.12.1.5.1.2|2|2
1.3.6.1.4.1.674.10892.5.4.700.12.1.6.1.1|2|7320
1.3.6.1.4.1.674.10892.5.4.700.12.1.8.1.1|4|System Board Fan1A
1.3.6.1.4.1.674.10892.5.4.700.20.1.6.1.1|2|235
1.3.6.1.4.1.674.10892.5.4.700.20.1.8.1.1|4|System Board Inlet Temp`,
    device: {
      vendor: 'dell',
      model: 'PowerEdge R750',
      software: '6.10.30.00',
      fan_ok: true,
      power_supply_ok: false,
    },
    rows: {
      'hardware_sensor type=celsius sensor=System Board Inlet Temp': { value: 23.5 },
      'hardware_sensor type=rpm sensor=System Board Fan1A': { value: 7_320 },
    },
  },
  'dell-switch': {
    objectId: '1.3.6.1.4.1.674.10895.3042',
    objects: `1.3.6.1.4.1.674.10895.3000.1.2.110.7.1.1.3.67109249|2|1
1.3.6.1.4.1.674.10895.3000.1.2.110.7.1.1.3.67109250|2|6
1.3.6.1.4.1.674.10895.3000.1.2.110.7.2.1.3.67109185|2|1
1.3.6.1.4.1.674.10895.3000.1.2.110.7.2.1.3.67109186|2|5`,
    device: { vendor: 'dell', fan_ok: false, power_supply_ok: true },
  },
  delta: {
    objectId: '1.3.6.1.4.1.2254.2.4',
    objects: `1.3.6.1.4.1.2254.2.4.1.2.0|4|RT-3K
1.3.6.1.4.1.2254.2.4.1.3.0|4|1.1
1.3.6.1.4.1.2254.2.4.4.2.0|2|499
1.3.6.1.4.1.2254.2.4.4.3.0|2|0
1.3.6.1.4.1.2254.2.4.5.1.0|2|1
1.3.6.1.4.1.2254.2.4.5.2.0|2|500
1.3.6.1.4.1.2254.2.4.5.4.0|2|2300
1.3.6.1.4.1.2254.2.4.5.5.0|2|23
1.3.6.1.4.1.2254.2.4.5.7.0|2|29
1.3.6.1.4.1.2254.2.4.6.3.0|2|2280
1.3.6.1.4.1.2254.2.4.7.2.0|2|1
1.3.6.1.4.1.2254.2.4.7.4.0|2|312
1.3.6.1.4.1.2254.2.4.7.6.0|2|550
1.3.6.1.4.1.2254.2.4.7.8.0|2|42
1.3.6.1.4.1.2254.2.4.7.9.0|2|32`,
    device: { vendor: 'delta', model: 'RT-3K', software: '1.1' },
    rows: {
      power: {
        output_source: 5,
        battery_status: 3,
        on_battery_s: 312,
        charge_pct: 42,
        battery_voltage_v: 55,
        battery_temperature_celsius: 32,
        output_frequency_hz: 50,
      },
      'power line=1': {
        input_voltage_v: 0,
        input_frequency_hz: 49.9,
        output_voltage_v: 230,
        output_current_a: 2.3,
        load_pct: 29,
        bypass_voltage_v: 228,
      },
    },
  },
  santak: {
    objectId: '1.3.6.1.4.1.935',
    objects: `1.3.6.1.4.1.935.1.1.1.1.1.1.0|4|C3K
1.3.6.1.4.1.935.1.1.1.1.2.1.0|4|V6.042
1.3.6.1.4.1.935.1.1.1.2.1.1.0|2|2
1.3.6.1.4.1.935.1.1.1.2.2.1.0|2|100
1.3.6.1.4.1.935.1.1.1.2.2.3.0|2|285
1.3.6.1.4.1.935.1.1.1.3.2.1.0|2|2295
1.3.6.1.4.1.935.1.1.1.3.2.4.0|2|500
1.3.6.1.4.1.935.1.1.1.4.1.1.0|2|2
1.3.6.1.4.1.935.1.1.1.4.2.1.0|2|231
1.3.6.1.4.1.935.1.1.1.4.2.3.0|2|37`,
    device: { vendor: 'santak', model: 'C3K', software: 'V6.042' },
    rows: {
      power: {
        output_source: 3,
        battery_status: 2,
        charge_pct: 100,
        battery_temperature_celsius: 28.5,
        input_voltage_v: 229.5,
        input_frequency_hz: 50,
        output_voltage_v: 231,
        load_pct: 37,
      },
    },
  },
  comware: {
    objectId: '1.3.6.1.4.1.25506.11.1.150',
    description: 'H3C Comware Platform Software, Software Version 7.1.070, Release 6318P01',
    objects: `${PORT}
1.3.6.1.2.1.47.1.1.1.1.7.80|4|Board
1.3.6.1.4.1.25506.2.6.1.1.1.1.6.2|2|0
1.3.6.1.4.1.25506.2.6.1.1.1.1.6.80|2|21
1.3.6.1.4.1.25506.2.6.1.1.1.1.8.2|2|0
1.3.6.1.4.1.25506.2.6.1.1.1.1.8.80|2|37
1.3.6.1.4.1.25506.2.6.1.1.1.1.12.2|2|65535
1.3.6.1.4.1.25506.2.6.1.1.1.1.12.80|2|41
1.3.6.1.4.1.25506.2.70.1.1.1.9.7|2|-231
1.3.6.1.4.1.25506.2.70.1.1.1.12.7|2|-1875
1.3.6.1.4.1.25506.2.70.1.1.1.15.7|2|38
1.3.6.1.4.1.25506.2.70.1.1.1.17.7|2|612
1.3.6.1.4.1.25506.8.35.9.1.1.1.2.1|2|1
1.3.6.1.4.1.25506.8.35.9.1.1.1.2.2|2|3
1.3.6.1.4.1.25506.8.35.9.1.2.1.2.1|2|2`,
    device: {
      vendor: 'h3c',
      software: '7.1.070',
      cpu_pct: 21,
      memory_pct: 37,
      fan_ok: true,
      power_supply_ok: false,
      temperature_celsius: 41,
    },
    rows: {
      'interface interface=Te1/0/7': {
        rx_power_dbm: -18.75,
        tx_power_dbm: -2.31,
        tx_bias_ma: 6.12,
        transceiver_temperature_celsius: 38,
      },
    },
  },
  'aruba-cx': {
    objectId: '1.3.6.1.4.1.47196.4.1.1.1.100',
    objects: `1.3.6.1.4.1.47196.4.1.1.3.11.2.1.1.7.1|2|88
1.3.6.1.4.1.47196.4.1.1.3.11.2.1.1.7.2|2|91
1.3.6.1.4.1.47196.4.1.1.3.11.2.1.1.11.1|2|1
1.3.6.1.4.1.47196.4.1.1.3.11.2.1.1.11.2|2|3
1.3.6.1.4.1.47196.4.1.1.3.11.3.1.1.7.1|2|36500
1.3.6.1.4.1.47196.4.1.1.3.11.5.1.1.10.1|2|4
1.3.6.1.4.1.47196.4.1.1.3.11.5.1.1.10.2|2|2`,
    device: {
      vendor: 'aruba',
      fan_ok: true,
      power_supply_ok: false,
      power_w: 179,
      temperature_celsius: 36.5,
    },
  },
  zte: {
    objectId: '1.3.6.1.4.1.3902.3.100.40',
    description: 'ZXR10 5928E, ZTE ZXR10 Software Version: 5900E V2.8.23.B2.17P21',
    objects: `1.3.6.1.4.1.3902.3.3.1.1.4.1|2|55
1.3.6.1.4.1.3902.3.3.1.1.12.1|2|9`,
    device: { vendor: 'zte', model: '5928E', software: '5900E', cpu_pct: 9, memory_pct: 55 },
  },
  synology: {
    objectId: NET_SNMP,
    description: 'Linux nas 4.4.180+ #42661 SMP',
    objects: `1.3.6.1.4.1.6574.1.1.0|2|1
1.3.6.1.4.1.6574.1.2.0|2|44
1.3.6.1.4.1.6574.1.3.0|2|1
1.3.6.1.4.1.6574.1.4.1.0|2|1
1.3.6.1.4.1.6574.1.4.2.0|2|2
1.3.6.1.4.1.6574.1.5.1.0|4|DS920+
1.3.6.1.4.1.6574.1.5.3.0|4|DSM 7.1-42661
1.3.6.1.4.1.6574.2.1.1.2.0|4|Disk 1
1.3.6.1.4.1.6574.2.1.1.3.0|4|WD40EFRX
1.3.6.1.4.1.6574.2.1.1.5.0|2|5
1.3.6.1.4.1.6574.2.1.1.6.0|2|37
1.3.6.1.4.1.6574.2.1.1.9.0|2|8
1.3.6.1.4.1.6574.2.1.1.13.0|2|3
1.3.6.1.4.1.6574.3.1.1.2.0|4|Volume 1
1.3.6.1.4.1.6574.3.1.1.3.0|2|11`,
    device: {
      vendor: 'synology',
      model: 'DS920+',
      software: '7.1-42661',
      temperature_celsius: 44,
      fan_ok: false,
      power_supply_ok: true,
    },
    rows: {
      'device_disk disk=Disk 1': {
        ok: false,
        health_ok: false,
        temperature_celsius: 37,
        bad_sectors_count: 8,
        model: 'WD40EFRX',
      },
      'device_raid raid=Volume 1': { ok: false, state: 'degraded' },
    },
  },
  qnap: {
    objectId: NET_SNMP,
    description: 'Linux TS-453D 5.1.2',
    objects: `1.3.6.1.4.1.24681.1.2.1.0|4|18.20 %
1.3.6.1.4.1.24681.1.2.2.0|4|8000.0 MB
1.3.6.1.4.1.24681.1.2.3.0|4|2000.0 MB
1.3.6.1.4.1.24681.1.2.5.0|4|51 C/124 F
1.3.6.1.4.1.24681.1.2.6.0|4|36 C/97 F
1.3.6.1.4.1.24681.1.2.11.1.2.1|4|HDD1
1.3.6.1.4.1.24681.1.2.11.1.3.1|4|33 C/91 F
1.3.6.1.4.1.24681.1.2.11.1.4.1|2|-9
1.3.6.1.4.1.24681.1.2.11.1.5.1|4|ST8000VN004
1.3.6.1.4.1.24681.1.2.11.1.7.1|4|GOOD
1.3.6.1.4.1.24681.1.2.12.0|4|TS-453D
1.3.6.1.4.1.24681.1.2.15.1.2.1|4|System FAN 1
1.3.6.1.4.1.24681.1.2.15.1.3.1|4|1100 RPM
1.3.6.1.4.1.24681.1.2.17.1.2.1|4|Volume DataVol1
1.3.6.1.4.1.24681.1.2.17.1.6.1|4|Rebuilding...`,
    device: { vendor: 'qnap', model: 'TS-453D', cpu_pct: 18.2, memory_pct: 75, temperature_celsius: 36 },
    rows: {
      'hardware_sensor type=celsius sensor=cpu': { value: 51 },
      'hardware_sensor type=rpm sensor=System FAN 1': { value: 1_100 },
      'device_disk disk=HDD1': { ok: false, health_ok: true, temperature_celsius: 33, model: 'ST8000VN004' },
      'device_raid raid=Volume DataVol1': { ok: false, state: 'Rebuilding...' },
    },
  },
  'check-point': {
    objectId: NET_SNMP,
    description: 'Linux fw 3.10.0 x86_64',
    objects: `1.3.6.1.4.1.2620.1.1.25.3.0|65|4512
1.3.6.1.4.1.2620.1.1.25.10.0|66|25000
1.3.6.1.4.1.2620.1.1.26.11.6.0|66|33
1.3.6.1.4.1.2620.1.5.6.0|4|standby
1.3.6.1.4.1.2620.1.6.4.1.0|4|R81.20
1.3.6.1.4.1.2620.1.6.7.4.3.0|4|8000000000
1.3.6.1.4.1.2620.1.6.7.4.4.0|4|2000000000
1.3.6.1.4.1.2620.1.6.7.5.1.5.1.0|66|10
1.3.6.1.4.1.2620.1.6.7.5.1.5.2.0|66|30
1.3.6.1.4.1.2620.1.6.7.8.1.1.2.1.0|4|CPU Temp
1.3.6.1.4.1.2620.1.6.7.8.1.1.3.1.0|4|47.00
1.3.6.1.4.1.2620.1.6.16.7.0|4|Check Point 6200`,
    device: {
      vendor: 'check-point',
      model: 'Check Point 6200',
      software: 'R81.20',
      cpu_pct: 20,
      memory_pct: 25,
      temperature_celsius: 47,
    },
    rows: {
      firewall: { sessions_count: 4_512, sessions_max_count: 25_000, sessions_per_s: 33, failover_state: 3 },
    },
  },
  'cisco-asa': {
    objectId: '1.3.6.1.4.1.9.1.2313',
    description: 'Cisco Adaptive Security Appliance Version 9.12(4)',
    objects: `1.3.6.1.4.1.9.9.109.1.1.1.1.7.1|66|31
1.3.6.1.4.1.9.9.147.1.2.1.1.1.3.4|2|2
1.3.6.1.4.1.9.9.147.1.2.1.1.1.3.6|2|9
1.3.6.1.4.1.9.9.147.1.2.1.1.1.3.7|2|4
1.3.6.1.4.1.9.9.147.1.2.2.2.1.5.40.6|66|1234
1.3.6.1.4.1.9.9.147.1.2.2.2.1.5.40.7|66|9999
1.3.6.1.4.1.9.9.221.1.1.1.1.18.1.1|70|300
1.3.6.1.4.1.9.9.221.1.1.1.1.20.1.1|70|700
1.3.6.1.4.1.9.9.392.1.3.29.0|66|6
1.3.6.1.4.1.9.9.392.1.3.35.0|66|41`,
    device: { vendor: 'cisco', software: '9.12(4)', cpu_pct: 31, memory_pct: 30 },
    rows: {
      firewall: { sessions_count: 1_234, vpn_tunnels_count: 6, vpn_users_count: 41 },
      'firewall member=primary': { failover_state: 2 },
      'firewall member=secondary': { failover_state: 4 },
    },
  },
  teltonika: {
    objectId: '1.3.6.1.4.1.48690',
    objects: `1.3.6.1.4.1.48690.1.2.0|4|RUTX50
1.3.6.1.4.1.48690.1.3.0|4|RUTX50000000
1.3.6.1.4.1.48690.1.6.0|4|RUTX_R_00.07.06.1
1.3.6.1.4.1.48690.2.2.1.4.1|4|RG501Q-EU
1.3.6.1.4.1.48690.2.2.1.17.1|2|415`,
    device: {
      vendor: 'teltonika',
      model: 'RUTX50',
      software: 'RUTX_R_00.07.06.1',
      temperature_celsius: 41.5,
    },
  },
  'teltonika-legacy': {
    objectId: NET_SNMP,
    description: 'Linux Teltonika 3.18.44',
    objects: `1.3.6.1.4.1.48690.1.3.0|4|Quectel
1.3.6.1.4.1.48690.1.8.0|4|RUT95000XXXX`,
    device: { vendor: 'teltonika', model: 'RUT95000XXXX' },
  },
  mimosa: {
    objectId: '1.3.6.1.4.1.43356.1.1.1',
    objects: `1.3.6.1.4.1.43356.2.1.2.1.3.0|4|1.5.2
1.3.6.1.4.1.43356.2.1.2.1.8.0|2|382
1.3.6.1.4.1.43356.2.1.2.6.1.1.2.1|2|170
1.3.6.1.4.1.43356.2.1.2.6.1.1.3.1|2|-548
1.3.6.1.4.1.43356.2.1.2.6.1.1.4.1|2|-921
1.3.6.1.4.1.43356.2.1.2.6.1.1.5.1|2|373
1.3.6.1.4.1.43356.2.1.2.6.1.1.6.1|2|5240
1.3.6.1.4.1.43356.2.1.2.6.2.1.2.1|2|390
1.3.6.1.4.1.43356.2.1.2.6.2.1.5.1|2|351
1.3.6.1.4.1.43356.2.1.2.7.3.0|2|12
1.3.6.1.4.1.43356.2.1.2.7.4.0|2|250`,
    device: { vendor: 'mimosa', software: '1.5.2', temperature_celsius: 38.2 },
    rows: {
      'radio_link link=radio chain=chain 1': {
        signal_dbm: -54.8,
        tx_power_dbm: 17,
        noise_dbm: -92.1,
        snr_db: 37.3,
        frequency_mhz: 5_240,
      },
      'radio_link link=radio chain=stream 1': { tx_rate_mbps: 390, rx_rate_mbps: 351 },
      'radio_link link=radio': { tx_errors_pct: 0.12, rx_errors_pct: 2.5 },
    },
  },
  'cambium-epmp': {
    objectId: '1.3.6.1.4.1.17713.21.9.8',
    objects: `1.3.6.1.4.1.17713.21.1.2.1.0|2|5495
1.3.6.1.4.1.17713.21.1.2.3.0|2|-61
1.3.6.1.4.1.17713.21.1.2.10.0|2|0
1.3.6.1.4.1.17713.21.1.2.18.0|2|28`,
    device: { vendor: 'cambium' },
    rows: {
      'radio_link link=radio': { frequency_mhz: 5_495, signal_dbm: -61, snr_db: 28, stations_count: 0 },
    },
  },
  'ubiquiti-airmax': {
    objectId: '1.3.6.1.4.1.10002.1',
    objects: `1.3.6.1.4.1.41112.1.4.1.1.4.1|2|5860
1.3.6.1.4.1.41112.1.4.1.1.6.1|2|27
1.3.6.1.4.1.41112.1.4.1.1.7.1|2|600
1.3.6.1.4.1.41112.1.4.5.1.5.1|2|-64
1.3.6.1.4.1.41112.1.4.5.1.7.1|2|99
1.3.6.1.4.1.41112.1.4.5.1.8.1|2|-101
1.3.6.1.4.1.41112.1.4.5.1.9.1|2|162000
1.3.6.1.4.1.41112.1.4.5.1.10.1|2|240000000
1.3.6.1.4.1.41112.1.4.5.1.15.1|66|1`,
    device: { vendor: 'ubiquiti' },
    rows: {
      'radio_link link=radio 1': {
        frequency_mhz: 5_860,
        tx_power_dbm: 27,
        distance_m: 600,
        signal_dbm: -64,
        noise_dbm: -101,
        quality_pct: 99,
        tx_rate_mbps: 162,
        rx_rate_mbps: 240,
        stations_count: 1,
      },
    },
  },
  ruijie: {
    objectId: '1.3.6.1.4.1.4881.1.1.10.1.240',
    objects: `1.3.6.1.4.1.4881.1.1.10.2.1.1.41.1.3.1.1|2|5
1.3.6.1.4.1.4881.1.1.10.2.1.1.43.1.4.1.1|2|4
1.3.6.1.4.1.4881.1.1.10.2.1.1.44.1.5.1.1|2|52
1.3.6.1.4.1.4881.1.1.10.2.35.1.1.1.3.1|2|61
1.3.6.1.4.1.4881.1.1.10.2.36.1.2.1.5.1|2|8`,
    device: {
      vendor: 'ruijie',
      cpu_pct: 8,
      memory_pct: 61,
      fan_ok: true,
      power_supply_ok: false,
      temperature_celsius: 52,
    },
  },
  'd-link': {
    objectId: '1.3.6.1.4.1.171.10.153.4.1',
    description: 'DGS-1510-28XMP/ME Gigabit Ethernet Switch',
    objects: `1.3.6.1.4.1.171.14.5.1.1.1.1.4.1.1|2|39
1.3.6.1.4.1.171.14.5.1.7.1.4.1|2|14`,
    device: { vendor: 'd-link', model: 'DGS-1510-28XMP/ME', cpu_pct: 14, temperature_celsius: 39 },
  },
  'tp-link': {
    objectId: '1.3.6.1.4.1.11863.5.38',
    objects: `${PORT}
1.3.6.1.4.1.11863.6.4.1.1.1.1.2.1|2|22
1.3.6.1.4.1.11863.6.4.1.2.1.1.2.1|2|48
1.3.6.1.4.1.11863.6.96.1.7.1.1.2.7|4|34.5
1.3.6.1.4.1.11863.6.96.1.7.1.1.4.7|4|7.1
1.3.6.1.4.1.11863.6.96.1.7.1.1.5.7|4|0.5000
1.3.6.1.4.1.11863.6.96.1.7.1.1.6.7|4|0.0100`,
    device: { vendor: 'tp-link', cpu_pct: 22, memory_pct: 48 },
    rows: {
      'interface interface=Te1/0/7': {
        rx_power_dbm: -20,
        tx_power_dbm: -3.01,
        tx_bias_ma: 7.1,
        transceiver_temperature_celsius: 34.5,
      },
    },
  },
  draytek: {
    objectId: '1.3.6.1.4.1.7367',
    description:
      'DrayTek Corporation, Router Model: Vigor2925 Series, Version: 3.8.4_STD, Build Date/Time:Jan',
    objects: '1.3.6.1.4.1.7367.3.7.0|4|61%',
    device: { vendor: 'draytek', model: 'Vigor2925 Series', software: '3.8.4_STD', memory_pct: 61 },
  },
  hikvision: {
    objectId: '1.3.6.1.4.1.39165.1.1',
    objects: `1.3.6.1.4.1.39165.1.1.0|4|DS-2CD2143G0-I
1.3.6.1.4.1.39165.1.3.0|4|V5.5.82 build 190909
1.3.6.1.4.1.39165.1.7.0|4|37 PERCENT
1.3.6.1.4.1.39165.1.9.0|4|80 PERCENT
1.3.6.1.4.1.39165.1.11.0|4|54 PERCENT`,
    device: {
      vendor: 'hikvision',
      model: 'DS-2CD2143G0-I',
      software: 'V5.5.82 build 190909',
      cpu_pct: 37,
      memory_pct: 54,
      storage_pct: 80,
    },
  },
  sophos: {
    objectId: NET_SNMP,
    description: 'Linux localhost 4.14.302',
    objects: `1.3.6.1.4.1.2604.5.1.1.2.0|4|XGS2100
1.3.6.1.4.1.2604.5.1.1.3.0|4|SFOS 19.5.3
1.3.6.1.4.1.2604.5.1.2.4.2.0|66|12
1.3.6.1.4.1.2604.5.1.2.5.2.0|66|64
1.3.6.1.4.1.2604.5.1.4.4.0|2|4`,
    device: { vendor: 'sophos', model: 'XGS2100', software: 'SFOS 19.5.3', memory_pct: 64, storage_pct: 12 },
    rows: { firewall: { failover_state: 4 } },
  },
  'apc-pdu': {
    objectId: '1.3.6.1.4.1.318.1.3.4.8',
    objects: `1.3.6.1.4.1.318.1.1.26.6.3.1.3.1|2|1
1.3.6.1.4.1.318.1.1.26.6.3.1.4.1|2|3
1.3.6.1.4.1.318.1.1.26.6.3.1.5.1|2|148
1.3.6.1.4.1.318.1.1.26.9.2.3.1.3.4|4|Router of the ward
1.3.6.1.4.1.318.1.1.26.9.2.3.1.4.4|2|4
1.3.6.1.4.1.318.1.1.26.9.2.3.1.5.4|2|1`,
    device: { vendor: 'apc' },
    rows: {
      'power line=phase 1': { load_state: 3, output_current_a: 14.8 },
      'power line=outlet 4': { outlet_on: false, outlet_name: 'Router of the ward' },
    },
  },
  'eaton-epdu': {
    objectId: '1.3.6.1.4.1.534.6.6.7',
    objects: `1.3.6.1.4.1.534.6.6.7.3.2.1.3.0.1.1|2|231500
1.3.6.1.4.1.534.6.6.7.6.6.1.2.0.1|2|1`,
    device: { vendor: 'eaton' },
    rows: {
      'power line=input 0.1.1': { input_voltage_v: 231.5 },
      'power line=outlet 0.1': { outlet_on: true },
    },
  },
  socomec: {
    objectId: '1.3.6.1.4.1.4555.1.1.1',
    objects: `1.3.6.1.4.1.4555.1.1.1.1.1.1.0|4|MASTERYS
1.3.6.1.4.1.4555.1.1.1.1.2.1.0|2|5
1.3.6.1.4.1.4555.1.1.1.1.2.3.0|2|22
1.3.6.1.4.1.4555.1.1.1.1.2.4.0|2|81
1.3.6.1.4.1.4555.1.1.1.1.2.5.0|2|4020
1.3.6.1.4.1.4555.1.1.1.1.3.1.0|2|1
1.3.6.1.4.1.4555.1.1.1.1.3.3.1.5.1|2|12
1.3.6.1.4.1.4555.1.1.1.1.3.3.1.5.2|2|0
1.3.6.1.4.1.4555.1.1.1.1.4.1.0|2|5
1.3.6.1.4.1.4555.1.1.1.1.4.3.0|2|1
1.3.6.1.4.1.4555.1.1.1.1.4.4.1.2.1|2|2304
1.3.6.1.4.1.4555.1.1.1.1.4.4.1.4.1|2|37`,
    device: { vendor: 'socomec', model: 'MASTERYS' },
    rows: {
      power: {
        output_source: 5,
        on_battery: true,
        mains_ok: false,
        battery_status: 2,
        runtime_minutes: 22,
        charge_pct: 81,
        battery_voltage_v: 402,
        load_pct: 37,
      },
      'power line=1': { input_voltage_v: 1.2, output_voltage_v: 230.4, load_pct: 37 },
    },
  },
  vertiv: {
    objectId: '1.3.6.1.4.1.476.1.42',
    objects: `1.3.6.1.2.1.33.1.1.2.0|4|Liebert GXT5
1.3.6.1.2.1.33.1.1.3.0|4|1.8.0
1.3.6.1.2.1.33.1.2.4.0|2|100
1.3.6.1.2.1.33.1.4.1.0|2|3`,
    device: { vendor: 'vertiv', model: 'Liebert GXT5', software: '1.8.0' },
    rows: { power: { charge_pct: 100, output_source: 3, on_battery: false } },
  },
  juniper: {
    objectId: '1.3.6.1.4.1.2636.1.1.1.2.21',
    description: 'Juniper Networks, Inc. mx960 internet router, kernel JUNOS 18.4R3, Build date: 2020',
    objects: `1.3.6.1.4.1.2636.3.4.2.2.2.0|66|1
1.3.6.1.4.1.2636.3.4.2.3.2.0|66|3`,
    device: {
      vendor: 'juniper',
      model: 'mx960',
      software: '18.4R3',
      major_alarms_count: 3,
      minor_alarms_count: 1,
    },
  },
};

describe('a device of', () => {
  it.each(Object.entries(CASES))('%s is told as it is', async (profile, wanted) => {
    const { objectId, description = '', objects, device, rows = {} } = wanted;
    const recording = `1.3.6.1.2.1.1.1.0|4|${description}\n1.3.6.1.2.1.1.2.0|6|${objectId}\n1.3.6.1.2.1.1.3.0|67|360000\n${objects}`;
    const library = shippedLibrary();
    const found = await library().find({ objectId, description }, async (oids) => {
      return new Map(
        oids.flatMap((oid) => (recording.includes(`${oid}|`) ? [[oid, textAt(recording, oid)]] : [])),
      );
    });
    expect(found?.profile).toBe(profile);
    const told = new Map((await pollRecordings(library, recording)).map(({ row, fields }) => [row, fields]));
    expect(told.get('device')).toMatchObject(device);
    for (const [row, fields] of Object.entries(rows))
      expect([row, told.get(row)]).toMatchObject([row, fields]);
  });
});

function textAt(recording: string, oid: string): string {
  const line = recording.split('\n').find((each) => each.startsWith(`${oid}|`));
  return line?.split('|')[2] ?? '';
}
