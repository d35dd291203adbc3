import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';
import { systemClock } from '../../runtime/clock.ts';
import { codeOf } from '../../runtime/errors.ts';
import { removeGroups } from './cgroup-tree.ts';
import { requirePart } from './parts.ts';

const MANAGER = '/lib/systemd/systemd';
/** cgroup v2 only, or v1 and v2 on a hybrid machine. */
const TREES = ['/sys/fs/cgroup', '/sys/fs/cgroup/unified', '/sys/fs/cgroup/systemd'];

/** A suite with its own systemd, for machines and containers where systemd is installed but is not the init. */
export function describeWithSystemd(title: string, suite: () => void): void {
  const why = whyNot();
  if (why === undefined) describe(title, suite);
  else describe.skip(`${title} [${why}]`, suite);
}

function whyNot(): string | undefined {
  if (!existsSync(MANAGER)) return 'needs the package systemd';
  if (existsSync('/run/systemd/system')) return 'this machine has a systemd of its own';
  const unshared = spawnSync('unshare', ['--mount', '--propagation', 'private', 'true']).status === 0;
  if (!unshared) return 'needs root and a kernel that gives mount namespaces';
  try {
    const groups = makeGroups(`ww-try-${process.pid}`);
    groups.forEach(removeGroups);
    return groups.length > 0 ? undefined : 'needs control groups';
  } catch {
    return 'needs control groups that can be written';
  }
}

/** A group of this name in each cgroup tree. */
function makeGroups(name: string): string[] {
  const groups = TREES.filter((tree) => existsSync(join(tree, 'cgroup.procs'))).map((tree) =>
    join(tree, name),
  );
  for (const group of groups) mkdirSync(group);
  return groups;
}

/**
 * `systemd --user` with only the given units, none of the system's. It has private /run and /tmp, which make it detect a
 * machine booted with systemd, and its own control groups, since it takes over all processes of the group it starts in.
 */
export class SystemdManager {
  readonly #directory = mkdtempSync(join(tmpdir(), 'wardwatch-units-'));
  readonly #units = join(this.#directory, 'units');
  readonly #runtime = join(this.#directory, 'run');
  #groups: readonly string[] = [];
  #process: ChildProcess | undefined;
  /** A systemctl that talks to this manager. */
  readonly systemctl = join(this.#directory, 'systemctl');

  start(units: Readonly<Record<string, string>>): void {
    mkdirSync(this.#units);
    mkdirSync(this.#runtime, { mode: 0o700 });
    for (const [name, text] of Object.entries(units)) writeFileSync(join(this.#units, name), text);
    const environment = `XDG_RUNTIME_DIR=${this.#runtime} SYSTEMD_UNIT_PATH=${this.#units} HOME=${this.#directory}`;
    writeFileSync(
      this.systemctl,
      `#!/bin/sh\nXDG_RUNTIME_DIR=${this.#runtime} exec ${requirePart('systemctl')} --user "$@"\n`,
      { mode: 0o755 },
    );
    this.#groups = makeGroups(`ww-systemd-${process.pid}`);
    const enter = this.#groups.map((group) => `echo $$ > ${group}/cgroup.procs`).join(' && ');
    // Keeps this directory visible in the private /tmp.
    const script = `${enter} && mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/system /run/keep && mount --bind ${this.#directory} /run/keep &&
      mount -t tmpfs tmpfs /tmp && mkdir -p ${this.#directory} && mount --bind /run/keep ${this.#directory} &&
      exec env -i PATH=/usr/bin:/bin ${environment} ${MANAGER} --user --unit=test.target`;
    this.#process = spawn('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', script], {
      stdio: 'ignore',
    });
  }

  async remove(): Promise<void> {
    if (this.#process !== undefined) {
      const ended = once(this.#process, 'exit');
      this.#process.kill('SIGKILL');
      await ended;
    }
    await Promise.all(this.#groups.map(removeOnceEmpty));
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

/** Processes that the manager had just started end shortly after it. */
async function removeOnceEmpty(group: string): Promise<void> {
  for (;;) {
    try {
      removeGroups(group);
      return;
    } catch (error) {
      if (codeOf(error) !== 'EBUSY') throw error;
      await systemClock.sleep(20);
    }
  }
}
