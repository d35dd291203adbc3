import { mkdirSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';

/** Where the kernel's cgroup v2 tree is mounted and lets us make groups; undefined: nowhere. */
function writableTree(): string | undefined {
  for (const line of readFileSync('/proc/self/mountinfo', 'utf8').split('\n')) {
    const [, , , , path] = line.split(' ');
    if (!line.includes(' - cgroup2 ') || path === undefined) continue;
    const trial = join(path, `ww-try-${process.pid}`);
    try {
      mkdirSync(trial);
      rmdirSync(trial);
      return path;
    } catch {
      // Not ours to write.
    }
  }
  return undefined;
}

/** A suite that makes real control groups, which takes root and a machine whose cgroup v2 tree is writable. */
export function describeWithCgroups(title: string, suite: (tree: string) => void): void {
  const tree = process.platform === 'linux' ? writableTree() : undefined;
  if (tree !== undefined) describe(title, () => suite(tree));
  else
    describe.skip(`${title} [needs a writable cgroup v2 tree: root, outside most containers]`, () =>
      undefined);
}

/** Removes a group and those below it; all must be without processes. */
export function removeGroups(group: string): void {
  for (const entry of readdirSync(group, { withFileTypes: true })) {
    if (entry.isDirectory()) removeGroups(join(group, entry.name));
  }
  rmdirSync(group);
}
