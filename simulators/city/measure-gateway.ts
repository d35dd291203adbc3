import type { Sample } from '../../contract/sample.ts';
import type { FaultMap } from './faults.ts';
import { clamp } from './measure-server.ts';
import { drift, hash01 } from './noise.ts';
import { homeLoad, officeLoad } from './rhythm.ts';

const MINUTE_MS = 60_000;
const OPERATORS = [
  { operator: 'viettel', band: 'n41' },
  { operator: 'vinaphone', band: 'n78' },
  { operator: 'mobifone', band: 'n77' },
] as const;

export interface GatewayPlace {
  readonly site: string;
  readonly unit: string;
  readonly devices: readonly { readonly id: string; readonly kind: string }[];
  readonly interfaces: number;
}

/** What a ward gateway sees of its site: node, ports, lines, 5G, power. Load raises delay, loss and heat, lowers SINR. */
export function measureGateway(
  seed: number,
  place: GatewayPlace,
  timeMs: number,
  faults: FaultMap,
): Sample[] {
  const samples: Sample[] = [];
  for (const device of place.devices) {
    const at = (measurement: string, tags: Record<string, string>, fields: Sample['fields']): Sample => ({
      measurement,
      tags: { device: device.id, site: place.site, unit: place.unit, ...tags },
      fields,
      timeMs,
    });
    const key = `${seed}${device.id}`;
    if (device.kind === 'node') samples.push(...measureNode(key, place, timeMs, at));
    else if (device.kind === 'probe') samples.push(measureLine(key, place, timeMs, faults, at));
    else if (device.kind === 'modem') samples.push(measureModem(key, place, timeMs, faults, at));
    else if (device.kind === 'ups') samples.push(measureUps(key, timeMs, at));
  }
  return samples;
}

type At = (measurement: string, tags: Record<string, string>, fields: Sample['fields']) => Sample;

function busyness(key: string, timeMs: number): number {
  return clamp(0.8 * officeLoad(timeMs) + 0.15 * drift(`${key}b`, timeMs, 10 * MINUTE_MS), 0.02, 0.95);
}

function measureNode(key: string, place: GatewayPlace, timeMs: number, at: At): Sample[] {
  const busy = busyness(place.site, timeMs);
  const ports = Array.from({ length: place.interfaces }, (_, port) => {
    const portKey = `${key}p${port}`;
    const share = port === 0 ? busy : busy * hash01(portKey) * 0.6;
    const speedBps = 1e9;
    const inBps = speedBps * share * 0.7 * (1 + 0.1 * drift(portKey, timeMs, MINUTE_MS));
    const outBps = inBps * (0.3 + 0.4 * hash01(`${portKey}o`));
    return at(
      'interface',
      { interface: port === 0 ? 'uplink' : `ge-0/0/${port}` },
      {
        oper_status: 1,
        admin_status: 1,
        speed_mbps: speedBps / 1e6,
        in_bps: inBps,
        out_bps: outBps,
        in_utilization_pct: (100 * inBps) / speedBps,
        out_utilization_pct: (100 * outBps) / speedBps,
        in_errors: 0,
        out_errors: 0,
        in_discards: share > 0.85 ? Math.floor(200 * (share - 0.85)) : 0,
      },
    );
  });
  return [
    at(
      'device',
      {},
      {
        up: true,
        reachable: true,
        response_ms: 1 + 4 * busy,
        cpu_pct: 10 + 50 * busy,
        memory_pct: 40 + 10 * hash01(`${key}m`),
        temperature_celsius: 36 + 14 * busy + 2 * drift(`${key}t`, timeMs, 20 * MINUTE_MS),
      },
    ),
    ...ports,
  ];
}

function measureLine(key: string, place: GatewayPlace, timeMs: number, faults: FaultMap, at: At): Sample {
  const busy = busyness(place.site, timeMs);
  const lossy = faults.active('lossy_line', place.site, timeMs) !== undefined;
  const rttMs =
    4 + 6 * hash01(`${key}d`) + 25 * busy ** 3 + (lossy ? 60 : 0) + drift(`${key}r`, timeMs, MINUTE_MS);
  const lossPct = lossy ? 12 + 3 * drift(`${key}l`, timeMs, MINUTE_MS) : busy > 0.8 ? 0.5 * (busy - 0.8) : 0;
  const spreadMs = 0.5 + 4 * busy + (lossy ? 25 : 0);
  return at(
    'ping',
    { target: 'core' },
    {
      packets_transmitted: 10,
      packets_received: Math.round(10 * (1 - lossPct / 100)),
      percent_packet_loss: lossPct,
      average_response_ms: Math.max(1, rttMs),
      minimum_response_ms: Math.max(0.5, rttMs - spreadMs),
      maximum_response_ms: rttMs + 2 * spreadMs,
      standard_deviation_ms: spreadMs,
      percentile95_ms: rttMs + 1.6 * spreadMs,
      ipdv_p95_ms: spreadMs,
      result_code: 0,
    },
  );
}

function measureModem(key: string, place: GatewayPlace, timeMs: number, faults: FaultMap, at: At): Sample {
  const choice = OPERATORS[Math.floor(hash01(`${key}o`) * OPERATORS.length)] ?? OPERATORS[0];
  const dip = faults.active('coverage_dip', place.unit, timeMs) !== undefined;
  const load = homeLoad(timeMs);
  const fading = 3 * drift(`${key}f`, timeMs, 2 * MINUTE_MS);
  const rsrp = (dip ? -118 : -74 - 22 * hash01(`${key}s`)) + fading;
  const sinr = (dip ? -4 : 24 - 8 * hash01(`${key}i`)) - 9 * load + 0.5 * fading;
  return at(
    'cellular',
    { operator: choice.operator, rat: 'nr', band: choice.band },
    {
      rsrp_dbm: clamp(rsrp, -156, -31),
      sinr_db: clamp(sinr, -23, 40),
      rsrq_db: clamp(-8.5 - 4 * load - (dip ? 9 : 0), -43, 20),
      pci: Math.floor(hash01(`${key}p`) * 1008),
      bandwidth_mhz: 100,
      registered: true,
      roaming: false,
    },
  );
}

function measureUps(key: string, timeMs: number, at: At): Sample {
  return at(
    'power',
    {},
    {
      output_source: 3,
      on_battery: false,
      charge_pct: 100,
      runtime_minutes: 40 + 20 * hash01(key),
      load_pct: 30 + 20 * officeLoad(timeMs),
      input_voltage_v: 226 + 4 * drift(`${key}v`, timeMs, 10 * MINUTE_MS),
    },
  );
}
