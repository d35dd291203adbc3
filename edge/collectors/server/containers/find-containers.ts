import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface Found {
  /** 64 hex digits. */
  readonly id: string;
  readonly runtime: string;
  readonly directory: string;
  /** Changes when the container is restarted. */
  readonly inode: bigint;
}

/** Runtimes by the prefix of the group's name (systemd driver)… */
const RUNTIMES: Readonly<Record<string, string>> = {
  docker: 'docker',
  libpod: 'podman',
  'libpod-payload': 'podman',
  'cri-containerd': 'containerd',
  nerdctl: 'containerd',
  crio: 'crio',
};
const GROUP = /^(?:(docker|libpod-payload|libpod|cri-containerd|nerdctl|crio)-)?([0-9a-f]{64})(?:\.scope)?$/;
/** …or by a parent group (cgroupfs driver). */
const PARENTS: readonly (readonly [RegExp, string])[] = [
  [/^kubepods/, 'kubernetes'],
  [/^docker$/, 'docker'],
  [/^libpod_parent$/, 'podman'],
  [/^(default|k8s\.io|moby)$/, 'containerd'],
];
const MAX_DEPTH = 8;
const MAX_GROUPS = 4_096;
/** After this many groups other work of the agent may run. */
const GROUPS_PER_TURN = 256;

/** Runtime and id of a group by its path below the root; undefined: no container. Pure. */
export function parseGroup(
  path: readonly string[],
): { readonly id: string; readonly runtime: string } | undefined {
  const [, prefix, id] = GROUP.exec(path.at(-1) ?? '') ?? [];
  if (id === undefined) return undefined;
  if (prefix !== undefined) return { id, runtime: RUNTIMES[prefix] ?? prefix };
  const parents = path.slice(0, -1);
  const known = PARENTS.find(([pattern]) => parents.some((parent) => pattern.test(parent)));
  return { id, runtime: known?.[1] ?? 'unknown' };
}

/** Containers of a cgroup v2 tree, outermost only. `truncated`: the tree was too large to read all of it. */
export async function findContainers(
  root: string,
  signal: AbortSignal,
): Promise<{ readonly found: readonly Found[]; readonly truncated: boolean }> {
  const found: Found[] = [];
  const waiting: (readonly string[])[] = [[]];
  let groups = 0;
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (++groups > MAX_GROUPS) return { found, truncated: true };
    if (groups % GROUPS_PER_TURN === 0) {
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
    }
    for (const name of subgroups(join(root, ...path))) {
      const below = [...path, name];
      const container = parseGroup(below);
      if (container === undefined) {
        if (below.length < MAX_DEPTH) waiting.push(below);
        continue;
      }
      const directory = join(root, ...below);
      const inode = statSync(directory, { bigint: true, throwIfNoEntry: false })?.ino;
      if (inode !== undefined) found.push({ ...container, directory, inode });
    }
  }
  return { found, truncated: false };
}

/** Empty for a group that was just removed. */
function subgroups(directory: string): string[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch {
    return [];
  }
}
