import { join } from 'node:path';
import type { Clock } from '../../../runtime/clock.ts';
import { countCpus, cpuUsage, parseCpuTimes, type CpuTimes } from './cpu.ts';
import type { DiskProbe, DiskReadings } from './disk-probe.ts';
import { diskioReadings } from './diskio.ts';
import { memReading, parseMeminfo, swapReading } from './memory.ts';
import { chooseMounts, isRemote, parseMountinfo } from './mounts.ts';
import { parseNetDev } from '../../protocols/system/network-counters.ts';
import { netReading } from './network.ts';
import { PRESSURE_RESOURCES, pressureReadings } from './pressure.ts';
import { ProcessCount } from './processes.ts';
import { SourceError } from '../../protocols/system/source-error.ts';
import type { Reading } from './reading.ts';
import {
  listNeeded,
  readNeeded,
  readOptional,
  readOptionalBytes,
  readSmallSync,
} from '../../protocols/system/system-files.ts';
import { systemReading } from './system.ts';
import { parseUsers } from './users.ts';

/** One source of the server collector. It may reject; the other parts are not affected. */
export interface Part {
  readonly name: string;
  read(signal: AbortSignal): Promise<DiskReadings>;
}

export interface Paths {
  readonly procPath: string;
  readonly sysPath: string;
  readonly utmpPath: string;
  readonly containerLogsPath: string;
}

/** Between the first two reads of the CPU, so that the first run has values. */
export const FIRST_CPU_DELTA_MS = 500;

export function cpuPart(paths: Paths, clock: Clock): Part {
  let before: CpuTimes | undefined;
  const file = join(paths.procPath, 'stat');
  return part('cpu', async (signal) => {
    if (before === undefined) {
      before = parseCpuTimes(await readNeeded(file, signal));
      await clock.sleep(FIRST_CPU_DELTA_MS, signal);
    }
    const now = parseCpuTimes(await readNeeded(file, signal));
    const readings = cpuUsage(before, now);
    before = now;
    return readings;
  });
}

export function memoryPart(paths: Paths): Part {
  return part('mem', async (signal) => {
    const info = parseMeminfo(await readNeeded(join(paths.procPath, 'meminfo'), signal));
    const vmstat = await readOptional(join(paths.procPath, 'vmstat'), signal);
    return [memReading(info), swapReading(info, vmstat)];
  });
}

export function systemPart(paths: Paths): Part {
  return part('system', async (signal) => {
    const loadavg = await readNeeded(join(paths.procPath, 'loadavg'), signal);
    const uptime = await readNeeded(join(paths.procPath, 'uptime'), signal);
    const stat = await readNeeded(join(paths.procPath, 'stat'), signal);
    const utmp = await readOptionalBytes(paths.utmpPath, signal);
    const users = utmp === undefined ? undefined : parseUsers(utmp);
    return [systemReading({ loadavg, uptime, cpuCount: countCpus(parseCpuTimes(stat)), users })];
  });
}

/** `rootPath`: where the machine's own root is mounted, in a container; its mounts are those of process 1 then. */
export function diskPart(paths: Paths & { readonly rootPath: string }, probe: DiskProbe): Part {
  const process = paths.rootPath === '/' ? 'self' : '1';
  return {
    name: 'disk',
    async read(signal) {
      const mountinfo = await readNeeded(join(paths.procPath, process, 'mountinfo'), signal);
      const mounts = chooseMounts(parseMountinfo(mountinfo));
      // Local disks first: a hanging network mount must not delay them.
      return probe.read(
        [...mounts].sort((a, b) => Number(isRemote(a)) - Number(isRemote(b))),
        signal,
      );
    },
  };
}

export function diskioPart(paths: Paths): Part {
  return part('diskio', async (signal) => {
    const diskstats = await readOptional(join(paths.procPath, 'diskstats'), signal);
    return diskstats === undefined ? [] : diskioReadings(diskstats);
  });
}

export function netPart(paths: Paths): Part {
  return part('net', async (signal) => {
    const readings: Reading[] = [];
    for (const counters of parseNetDev(await readNeeded(join(paths.procPath, 'net/dev'), signal))) {
      const directory = join(paths.sysPath, 'class/net', counters.name);
      const flags = await readOptional(join(directory, 'flags'), signal);
      const speed = await readOptional(join(directory, 'speed'), signal);
      const reading = netReading(counters, { flags, speed });
      if (reading !== undefined) readings.push(reading);
    }
    return readings;
  });
}

/** Kernels before 4.20, and many containers, have no /proc/pressure. */
export function pressurePart(paths: Paths): Part {
  return part('pressure', async (signal) => {
    const readings: Reading[] = [];
    for (const resource of PRESSURE_RESOURCES) {
      const text = await readOptional(join(paths.procPath, 'pressure', resource), signal);
      if (text !== undefined) readings.push(...pressureReadings(resource, text));
    }
    return readings;
  });
}

/** After this many processes other work of the agent may run. */
const PROCESSES_PER_TURN = 200;

export function processesPart(paths: Paths): Part {
  return part('processes', async (signal) => {
    const count = new ProcessCount();
    const ids = (await listNeeded(paths.procPath)).filter((name) => /^\d+$/.test(name));
    for (const [index, id] of ids.entries()) {
      if (index % PROCESSES_PER_TURN === PROCESSES_PER_TURN - 1) {
        await new Promise((resolve) => setImmediate(resolve));
        signal.throwIfAborted();
      }
      const stat = readSmallSync(join(paths.procPath, id, 'stat'));
      if (stat !== undefined) count.add(stat);
    }
    if (ids.length === 0) throw new SourceError('missing', `${paths.procPath} shows no processes`);
    return [count.reading()];
  });
}

export function part(name: string, read: (signal: AbortSignal) => Promise<readonly Reading[]>): Part {
  return { name, read: async (signal) => ({ readings: await read(signal), errors: [] }) };
}
