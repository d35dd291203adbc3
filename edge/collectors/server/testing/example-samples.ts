import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sample } from '../../../../contract/sample.ts';
import { systemClock, type Clock } from '../../../../runtime/clock.ts';
import { ManualClock } from '../../../../runtime/manual-clock.ts';
import type { CollectorDeps } from '../../collector.ts';
import { containersPart } from '../containers/containers-part.ts';
import { FIRST_CPU_DELTA_MS } from '../parts.ts';
import { createServerCollector, serverKind } from '../server.ts';

const recordings = join(import.meta.dirname, '../testdata');

/** Of every recorded machine, and of one with a container. */
export async function exampleSamples(deps: CollectorDeps): Promise<readonly Sample[]> {
  const machines = await Promise.all(readdirSync(recordings).map((name) => samplesOf(name, deps)));
  return [...machines.flat(), ...(await containerSamples(deps))];
}

async function samplesOf(name: string, deps: CollectorDeps): Promise<readonly Sample[]> {
  const machine = mkdtempSync(join(tmpdir(), 'wardwatch-server-'));
  try {
    cpSync(join(recordings, name), machine, { recursive: true });
    const clock: Clock = {
      ...systemClock,
      sleep: async (delayMs, stop) => {
        if (delayMs !== FIRST_CPU_DELTA_MS) return systemClock.sleep(delayMs, stop);
        cpSync(join(machine, 'stat-later'), join(machine, 'proc/stat'));
      },
    };
    const paths = {
      procPath: join(machine, 'proc'),
      sysPath: join(machine, 'sys'),
      rootPath: '/',
      utmpPath: join(machine, 'utmp'),
      containerLogsPath: join(machine, 'container-logs'),
    };
    const collector = serverKind.create(paths, { ...deps, clock });
    return (await collector.collect(AbortSignal.timeout(9_000))).samples;
  } finally {
    rmSync(machine, { recursive: true, force: true });
  }
}

/** A control group as Docker makes it (cgroup v2). */
const GROUP: Readonly<Record<string, string>> = {
  'cpu.stat': 'usage_usec 2000000\nnr_periods 20\nnr_throttled 5\n',
  'cpu.max': '50000 100000\n',
  'memory.current': '104857600\n',
  'memory.max': '209715200\n',
  'memory.stat': 'inactive_file 1048576\n',
  'memory.events': 'oom_kill 1\n',
  'pids.current': '12\n',
  'pids.max': '100\n',
  'io.stat': '8:0 rbytes=4096 wbytes=8192 rios=1 wios=2\n',
};

async function containerSamples(deps: CollectorDeps): Promise<readonly Sample[]> {
  const machine = mkdtempSync(join(tmpdir(), 'wardwatch-containers-'));
  try {
    const root = join(machine, 'fs/cgroup');
    const group = join(root, `system.slice/docker-${'0123456789abcdef'.repeat(4)}.scope`);
    mkdirSync(group, { recursive: true });
    writeFileSync(join(root, 'cgroup.controllers'), 'cpu memory');
    for (const [file, text] of Object.entries(GROUP)) writeFileSync(join(group, file), text);
    const clock = new ManualClock();
    const paths = { procPath: '/', sysPath: machine, utmpPath: '/', containerLogsPath: machine };
    const collector = createServerCollector([containersPart(paths, clock)], { ...deps, clock });
    await collector.collect(new AbortController().signal);
    await clock.advance(30_000);
    writeFileSync(join(group, 'cpu.stat'), 'usage_usec 3000000\nnr_periods 40\nnr_throttled 9\n');
    return (await collector.collect(new AbortController().signal)).samples;
  } finally {
    rmSync(machine, { recursive: true, force: true });
  }
}
