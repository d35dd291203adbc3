import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../../runtime/manual-clock.ts';
import { containersPart } from './containers-part.ts';
import { cpuFields, parseGroupFiles } from './cgroup.ts';
import { parseGroup } from './find-containers.ts';
import { parseContainerLogs } from './names.ts';

const id = (letter: string) => letter.repeat(64);
const A = id('a');

describe('the group of a container', () => {
  it.each([
    ['docker', `system.slice/docker-${A}.scope`, 'docker'],
    ['docker without systemd', `docker/${A}`, 'docker'],
    ['podman', `machine.slice/libpod-${A}.scope`, 'podman'],
    [
      'podman of a user',
      `user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${A}.scope`,
      'podman',
    ],
    ['podman in a unit', `system.slice/web.service/libpod-payload-${A}`, 'podman'],
    ['podman without systemd', `libpod_parent/libpod-${A}`, 'podman'],
    [
      'containerd in Kubernetes',
      `kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1_2.slice/cri-containerd-${A}.scope`,
      'containerd',
    ],
    ['CRI-O', `kubepods.slice/kubepods-pod1.slice/crio-${A}.scope`, 'crio'],
    ['Kubernetes without systemd', `kubepods/besteffort/pod1-2-3/${A}`, 'kubernetes'],
    ['nerdctl', `system.slice/nerdctl-${A}.scope`, 'containerd'],
    ['somebody unknown', `jobs/${A}`, 'unknown'],
  ])('of %s is known by its path', (_, path, runtime) => {
    expect(parseGroup(path.split('/'))).toEqual({ id: A, runtime });
  });

  it.each([
    'system.slice/docker.service',
    `machine.slice/libpod-conmon-${A}.scope`,
    `system.slice/docker-${A.slice(1)}.scope`,
    `system.slice/docker-${A.toUpperCase()}.scope`,
    'init.scope',
    '',
  ])('is none in %j', (path) => expect(parseGroup(path.split('/'))).toBeUndefined());
});

const noneStacked = () => false;

describe('what a group says', () => {
  it('counts memory as the kernel does that would have to find more', () => {
    const { fields } = parseGroupFiles(
      {
        'memory.current': '104857600\n',
        'memory.max': '134217728\n',
        'memory.stat': 'anon 1\ninactive_anon 5\ninactive_file 20971520\nactive_file 7\n',
        'memory.events': 'low 0\nhigh 0\nmax 12\noom 2\noom_kill 3\noom_group_kill 0\n',
        'pids.current': '17\n',
        'pids.max': 'max\n',
        'cpu.max': '50000 100000\n',
      },
      noneStacked,
      0,
    );
    expect(fields).toEqual({
      memory_bytes: 83_886_080,
      memory_limit_bytes: 134_217_728,
      memory_pct: 62.5,
      oom_kills: 3,
      pids_count: 17,
      cpu_limit_pct: 50,
    });
  });

  it('has no limit where none is set, and never less than no memory', () => {
    const { fields } = parseGroupFiles(
      {
        'memory.current': '10',
        'memory.max': 'max',
        'memory.stat': 'inactive_file 20',
        'cpu.max': 'max 100000',
      },
      noneStacked,
      0,
    );
    expect(fields).toEqual({ memory_bytes: 0 });
  });

  it('adds up disks, but not the volumes on them, which the disks count again', () => {
    const io =
      '8:0 rbytes=100 wbytes=7 rios=1 wios=1 dbytes=9 dios=1\n253:0 rbytes=100 wbytes=7\n8:16 rbytes=1 wbytes=0\n\n';
    const { fields } = parseGroupFiles({ 'io.stat': io }, (device) => device === '253:0', 0);
    expect(fields).toEqual({ io_read_bytes: 101, io_write_bytes: 7 });
  });

  it('tells the share of one CPU between two looks, and of periods that ran into the limit', () => {
    const at = (atMs: number, usage: number, periods: number, throttled: number) =>
      parseGroupFiles(
        { 'cpu.stat': `usage_usec ${usage}\nnr_periods ${periods}\nnr_throttled ${throttled}\n` },
        noneStacked,
        atMs,
      );
    expect(cpuFields(at(0, 0, 0, 0), at(30_000, 45_000_000, 300, 60))).toEqual({
      cpu_pct: 150,
      cpu_throttled_pct: 20,
    });
    expect(cpuFields(at(0, 50, 9, 9), at(30_000, 10, 1, 1))).toEqual({});
    expect(cpuFields(at(5, 0, 0, 0), at(5, 9, 0, 0))).toEqual({});
  });

  it('takes no number from invalid input', () => {
    const file = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('-5\n', '1e9', 'max', '9'.repeat(40)),
    );
    fc.assert(
      fc.property(file, (text) => {
        const files = {
          'cpu.stat': `usage_usec ${text}`,
          'cpu.max': text,
          'memory.current': text,
          'memory.max': text,
          'memory.stat': text,
          'memory.events': `oom_kill ${text}`,
          'pids.current': text,
          'io.stat': `8:0 rbytes=${text}`,
        };
        for (const value of Object.values(parseGroupFiles(files, noneStacked, 0).fields)) {
          expect(Number(value)).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});

it('names of containers come from the links of the kubelet', () => {
  const link = `web-5d4f_shop_nginx-${A}.log`;
  expect(parseContainerLogs([link, 'lost+found', `x_y-${A}.log`, `..${A}.log`])).toEqual(
    new Map([[A, 'shop/web-5d4f/nginx']]),
  );
});

describe('the part that reads containers', () => {
  let root: string;
  let clock: ManualClock;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'wardwatch-containers-'));
    clock = new ManualClock();
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  const group = (path: string, usage: number, kills = 0): void => {
    write(`fs/cgroup/${path}/cpu.stat`, `usage_usec ${usage}\n`);
    write(`fs/cgroup/${path}/memory.current`, '1000\n');
    write(`fs/cgroup/${path}/memory.events`, `oom_kill ${kills}\n`);
  };
  const open = () => {
    const paths = { procPath: '/', sysPath: root, utmpPath: '/', containerLogsPath: join(root, 'logs') };
    const part = containersPart(paths, clock);
    return async () => {
      const { readings, errors } = await part.read(AbortSignal.timeout(5_000));
      expect(errors).toEqual([]);
      await clock.advance(30_000);
      return readings.map(({ tags, fields }) => ({ ...tags, ...fields }));
    };
  };
  const docker = `system.slice/docker-${A}.scope`;

  it('says nothing where there is no cgroup v2', async () => {
    group(docker, 1);
    const read = open();
    expect([await read(), await read()]).toEqual([[], []]);
  });

  it('reports a container from its second read on, so that short-lived ones create no series', async () => {
    write('fs/cgroup/cgroup.controllers', 'cpu memory pids\n');
    group(docker, 1_000_000);
    group(`kubepods.slice/kubepods-pod1.slice/cri-containerd-${id('b')}.scope`, 0);
    write(`logs/web-1_shop_nginx-${id('b')}.log`, '');
    const read = open();
    expect(await read()).toEqual([]);
    group(docker, 16_000_000);
    group(`docker/${id('c')}`, 5);
    const containers = await read();
    expect(containers).toHaveLength(2);
    expect(containers).toContainEqual({
      container: 'aaaaaaaaaaaa',
      runtime: 'docker',
      cpu_pct: 50,
      memory_bytes: 1_000,
      oom_kills: 0,
      oom_kills_5min: 0,
      restarts_5min: 0,
    });
    expect(containers).toContainEqual(
      expect.objectContaining({ container: 'bbbbbbbbbbbb', name: 'shop/web-1/nginx', runtime: 'containerd' }),
    );
  });

  it('counts kills and restarts of the last five minutes', async () => {
    write('fs/cgroup/cgroup.controllers', 'memory\n');
    const seen: unknown[] = [];
    const read = open();
    const look = async () => {
      const [container] = await read();
      seen.push([container?.['oom_kills_5min'], container?.['restarts_5min']]);
    };
    group(docker, 1, 4);
    await look();
    group(docker, 2, 6);
    await look();
    // Docker starts it again: the group is a new one and its counters begin anew. The old one is moved out of sight, not
    // removed: a disk may give its inode away again, which the kernel's groups never do.
    renameSync(join(root, 'fs/cgroup', docker), join(root, 'old'));
    group(docker, 1, 1);
    await look();
    for (let minute = 0; minute < 12; minute++) await look();
    expect(seen.slice(0, 3)).toEqual([
      [undefined, undefined],
      [2, 0],
      [3, 1],
    ]);
    expect(seen.at(-1)).toEqual([0, 0]);
  });

  it('reads no more than its share, and says so', async () => {
    write('fs/cgroup/cgroup.controllers', 'memory\n');
    for (let index = 0; index < 300; index++) {
      write(`fs/cgroup/docker/${index.toString(16).padStart(64, '0')}/memory.current`, '1');
    }
    const paths = { procPath: '/', sysPath: root, utmpPath: '/', containerLogsPath: join(root, 'logs') };
    const { errors } = await containersPart(paths, clock).read(AbortSignal.timeout(5_000));
    expect(errors.map(({ message }) => message)).toEqual(['containers: only 256 of 300 read']);
  });
});
