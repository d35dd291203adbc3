import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../../../runtime/clock.ts';
import { RecentGrowth } from '../../recent-growth.ts';
import type { Part, Paths } from '../parts.ts';
import type { Reading } from '../reading.ts';
import { listOptional, readSmallSync } from '../../../protocols/system/system-files.ts';
import { cpuFields, GROUP_FILES, parseGroupFiles, type GroupFiles, type GroupState } from './cgroup.ts';
import { findContainers, type Found } from './find-containers.ts';
import { parseContainerLogs } from './names.ts';

const MAX_CONTAINERS = 256;
const RECENT_MS = 300_000;
/** The short id that `docker ps` prints. */
const SHOWN_ID_CHARS = 12;

interface Known {
  readonly inode: bigint;
  readonly state: GroupState;
  readonly starts: number;
}

/**
 * Containers by their control groups (cgroup v2 only). One is reported from its second read on, so that short-lived
 * containers, of which a build machine has thousands, create no series.
 */
export function containersPart(paths: Paths, clock: Clock): Part {
  const root = join(paths.sysPath, 'fs/cgroup');
  const oomKills = new RecentGrowth(RECENT_MS);
  const restarts = new RecentGrowth(RECENT_MS);
  let known: ReadonlyMap<string, Known> = new Map();

  const readContainer = ({ id, directory, inode }: Found, nowMs: number): Known => {
    const before = known.get(id);
    const state = parseGroupFiles(readGroup(directory), (device) => isStacked(paths, device), nowMs);
    const isRestart = before !== undefined && before.inode !== inode;
    return { inode, state, starts: (before?.starts ?? 0) + Number(isRestart) };
  };
  const recent = ({ id, runtime }: Found, { state, starts }: Known): Record<string, number> => ({
    ...(state.oomKills !== undefined && { oom_kills_5min: oomKills.add(id, state.oomKills, state.atMs) }),
    // In other runtimes a restarted container has a new id.
    ...((runtime === 'docker' || runtime === 'podman') && {
      restarts_5min: restarts.add(id, starts, state.atMs),
    }),
  });

  return {
    name: 'containers',
    async read(signal) {
      if (!existsSync(join(root, 'cgroup.controllers'))) return { readings: [], errors: [] };
      const { found, truncated } = await findContainers(root, signal);
      const errors = limits(found.length, truncated);
      const names = await namesOf(paths, found);
      const readings: Reading[] = [];
      const seen = new Map<string, Known>();
      for (const container of found.slice(0, MAX_CONTAINERS)) {
        const now = readContainer(container, clock.monotonicMs());
        const before = known.get(container.id);
        seen.set(container.id, now);
        const fields = {
          ...now.state.fields,
          ...(before?.inode === now.inode && cpuFields(before.state, now.state)),
          ...recent(container, now),
        };
        if (before !== undefined && hasAnything(now.state)) {
          readings.push({ measurement: 'container', tags: tagsOf(container, names), fields });
        }
      }
      known = seen;
      oomKills.keepOnly(new Set(seen.keys()));
      restarts.keepOnly(new Set(seen.keys()));
      return { readings, errors };
    },
  };
}

/** False for a group that was removed while it was read. */
function hasAnything({ usageUs, fields }: GroupState): boolean {
  return usageUs !== undefined || Object.keys(fields).length > 0;
}

function tagsOf({ id, runtime }: Found, names: ReadonlyMap<string, string>): Record<string, string> {
  const name = names.get(id);
  return { container: id.slice(0, SHOWN_ID_CHARS), runtime, ...(name !== undefined && { name }) };
}

function limits(count: number, truncated: boolean): Error[] {
  const errors: Error[] = [];
  if (count > MAX_CONTAINERS) errors.push(new Error(`containers: only ${MAX_CONTAINERS} of ${count} read`));
  if (truncated) errors.push(new Error('containers: the cgroup tree is too large, part of it was not read'));
  return errors;
}

/** Synchronous: these files come from memory and never wait for a device. */
function readGroup(directory: string): GroupFiles {
  const files: Partial<Record<(typeof GROUP_FILES)[number], string>> = {};
  for (const file of GROUP_FILES) {
    const text = readSmallSync(join(directory, file));
    if (text !== undefined) files[file] = text;
  }
  return files;
}

async function namesOf(paths: Paths, found: readonly Found[]): Promise<ReadonlyMap<string, string>> {
  if (found.length === 0) return new Map();
  return parseContainerLogs(await listOptional(paths.containerLogsPath).catch(() => []));
}

/** A logical volume or RAID: its I/O is counted again at its disks. */
function isStacked({ sysPath }: Paths, deviceNumber: string): boolean {
  try {
    return readdirSync(join(sysPath, 'dev/block', deviceNumber, 'slaves')).length > 0;
  } catch {
    return false;
  }
}
