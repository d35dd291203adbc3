import type { Sample } from '../../contract/sample.ts';
import type { FaultMap } from './faults.ts';
import { counter, drift, hash01 } from './noise.ts';
import { officeLoad } from './rhythm.ts';

const GIB = 1024 ** 3;
const MINUTE_MS = 60_000;

export interface ServerPlace {
  readonly id: string;
  readonly site: string;
  readonly unit: string;
}

/** About 40 values as Telegraf names them; everything follows one load. */
export function measureServer(seed: number, server: ServerPlace, timeMs: number, faults: FaultMap): Sample[] {
  const key = `${seed}${server.id}`;
  const base = { host: server.id, site: server.site, unit: server.unit };
  const size = 0.4 + 0.6 * hash01(`${key}size`);
  const runaway = faults.active('cpu_runaway', server.id, timeMs) !== undefined;
  const filling = faults.active('disk_filling', server.id, timeMs);
  const load = runaway
    ? 0.985 + 0.01 * drift(`${key}r`, timeMs, MINUTE_MS)
    : clamp(
        0.06 + size * 0.6 * officeLoad(timeMs) + 0.08 * drift(`${key}c`, timeMs, 5 * MINUTE_MS),
        0.01,
        0.86,
      );
  const cpus = 8 * 2 ** Math.floor(hash01(`${key}n`) * 3);
  const active = 100 * load;
  const iowait = 4 * load * hash01(`${key}w`);
  const memoryTotal = cpus * 4 * GIB;
  const usedShare = clamp(0.35 + 0.3 * load + 0.05 * drift(`${key}m`, timeMs, 30 * MINUTE_MS), 0.1, 0.85);
  const diskTotal = 960 * GIB;
  const diskShare = filling === undefined ? 0.3 + 0.4 * hash01(`${key}d`) : 0.985;
  const nic = 2e7 + 4e7 * size;
  const at = (measurement: string, tags: Record<string, string>, fields: Sample['fields']): Sample => ({
    measurement,
    tags: { ...base, ...tags },
    fields,
    timeMs,
  });
  return [
    at(
      'cpu',
      { cpu: 'cpu-total' },
      {
        usage_active: active,
        usage_idle: 100 - active,
        usage_user: active * 0.7,
        usage_system: active * 0.3 - iowait * 0.3,
        usage_iowait: iowait * 0.3,
        usage_steal: 0,
      },
    ),
    at(
      'mem',
      {},
      {
        total: memoryTotal,
        used: Math.floor(memoryTotal * usedShare),
        available: Math.floor(memoryTotal * (1 - usedShare)),
        used_percent: 100 * usedShare,
        available_percent: 100 * (1 - usedShare),
      },
    ),
    at(
      'system',
      {},
      {
        load1: cpus * load * (1 + 0.1 * drift(`${key}l`, timeMs, MINUTE_MS)),
        load5: cpus * load,
        load15: cpus * load,
        n_cpus: cpus,
        uptime: Math.floor(timeMs / 1_000 - 1_577_836_800 - 1e6 * hash01(`${key}u`)),
      },
    ),
    at(
      'disk',
      { path: '/', fstype: 'ext4' },
      {
        total: diskTotal,
        used: Math.floor(diskTotal * diskShare),
        free: Math.floor(diskTotal * (1 - diskShare)),
        used_percent: 100 * diskShare,
        inodes_used_percent: 12 + 20 * hash01(`${key}i`),
      },
    ),
    at(
      'diskio',
      { name: 'sda' },
      {
        reads: counter(`${key}ro`, 60 * size, timeMs),
        writes: counter(`${key}wo`, 140 * size, timeMs),
        read_bytes: counter(`${key}rb`, 2e6 * size, timeMs),
        write_bytes: counter(`${key}wb`, 5e6 * size, timeMs),
        io_time: counter(`${key}it`, 120 * size, timeMs),
      },
    ),
    at(
      'net',
      { interface: 'eth0' },
      {
        bytes_recv: counter(`${key}br`, nic, timeMs),
        bytes_sent: counter(`${key}bs`, nic * 0.7, timeMs),
        packets_recv: counter(`${key}pr`, nic / 900, timeMs),
        packets_sent: counter(`${key}ps`, nic / 1_100, timeMs),
        err_in: counter(`${key}ei`, 1e-5, timeMs),
        err_out: 0,
        drop_in: counter(`${key}di`, 1e-4, timeMs),
        drop_out: 0,
      },
    ),
    ...(['cpu', 'memory', 'io'] as const).map((resource) => {
      const stalled = resource === 'cpu' ? 30 * load ** 3 : resource === 'io' ? iowait : 0.2 * usedShare;
      return at('pressure', { resource, type: 'some' }, { avg10: stalled, avg60: stalled, avg300: stalled });
    }),
  ];
}

export function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}
