import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { containersPart } from '../../edge/collectors/server/containers/containers-part.ts';
import { systemClock } from '../../runtime/clock.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { describeWithCgroups, removeGroups } from '../support/cgroup-tree.ts';
import { throughCentral } from '../support/through-central.ts';

const deps = {
  clock: systemClock,
  log: silentLogger,
  commonTags: { host: 'h1', site: 's-1', unit: '26734' },
};
const signal = AbortSignal.timeout(100_000);

describeWithCgroups('a container’s control group in the real kernel', (tree) => {
  const id = 'f'.repeat(64);
  const parent = join(tree, `docker-${process.pid}`);
  const group = join(parent, `docker-${id}.scope`);
  const sysPath = mkdtempSync(join(tmpdir(), 'wardwatch-sys-'));
  let busy: ChildProcess | undefined;
  afterEach(async () => {
    if (busy !== undefined) {
      const ended = once(busy, 'exit');
      busy.kill('SIGKILL');
      await ended;
    }
    removeGroups(parent);
    rmSync(sysPath, { recursive: true, force: true });
  });

  it('shows the CPU time of what runs in it, and passes through central', async () => {
    mkdirSync(group, { recursive: true });
    mkdirSync(join(sysPath, 'fs'));
    symlinkSync(tree, join(sysPath, 'fs/cgroup'));
    busy = spawn('sh', ['-c', `echo $$ > ${group}/cgroup.procs && echo in && while :; do :; done`]);
    await once(busy.stdout ?? busy, 'data');
    const paths = { procPath: '/proc', sysPath, utmpPath: '/run/utmp', containerLogsPath: '/nowhere' };
    const part = containersPart(paths, systemClock);
    const usedUs = () => Number(/usage_usec (\d+)/.exec(readFileSync(join(group, 'cpu.stat'), 'utf8'))?.[1]);
    await part.read(signal);
    const firstUs = usedUs();
    while (usedUs() < firstUs + 100_000) await systemClock.sleep(20, signal);
    const { readings, errors } = await part.read(signal);
    expect(errors).toEqual([]);
    const ours = readings.filter(({ tags }) => tags['container'] === id.slice(0, 12));
    expect(ours).toMatchObject([{ measurement: 'container', tags: { runtime: 'docker' } }]);
    expect(Number(ours[0]?.fields['cpu_pct'])).toBeGreaterThan(0);
    const samples = readings.map((reading) => ({
      ...reading,
      tags: { ...deps.commonTags, ...reading.tags },
      timeMs: Date.now(),
    }));
    expect(throughCentral(samples)).toEqual({ points: samples.length, refusals: [] });
  });
});
