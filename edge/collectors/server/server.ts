import { z } from 'zod';
import { messageOf } from '../../../runtime/errors.ts';
import type { Collected, Collector, CollectorDeps, CollectorKind } from '../collector.ts';
import { containersPart } from './containers/containers-part.ts';
import { createDiskProbe } from './disk-probe.ts';
import { hwmonPart } from './hwmon-part.ts';
import { conntrackPart, fileHandlesPart, raidPart } from './kernel-parts.ts';
import { paced } from './paced.ts';
import {
  cpuPart,
  diskioPart,
  diskPart,
  memoryPart,
  netPart,
  pressurePart,
  processesPart,
  systemPart,
  type Part,
} from './parts.ts';

const USUAL_PATHS = {
  procPath: '/proc',
  sysPath: '/sys',
  rootPath: '/',
  utmpPath: '/run/utmp',
  containerLogsPath: '/var/log/containers',
} as const;
const absolutePath = z.string().startsWith('/', 'expected an absolute path');

const configSchema = z.strictObject({
  /** Mount points of procfs and sysfs. */
  procPath: absolutePath.default(USUAL_PATHS.procPath),
  sysPath: absolutePath.default(USUAL_PATHS.sysPath),
  /** Where the machine's root is mounted: in a container not `/`, so that the disks are those of the machine. */
  rootPath: absolutePath.default(USUAL_PATHS.rootPath),
  utmpPath: absolutePath.default(USUAL_PATHS.utmpPath),
  /** The kubelet's links to the logs of containers, which contain their names. */
  containerLogsPath: absolutePath.default(USUAL_PATHS.containerLogsPath),
});
export type ServerConfig = z.infer<typeof configSchema>;

/** Temperatures change slowly, and some chips are on slow buses. */
const SENSORS_EVERY_MS = 60_000;
const CONTAINERS_EVERY_MS = 30_000;

/**
 * This machine, by Telegraf's names: cpu, mem, swap, system, disk, diskio, net, pressure, processes, open files,
 * conntrack, mdstat, sensors; and its containers. Linux only.
 */
export const serverKind: CollectorKind<ServerConfig> = {
  kind: 'server',
  configSchema,
  defaultIntervalMs: 10_000,
  rateBaseMs: 1_000,
  needs: ({ procPath, sysPath }) => ({ readable: [procPath, sysPath] }),
  reaches: (config) => ({
    targets: [],
    files: Object.entries(USUAL_PATHS).map(([setting, usual]) => ({
      setting,
      usual,
      path: config[setting as keyof typeof USUAL_PATHS],
    })),
  }),
  create: (config, deps) => {
    const parts = [
      cpuPart(config, deps.clock),
      memoryPart(config),
      systemPart(config),
      diskPart(config, createDiskProbe({ clock: deps.clock, rootPath: config.rootPath })),
      diskioPart(config),
      netPart(config),
      pressurePart(config),
      processesPart(config),
      fileHandlesPart(config),
      conntrackPart(config),
      raidPart(config),
      paced(hwmonPart(config), SENSORS_EVERY_MS, deps.clock),
      paced(containersPart(config, deps.clock), CONTAINERS_EVERY_MS, deps.clock),
    ];
    return createServerCollector(parts, deps);
  },
};

export function createServerCollector(parts: readonly Part[], deps: CollectorDeps): Collector {
  return {
    name: 'server',
    collect: (signal) => collectParts(parts, deps, signal),
    close: async () => undefined,
  };
}

/** The parts run in parallel. One that fails is an entry in `errors`; rejects when all fail. */
async function collectParts(
  parts: readonly Part[],
  deps: CollectorDeps,
  signal: AbortSignal,
): Promise<Collected> {
  const results = await Promise.allSettled(parts.map((part) => part.read(signal)));
  signal.throwIfAborted();
  const timeMs = deps.clock.now();
  const errors: Error[] = [];
  const samples: Collected['samples'][number][] = [];
  for (const [index, result] of results.entries()) {
    if (result.status === 'rejected') {
      const name = parts[index]?.name ?? '';
      errors.push(new Error(`${name}: ${messageOf(result.reason)}`, { cause: result.reason }));
      continue;
    }
    errors.push(...result.value.errors);
    for (const { measurement, tags, fields } of result.value.readings) {
      samples.push({ measurement, tags: { ...deps.commonTags, ...tags }, fields, timeMs });
    }
  }
  if (samples.length === 0 && errors.length > 0) {
    throw new AggregateError(
      errors,
      `nothing could be read: ${errors.map((error) => error.message).join('; ')}`,
    );
  }
  return { samples, errors };
}
