import type { Sample } from '../../../../contract/sample.ts';
import { FakeSession } from '../../../protocols/snmp/testing/fake-session.ts';
import type { CollectorDeps } from '../../collector.ts';
import { environmentKind } from '../environment.ts';
import { HeldStates } from '../held-states.ts';
import { MEASUREMENT } from '../mapping.ts';
import { MAPPINGS } from '../mappings/index.ts';
import { prepare, readMessage } from '../read-message.ts';
import { sensorSample } from '../sensor-sample.ts';
import { SnmpSensors } from '../snmp-sensors.ts';

const FLAT = {
  temperature: 24.5,
  humidity: 61,
  dew_point: 16.2,
  contact: false,
  water_leak: true,
  smoke: 'OFF',
  water_level_m: 1.42,
  fan_speed_rpm: 1_200,
  airflow_m_per_s: 2.5,
  battery: 87,
  battery_low: false,
  linkquality: 91,
  rssi: -71,
};
const MESSAGES: Readonly<Record<string, unknown>> = {
  zigbee2mqtt: FLAT,
  generic: FLAT,
  tasmota: { AM2301: { Temperature: 75.2, Humidity: 61, DewPoint: 60 }, TempUnit: 'F' },
  shelly: { tC: 22.4, rh: 60, alarm: true, battery: { percent: 80 } },
  things_stack: { uplink_message: { decoded_payload: FLAT, rx_metadata: [{ rssi: -110 }] } },
  chirpstack: { object: FLAT, rxInfo: [{ rssi: -110 }] },
};

/** Of every ready mapping, of states that are repeated, and of sensors over SNMP. */
export async function exampleSamples(deps: CollectorDeps): Promise<readonly Sample[]> {
  const nowMs = deps.clock.now();
  const at = { commonTags: deps.commonTags, timeMs: nowMs };
  const names = { device: 'sensor-1', sensor: 'rack', location: 'room-2' };
  const mapped = Object.entries(MAPPINGS).flatMap(([mapping, messages]) =>
    messages.flatMap((message) =>
      readMessage(prepare(message), MESSAGES[mapping] ?? '22', nowMs).readings.map(({ fields }) =>
        sensorSample(names, fields, at),
      ),
    ),
  );
  const held = new HeldStates(3_600_000);
  for (const sample of mapped) held.record(sample, nowMs);
  return [...mapped, ...held.report(MEASUREMENT, nowMs + 60_000), ...(await overSnmp(deps))];
}

async function overSnmp(deps: CollectorDeps): Promise<readonly Sample[]> {
  const oid = '1.3.6.1.4.1.99999.1.1.0';
  const { snmp } = environmentKind.configSchema.parse({
    snmp: {
      credentials: { lan: { version: '2c', community: { value: 'public' } } },
      devices: [
        {
          device: 'probe-1',
          address: '10.0.0.1',
          credentials: 'lan',
          sensors: [{ oid, field: 'temperature_celsius', scale: 0.1, sensor: 'rack', location: 'room-2' }],
        },
      ],
    },
  });
  if (snmp === undefined) return [];
  const sensors = new SnmpSensors(snmp, {
    ...deps,
    openSession: async () => new FakeSession({ [oid]: 245 }),
  });
  sensors.take();
  await sensors.whenPolled(new AbortController().signal);
  const { samples } = sensors.take();
  await sensors.close();
  return samples;
}
