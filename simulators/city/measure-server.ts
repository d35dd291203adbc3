import type { Sample } from '../../contract/sample.ts';
import type { FaultTrack } from './faults.ts';
import { chance, drift, seedOf } from './noise.ts';
import type { ServerTags } from './place-tags.ts';
import { hundredth } from './rounding.ts';
import { createDemand } from './server-demand.ts';
import { counterMeter, diskMeter, memoryMeter } from './server-parts.ts';

const GIB = 1024 ** 3;
const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;
/** Servers booted within 300 days after 2024-01-01. */
const FIRST_BOOT_MS = Date.UTC(2024, 0, 1);

export interface ServerPlace {
  readonly id: string;
  readonly site: string;
  readonly unit: string;
}

export interface ServerFaults {
  readonly runaway: FaultTrack;
  readonly filling: FaultTrack;
}

export type ServerMeter = (timeMs: number, into: Sample[]) => void;

/** About 40 values with Telegraf's names; all follow one load, the counters its integral. */
export function serverMeter(seed: number, server: ServerPlace, faults: ServerFaults): ServerMeter {
  const key = `${seed}${server.id}`;
  const seedFor = (what: string): number => seedOf(`${key}${what}`);
  const draw = (what: string): number => chance(seedFor(what), 0);
  const { id: host, site, unit } = server;
  const base: ServerTags = { host, site, unit };
  const size = 0.4 + 0.6 * draw('size');
  const demand = createDemand(seedFor('c'), size);
  const runawaySeed = seedFor('r');
  const loadSeed = seedFor('l');
  const cpus = 8 * 2 ** Math.floor(draw('n') * 3);
  const waits = draw('w');
  const bootMs = FIRST_BOOT_MS + Math.floor(300 * draw('u')) * DAY_MS;
  const memory = memoryMeter(seedFor('m'), base, cpus * 4 * GIB);
  const disk = diskMeter(seedFor('d'), base, faults.filling, hundredth(12 + 20 * draw('i')));
  const counters = counterMeter(base, size);
  const workAtBootS = demand.workS(bootMs);
  const tags = {
    cpu: { host, site, unit, cpu: 'cpu-total' },
    pressure: ['cpu', 'memory', 'io'].map((resource) => ({ host, site, unit, resource, type: 'some' })),
  };
  return (timeMs, into) => {
    const isRunaway = faults.runaway.at(timeMs) !== undefined;
    const load = isRunaway ? 0.985 + 0.01 * drift(runawaySeed, timeMs, MINUTE_MS) : demand.at(timeMs);
    const active = hundredth(100 * load);
    const iowait = hundredth(1.2 * load * waits);
    const system = hundredth(active * 0.3 - iowait);
    const jitter = drift(loadSeed, timeMs, MINUTE_MS);
    const add = (measurement: string, rowTags: Sample['tags'], fields: Sample['fields']): void => {
      into.push({ measurement, tags: rowTags, fields, timeMs });
    };
    add('cpu', tags.cpu, {
      usage_active: active,
      usage_idle: hundredth(100 - active),
      usage_user: hundredth(active - system - iowait),
      usage_system: system,
      usage_iowait: iowait,
      usage_steal: 0,
    });
    const usedShare = memory(timeMs, load, into);
    add('system', base, {
      load1: hundredth(cpus * load * (1 + 0.1 * jitter)),
      load5: hundredth(cpus * load * (1 + 0.03 * jitter)),
      load15: hundredth(cpus * load),
      n_cpus: cpus,
      uptime: Math.max(0, Math.floor((timeMs - bootMs) / 1_000)),
    });
    disk(timeMs, into);
    counters(timeMs, Math.max(0, demand.workS(timeMs) - workAtBootS), into);
    const stalls = [30 * load ** 3, 0.2 * usedShare, 3 * iowait];
    stalls.forEach((stalled, at) => {
      add('pressure', tags.pressure[at] ?? base, {
        avg10: hundredth(stalled * (1 + 0.2 * jitter)),
        avg60: hundredth(stalled * (1 + 0.1 * jitter)),
        avg300: hundredth(stalled),
      });
    });
  };
}
