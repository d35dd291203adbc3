import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createChronyCollector } from '../../edge/collectors/chrony/chrony.ts';
import { askClock } from '../../edge/collectors/chrony/clock-answers.ts';
import type { Collector } from '../../edge/collectors/collector.ts';
import { containersPart } from '../../edge/collectors/server/containers/containers-part.ts';
import { collectDisks, smartKind } from '../../edge/collectors/smart/smart.ts';
import { createSmartctlSource } from '../../edge/collectors/smart/smartctl.ts';
import { createSystemdCollector, systemdKind } from '../../edge/collectors/systemd/systemd.ts';
import { systemClock } from '../../runtime/clock.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { describeWithCgroups, removeGroups } from '../support/cgroup-tree.ts';
import { freePort } from '../support/free-port.ts';
import { describeWith, requirePart } from '../support/parts.ts';
import { throughCentral } from '../support/through-central.ts';

const collectors = join(import.meta.dirname, '../../edge/collectors');
const deps = {
  clock: systemClock,
  log: silentLogger,
  commonTags: { host: 'h1', site: 's-1', unit: '26734' },
};
const signal = AbortSignal.timeout(100_000);

describeWith(['chronyd'], 'a clock that chrony keeps', () => {
  let directory: string;
  const daemons: ChildProcess[] = [];
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'wardwatch-chrony-'));
  });
  afterAll(async () => {
    await Promise.all(daemons.map((daemon) => stop(daemon)));
    rmSync(directory, { recursive: true, force: true });
  });

  const stop = async (daemon: ChildProcess): Promise<void> => {
    if (daemon.exitCode !== null || daemon.signalCode !== null) return;
    const ended = once(daemon, 'exit');
    daemon.kill('SIGKILL');
    await ended;
  };
  /** -x: leaves the system's clock alone. */
  const start = async (name: string, lines: readonly string[]) => {
    const port = await freePort();
    const file = join(directory, `${name}.conf`);
    const own = [`cmdport ${port}`, 'bindcmdaddress 127.0.0.1', `pidfile ${directory}/${name}.pid`];
    writeFileSync(file, [...lines, ...own, ''].join('\n'));
    const daemon = spawn(requirePart('chronyd'), ['-U', '-x', '-d', '-f', file], { stdio: 'ignore' });
    daemons.push(daemon);
    const options = ['-h', '127.0.0.1', '-p', String(port)];
    return { daemon, collector: createChronyCollector((stop) => askClock(stop, options), deps) };
  };
  /** Asks until the answer fits: chronyd has no event to wait for. */
  const until = async (
    collector: Collector,
    fits: (fields: Readonly<Record<string, unknown>>) => boolean,
  ) => {
    for (;;) {
      signal.throwIfAborted();
      const collected = await collector.collect(signal).catch(() => undefined);
      const [sample] = collected?.samples ?? [];
      if (sample !== undefined && fits(sample.fields)) return sample;
      await systemClock.sleep(50, signal);
    }
  };

  it('is not synchronised before it has a source, and well kept once it follows one', async () => {
    const port = await freePort();
    const { collector } = await start('client', [
      `server 127.0.0.1 port ${port} iburst minpoll -6 maxpoll -4`,
      'port 0',
    ]);
    const lost = await until(collector, ({ synchronised }) => synchronised === false);
    expect(lost.fields).toEqual({ synchronised: false });

    const server = await start('server', [
      'local stratum 5',
      `port ${port}`,
      'bindaddress 127.0.0.1',
      'allow 127.0.0.1',
    ]);
    const kept = await until(collector, ({ synchronised }) => synchronised === true);
    expect(kept.tags).toMatchObject({ reference_id: '127.0.0.1', stratum: '6', leap_status: 'normal' });
    expect(Math.abs(Number(kept.fields['system_time']))).toBeLessThan(0.05);
    expect(throughCentral([lost, kept])).toEqual({ points: 2, refusals: [] });

    const [own] = (await server.collector.collect(signal)).samples;
    expect(own?.fields).toEqual({ synchronised: false });
  });

  it('is an error once the daemon is gone', async () => {
    const { daemon, collector } = await start('gone', ['port 0']);
    await until(collector, () => true);
    await stop(daemon);
    await expect(collector.collect(signal)).rejects.toThrow('Cannot talk to daemon');
  });
});

describeWith(['smartctl'], 'disks asked with the real smartctl', () => {
  const source = (device?: string) =>
    createSmartctlSource(device === undefined ? undefined : [{ device }], {
      clock: systemClock,
      program: requirePart('smartctl'),
    });

  it('that it finds are read or named, whatever this machine has', async () => {
    const { samples } = await collectDisks(source(), { ignore: [] }, deps, signal);
    expect(throughCentral(samples)).toEqual({ points: samples.length, refusals: [] });
  });

  it.each(['/dev/null', '/dev/does-not-exist'])('%s is an error in its words', async (device) => {
    const { samples, errors } = await collectDisks(source(device), { ignore: [] }, deps, signal);
    expect(samples).toEqual([]);
    expect(errors.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        new RegExp(`^smart ${device}: .*(Unable to detect device type|No such|failed)`),
      ) as string,
    ]);
  });
});

describe('reports of disks that are kept for tests', () => {
  it('pass through central', async () => {
    const config = smartKind.configSchema.parse({ reportsDirectory: join(collectors, 'smart/testdata') });
    // As old as the checkout: read as if they had just been written.
    const directory = mkdtempSync(join(tmpdir(), 'wardwatch-reports-'));
    try {
      for (const file of readdirSync(config.reportsDirectory ?? '').filter((name) =>
        name.endsWith('.json'),
      )) {
        writeFileSync(join(directory, file), readFileSync(join(config.reportsDirectory ?? '', file)));
      }
      const fresh = smartKind.configSchema.parse({ reportsDirectory: directory });
      const { samples, errors } = await smartKind.create(fresh, deps).collect(signal);
      expect(errors).toHaveLength(1);
      expect(new Set(samples.map(({ tags }) => tags['device']))).toEqual(
        new Set(['sda', 'sdb', 'nvme0', 'sdc']),
      );
      expect(throughCentral(samples)).toEqual({ points: samples.length, refusals: [] });
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});

describe('units of systemd', () => {
  it('as systemctl shows them pass through central', async () => {
    const show = `Id=ssh.service\nLoadState=loaded\nActiveState=failed\nSubState=failed\nUnitFileState=enabled\nNRestarts=2
MainPID=0\nMemoryCurrent=18446744073709551615\nMemoryPeak=5242880\n\nId=-.mount\nLoadState=loaded\nActiveState=active\nSubState=mounted\n`;
    const systemctl = async () => ({ error: null, stdout: show, stderr: '' });
    const config = systemdKind.configSchema.parse({ units: ['*'] });
    const { samples, errors } = await createSystemdCollector(config, systemctl, deps).collect(signal);
    expect(errors).toEqual([]);
    expect(samples).toHaveLength(3);
    expect(throughCentral(samples)).toEqual({ points: 3, refusals: [] });
  });

  it('of this machine pass through central; without systemd there is nothing to collect', async () => {
    const config = systemdKind.configSchema.parse({ units: ['*'] });
    const { samples, errors } = await systemdKind.create(config, deps).collect(signal);
    const state = systemState();
    if (state === 'offline' || state === undefined)
      expect({ samples, errors }).toEqual({ samples: [], errors: [] });
    else expect(samples.length).toBeGreaterThan(1);
    expect(throughCentral(samples)).toEqual({ points: samples.length, refusals: [] });
  });
});

/** `offline` where systemd is not the init; undefined where there is no systemctl. */
function systemState(): string | undefined {
  try {
    return execFileSync('systemctl', ['is-system-running'], { stdio: 'pipe' }).toString().trim();
  } catch (error) {
    const { stdout } = error as { stdout?: Buffer };
    const said = stdout?.toString().trim();
    return said === undefined || said === '' ? undefined : said;
  }
}

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

describe('the helper that asks disks for the agent', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'wardwatch-helper-'));
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it('leaves a report of each disk for the collector, and clears away those of disks that are gone', async () => {
    const testdata = join(collectors, 'smart/testdata');
    const script = `#!/bin/sh
case "$*" in
  --scan) echo '/dev/sdc -d scsi # /dev/sdc, SCSI device'; echo '/dev/bus/0 -d megaraid,4 # LSI'; echo '# nothing';;
  *'nocheck=standby,3 /dev/sdc') cat '${testdata}/sas.json';;
  *'-d megaraid,4 /dev/bus/0') cat '${testdata}/ata-failing.json'; exit 88;;
  *) exit 1;;
esac`;
    const [reports, bin] = ['reports', 'bin'].map((name) => join(directory, name)) as [string, string];
    mkdirSync(reports);
    mkdirSync(bin);
    writeFileSync(join(bin, 'smartctl'), script, { mode: 0o755 });
    writeFileSync(join(reports, 'gone.json'), 'x');
    const longAgo = new Date(Date.now() - 3_600_000);
    utimesSync(join(reports, 'gone.json'), longAgo, longAgo);
    const helper = join(import.meta.dirname, '../../packaging/systemd/wardwatch-smart');
    execFileSync('sh', [helper, reports], { env: { PATH: `${bin}:${process.env['PATH'] ?? ''}` } });

    const config = smartKind.configSchema.parse({ reportsDirectory: reports });
    const { samples, errors } = await smartKind.create(config, deps).collect(signal);
    expect(errors).toEqual([]);
    const disks = samples.filter(({ measurement }) => measurement === 'smart_device');
    expect(disks.map(({ tags }) => tags['device']).sort()).toEqual(['sdb', 'sdc']);
  });
});
