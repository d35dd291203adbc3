import { mkdirSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';

/** Mount point of a cgroup v2 tree in which groups can be made; undefined: there is none. */
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
      // Not writable.
    }
  }
  return undefined;
}

/** A suite that makes real control groups; needs root and a writable cgroup v2 tree. */
export function describeWithCgroups(title: string, suite: (tree: string) => void): void {
  const tree = process.platform === 'linux' ? writableTree() : undefined;
  if (tree !== undefined) describe(title, () => suite(tree));
  else
    describe.skip(`${title} [needs a writable cgroup v2 tree: root, outside most containers]`, () =>
      undefined);
}

/** Removes a group and those below it; none may have processes. */
export function removeGroups(group: string): void {
  for (const entry of readdirSync(group, { withFileTypes: true })) {
    if (entry.isDirectory()) removeGroups(join(group, entry.name));
  }
  rmdirSync(group);
}
