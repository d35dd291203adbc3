import { describe, expect, it } from 'vitest';
import { EngineHarness } from '../../central/alerts/testing/engine-harness.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from '../../central/alerts/rules/load-rules.ts';
import { liveContext } from '../../central/alerts/testing/batches-and-rules.ts';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import type { Sample } from '../../contract/sample.ts';
import { startSnmpAgent } from '../../simulators/devices/snmp/agent.ts';
import type { Motion } from '../../simulators/devices/snmp/device-state.ts';
import type { Recording } from '../../simulators/devices/snmp/recording.ts';
import { ManualClock } from '../../runtime/manual-clock.ts';
import { arrive, fieldsBy, startPoller } from '../support/snmp-poller.ts';
import { hasRecordings, loadRecording, readManifest } from '../support/snmp-recordings.ts';

const manifest = hasRecordings ? readManifest() : {};

/** Two polls a minute apart of a recording answered on the wire. */
async function poll(
  name: string,
  motion?: Motion,
): Promise<{ samples: readonly Sample[]; later: readonly Sample[]; nowMs: number }> {
  const clock = new ManualClock();
  const agent = await startSnmpAgent({
    recording: loadRecording(name),
    clock,
    ...(motion !== undefined && { motion }),
  });
  const poller = startPoller({ [name]: agent.port }, { clock });
  try {
    const first = await poller.collect(AbortSignal.timeout(30_000));
    await clock.advance(61_000);
    const second = await poller.collect(AbortSignal.timeout(30_000));
    expect([...first.errors, ...second.errors]).toEqual([]);
    return { samples: first.samples, later: second.samples, nowMs: clock.now() };
  } finally {
    await poller.close();
    await agent.close();
  }
}

/** Row indexes of a column, straight from the recording. */
function rowsOf(recording: Recording, column: string): string[] {
  const prefix = `${column}.`;
  return recording
    .map(({ oid }) => oid.join('.'))
    .filter((oid) => oid.startsWith(prefix))
    .map((oid) => oid.slice(prefix.length));
}

const of = (samples: readonly Sample[], measurement: string) =>
  samples.filter((sample) => sample.measurement === measurement);

describe.skipIf(!hasRecordings)(
  'recordings of real agents, answered on the wire (need ../shared/data/snmp)',
  () => {
    it.each(Object.entries(manifest))(
      '%s: all rows are found and taken by central',
      async (name, expected) => {
        const recording = loadRecording(name);
        const { samples, later, nowMs } = await poll(name);
        expect(arrive([...samples, ...later], nowMs).refusals).toEqual([]);

        const ports = fieldsBy(samples, 'interface', 'interface');
        expect(Object.keys(ports)).toHaveLength(expected.interfaces);
        const count = (field: string, value: number) =>
          Object.values(ports).filter((port) => port[field] === value).length;
        expect([count('admin_status', 1), count('oper_status', 1)]).toEqual([
          expected.adminUp,
          expected.operUp,
        ]);

        const storages = rowsOf(recording, '1.3.6.1.2.1.25.2.3.1.3');
        expect(of(samples, 'device_storage')).toHaveLength(storages.length);
        const sensors = rowsOf(recording, '1.3.6.1.2.1.99.1.1.1.1');
        const ownSensors = of(samples, 'hardware_sensor').filter(
          ({ fields }) => fields['oper_status'] !== undefined,
        );
        expect(ownSensors).toHaveLength(sensors.length);

        const neighbours = of(samples, 'lldp_neighbor').map(({ fields }) =>
          Number(fields['neighbors_count']),
        );
        expect(neighbours.reduce((sum, count) => sum + count, 0)).toBe(
          rowsOf(recording, '1.0.8802.1.1.2.1.4.1.1.7').length,
        );

        const phases = new Set([
          ...rowsOf(recording, '1.3.6.1.2.1.33.1.3.3.1.3'),
          ...rowsOf(recording, '1.3.6.1.2.1.33.1.4.4.1.2'),
        ]);
        const isUps = rowsOf(recording, '1.3.6.1.2.1.33.1.4.1').length > 0;
        const power = fieldsBy(samples, 'power', 'line');
        expect([...phases].filter((phase) => power[phase] === undefined)).toEqual([]);
        expect(power['']?.['output_source'] !== undefined).toBe(isUps);

        expect(fieldsBy(samples, 'device', 'device')[name]).toMatchObject({ up: true, reachable: true });
      },
    );

    /** 64-bit counters grow twice as fast as the 32-bit ones beside them. */
    const twoSpeeds: Motion = (oid) => {
      if (oid.startsWith('1.3.6.1.2.1.31.1.1.1.6.')) return 1_000;
      return oid.startsWith('1.3.6.1.2.1.2.2.1.10.') ? 500 : undefined;
    };

    it.each(Object.entries(manifest))(
      '%s: 64-bit counters where there are any, 32-bit ones elsewhere',
      async (name, expected) => {
        const { later } = await poll(name, twoSpeeds);
        const rates = Object.values(fieldsBy(later, 'interface', 'interface')).map((port) => port['in_bps']);
        expect(rates.filter((bps) => bps === 8_000)).toHaveLength(expected.ifHCInOctets);
        const others = rates.filter((bps) => bps !== 8_000);
        expect(others.filter((bps) => bps !== 4_000 && bps !== 0 && bps !== undefined)).toEqual([]);
      },
    );

    /** Read off the recordings and their MIBs by hand. */
    const known: Record<
      string,
      readonly [measurement: string, tag: string, value: string, fields: object][]
    > = {
      'router-juniper-mx960': [
        ['interface', 'interface', 'xe-0/3/1', { speed_mbps: 10_000, oper_status: 2, in_use: false }],
        [
          'interface',
          'interface',
          'ge-0/0/0',
          { speed_mbps: 1_000, last_change_s: expect.closeTo(3_978_007.94) as number },
        ],
        [
          'device',
          'device',
          '',
          {
            cpu_pct: 29,
            memory_pct: 8,
            temperature_celsius: 35,
            fan_ok: true,
            power_supply_ok: true,
            software: '12.3R6.6',
          },
        ],
        ['hardware_sensor', 'sensor', 'PEM 1', { value: 30 }],
        [
          'lldp_neighbor',
          'interface',
          'xe-1/2/0',
          { remote_device: 're0-SNNU-CA-CORE-1', remote_chassis: 'a8:d0:e5:f5:af:c0' },
        ],
      ],
      'router-cisco-ios': [
        ['device', 'device', '', { cpu_pct: 13, memory_pct: expect.closeTo(14.031) as number }],
      ],
      'switch-cisco-c3560': [
        [
          'interface',
          'interface',
          'Gi0/1',
          { speed_mbps: 10, oper_status: 2, in_use: false, description: 'GigabitEthernet0/1' },
        ],
        [
          'device',
          'device',
          '',
          {
            cpu_pct: 58,
            memory_pct: expect.closeTo(29.316) as number,
            temperature_celsius: 61,
            software: '12.2(55)SE3',
          },
        ],
      ],
      'switch-huawei-s5720': [
        ['device', 'device', '', { cpu_pct: 38, memory_pct: 7, temperature_celsius: 42, vendor: 'huawei' }],
        ['hardware_sensor', 'sensor', 'MPU Board 0', { value: 42 }],
      ],
      'switch-arista-7150s': [
        ['hardware_sensor', 'sensor', 'Cpu temp sensor', { value: 28.2 }],
        ['hardware_sensor', 'sensor', 'CpucardPwrCon Rail1 12V standby', { value: 12.42 }],
        ['hardware_sensor', 'sensor', 'DOM TX Power Sensor for Ethernet5', { value: 0.0006015 }],
        ['hardware_sensor', 'sensor', 'DOM TX Bias Sensor for Ethernet5', { value: 0.00509 }],
        [
          'interface',
          'interface',
          'Ethernet5',
          { rx_power_dbm: -3.95, tx_power_dbm: -2.21, speed_mbps: 10_000 },
        ],
        ['device_storage', 'storage', 'Flash', { total_bytes: 1_584_365_568, used_bytes: 1_255_563_264 }],
        [
          'device',
          'device',
          '',
          {
            cpu_pct: expect.closeTo(38 / 3) as number,
            memory_pct: expect.closeTo(22.523) as number,
            temperature_celsius: 28.2,
          },
        ],
        [
          'lldp_neighbor',
          'interface',
          'Ethernet47',
          { remote_device: 'ZJ-BP-Bak-Arista', remote_interface: 'Ethernet23' },
        ],
      ],
      'firewall-paloalto-pa5000': [
        ['interface', 'interface', 'tunnel.4', { oper_status: 1 }],
        ['interface', 'alias', '内网服务器上行', { in_use: false }],
        ['hardware_sensor', 'sensor', 'Fan #1 RPM', { value: 4_618 }],
        [
          'device',
          'device',
          '',
          {
            cpu_pct: 16,
            memory_pct: expect.closeTo(68.986) as number,
            temperature_celsius: 34,
            software: '8.0.1',
          },
        ],
      ],
      'server-linux-8560': [
        [
          'device_storage',
          'storage',
          '/home/image/6dqzjxr3',
          { total_bytes: 131_941_395_333_120, used_bytes: 27_825_483_546_624 },
        ],
        ['device', 'device', '', { cpu_pct: 5.25, load1: 0.27 }],
      ],
      'server-linux-slackware': [
        ['device', 'device', '', { cpu_pct: 11, memory_pct: expect.closeTo(71.152) as number, load1: 0.46 }],
      ],
      'server-windows-2003': [
        ['interface', 'interface', 'Intel(R) PRO/1000 MT Network Connection', { speed_mbps: 1_000 }],
        ['device_storage', 'storage', 'A:\\', { total_bytes: 0, used_bytes: 0 }],
        ['device', 'device', '', { cpu_pct: 0, memory_pct: expect.closeTo(74.644) as number }],
      ],
      'ups-eaton-93e': [
        [
          'power',
          'line',
          '',
          {
            output_source: 3,
            on_battery: false,
            mains_ok: true,
            charge_pct: 100,
            runtime_minutes: 1_092,
            battery_voltage_v: 521,
            battery_temperature_celsius: 25,
            output_frequency_hz: 49,
            load_pct: 21,
            output_power_w: 11_400,
          },
        ],
        [
          'power',
          'line',
          '3',
          {
            input_voltage_v: 233,
            input_frequency_hz: 50,
            input_current_a: 21,
            output_voltage_v: 220,
            output_current_a: 15,
            output_power_w: 2_700,
            load_pct: 12,
            bypass_voltage_v: 231,
          },
        ],
      ],
      'power-huawei-gse200m': [
        [
          'power',
          'line',
          '',
          {
            output_source: 3,
            charge_pct: 100,
            runtime_minutes: 468,
            battery_voltage_v: 538.5,
            output_frequency_hz: 49.99,
          },
        ],
        [
          'power',
          'line',
          '1',
          {
            input_voltage_v: 236.9,
            input_frequency_hz: 50,
            input_current_a: 15.2,
            output_voltage_v: 219.9,
            output_current_a: 18.3,
            output_power_w: 3_400,
            load_pct: 8,
            bypass_voltage_v: 235.8,
          },
        ],
      ],
      'pdu-apc-ap7902b': [
        ['power', 'line', 'phase 1', { output_current_a: 1.6 }],
        ['power', 'line', 'bank 2', { output_current_a: 1.1 }],
        ['power', 'line', 'outlet 8', { outlet_on: true }],
        ['power', 'line', 'outlet 9', { outlet_on: false }],
        ['device', 'device', '', { software: '6.7.2', vendor: 'apc' }],
      ],
      'radio-ubiquiti-m5': [
        [
          'device',
          'device',
          '',
          { memory_pct: expect.closeTo(27.918) as number, load1: 0.12, vendor: 'ubiquiti' },
        ],
      ],
      'storage-isilon-onefs': [
        ['interface', 'interface', 'bxe0', { speed_mbps: 10_000 }],
        [
          'device_storage',
          'storage',
          '/ifs',
          { total_bytes: 1_531_206_598_656, used_bytes: 11_096_536_408_064 },
        ],
      ],
      'env-geist-temperature': [
        [
          'environment',
          'sensor',
          'Watchdog Rack 01',
          { temperature_celsius: 15.4, humidity_pct: 39, dew_point_celsius: 0.8 },
        ],
        ['environment', 'sensor', 'Above Rack 03', { temperature_celsius: 18 }],
      ],
      'access-cts-media-converter': [
        ['interface', 'interface', 'port0', { speed_mbps: 100, oper_status: 1 }],
      ],
      'gateway-5g-teltonika-trb500': [
        [
          'interface',
          'interface',
          'eth0',
          { oper_status: 1, last_change_s: expect.closeTo(434_707.18) as number },
        ],
        ['device', 'device', '', { cpu_pct: 9, load15: 1.9 }],
      ],
    };

    it.each(Object.entries(known))('%s: values have the right units', async (name, rows) => {
      const { samples } = await poll(name);
      for (const [measurement, tag, value, fields] of rows) {
        const key = value === '' && tag === 'device' ? name : value;
        expect(fieldsBy(samples, measurement, tag)[key], `${measurement} ${tag}=${value}`).toMatchObject(
          fields,
        );
      }
    });

    it('have one port that is missed, not 136, and no storage that is full', async () => {
      const harness = new EngineHarness();
      try {
        const ids = new Set(['port_down', 'device_storage_full']);
        const rules = loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE).filter(({ id }) => ids.has(id));
        expect(rules).toHaveLength(ids.size);
        const engine = harness.start(rules);
        let downPorts = 0;
        let seq = 0;
        for (const name of Object.keys(manifest)) {
          const { samples, later, nowMs } = await poll(name);
          const ports = Object.values(fieldsBy(later, 'interface', 'interface'));
          downPorts += ports.filter((port) => port['admin_status'] === 1 && port['oper_status'] !== 1).length;
          for (const round of [samples, later]) {
            for (const { tables } of arrive(round, nowMs).batches) {
              engine.observe({ agent: 'gw-1', epoch: 'epoch001', seq: ++seq, tables }, liveContext(nowMs));
            }
          }
        }
        expect(downPorts).toBe(136);
        // It carried traffic and went down six days before the recording was made.
        expect(engine.active().map(({ entity, phase }) => ({ ...entity, phase }))).toEqual([
          { device: 'switch-arista-7150s', interface: 'Ethernet31', phase: 'firing' },
        ]);
      } finally {
        harness.end();
      }
    });
  },
);
