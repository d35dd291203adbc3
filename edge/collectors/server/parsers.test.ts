import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCpuTimes } from './cpu.ts';
import { diskioReadings } from './diskio.ts';
import { memReading, parseMeminfo, swapReading } from './memory.ts';
import { chooseMounts, parseMountinfo } from './mounts.ts';
import { parseNetDev } from '../../protocols/system/network-counters.ts';
import { netReading } from './network.ts';
import { pressureReadings } from './pressure.ts';
import { ProcessCount } from './processes.ts';
import { SourceError } from '../../protocols/system/source-error.ts';
import { parseLoadAverage, parseUptime } from './system.ts';
import { parseUsers } from './users.ts';

const recorded = (file: string) => readFileSync(join(import.meta.dirname, 'testdata', file), 'utf8');

const REPORTED_MOUNTS = new URL('../../../../shared/data/reports/mounts/mountinfo', import.meta.url);

describe('memory', () => {
  it('estimates what is available on a kernel that does not say', () => {
    const { fields } = memReading(parseMeminfo(recorded('linux-2.6.18/proc/meminfo')));
    expect(fields).toMatchObject({ available_percent: 50, used_percent: 50, used: 512_000_000 });
    expect(fields).not.toHaveProperty('slab');
  });

  it('counts swapped pages in bytes since boot', () => {
    const info = parseMeminfo('MemTotal: 1 kB\nMemFree: 1 kB\nSwapTotal: 100 kB\nSwapFree: 25 kB\n');
    expect(swapReading(info, 'pgpgin 5\npswpin 2\npswpout 3\n').fields).toEqual({
      total: 102_400,
      free: 25_600,
      used: 76_800,
      used_percent: 75,
      in: 8_192,
      out: 12_288,
    });
  });
});

describe('mounts', () => {
  const line = (
    path: string,
    fsType: string,
    rest: { device?: string; root?: string; options?: string } = {},
  ) =>
    `30 1 ${rest.device ?? '8:1'} ${rest.root ?? '/'} ${path} rw,relatime shared:1 - ${fsType} /dev/sda1 ${rest.options ?? 'rw'}`;
  const paths = (...lines: string[]) =>
    chooseMounts(parseMountinfo(lines.join('\n'))).map((mount) => mount.path);

  it('shows each real filesystem once, by its shortest path', () => {
    expect(
      paths(
        line('/', 'ext4'),
        line('/srv', 'ext4'),
        line('/data', 'xfs', { device: '8:17' }),
        line('/run', 'tmpfs', { device: '0:20' }),
        line('/sys', 'sysfs', { device: '0:21' }),
      ),
    ).toEqual(['/', '/data']);
  });

  it('passes over bind mounts but not btrfs subvolumes', () => {
    expect(
      paths(
        line('/jail/etc', 'ext4', { root: '/etc', device: '8:2' }),
        line('/home', 'btrfs', { root: '/@home', device: '0:40' }),
      ),
    ).toEqual(['/home']);
  });

  it('passes over images that are always full, and keeps what can be written', () => {
    const image = (path: string, fsType: string, device: string) =>
      line(path, fsType, { device, options: 'ro' });
    expect(
      paths(
        line('/', 'ext4'),
        image('/usr/lib/firmware-image', 'erofs', '7:0'),
        image('/snap/core22/1380', 'squashfs', '7:1'),
        image('/media/cdrom0', 'udf', '11:0'),
        image('/snap/lxd/29351', 'fuse.squashfuse', '0:55'),
        image('/tmp/.mount_viewer', 'fuse.viewer.AppImage', '0:56'),
        image('/opt/vendor', 'cramfs', '7:2'),
        image('/boot/rom', 'romfs', '31:0'),
        line('/media/stick', 'udf', { device: '8:49' }),
        line('/srv/share', 'fuse.sshfs', { device: '0:57' }),
      ),
    ).toEqual(['/', '/media/stick', '/srv/share']);
  });

  it.skipIf(!existsSync(REPORTED_MOUNTS))('passes over the images of a report', () => {
    const mounts = parseMountinfo(readFileSync(REPORTED_MOUNTS, 'utf8'));
    expect(mounts).toHaveLength(6);
    expect(chooseMounts(mounts).map((mount) => mount.path)).toEqual(['/']);
  });

  it('keeps a root that is an overlay', () => {
    expect(
      paths(line('/', 'overlay', { device: '0:99' }), line('/var', 'overlay', { device: '0:98' })),
    ).toEqual(['/']);
  });

  it('takes the mount on top where one hides another', () => {
    expect(paths(line('/mnt', 'ext4', { device: '8:2' }), line('/mnt', 'tmpfs', { device: '0:50' }))).toEqual(
      [],
    );
  });

  it('reads escaped paths, and a filesystem that the kernel made read-only after an error', () => {
    const [mount] = parseMountinfo(line('/my\\040disk', 'ext4', { options: 'ro,errors=remount-ro' }));
    expect(mount).toMatchObject({ path: '/my disk', readOnly: true });
  });
});

describe('network interfaces', () => {
  const [, eth0] = parseNetDev(recorded('linux-2.6.18/proc/net/dev'));
  const shown = (facts: { flags?: string; speed?: string }) =>
    eth0 && netReading(eth0, { flags: facts.flags, speed: facts.speed });

  it('have a speed only where the driver knows one', () => {
    expect(shown({ flags: '0x1003\n', speed: '1000\n' })?.fields).toMatchObject({ speed: 1_000 });
    expect(shown({ flags: '0x1003\n', speed: '-1\n' })?.fields).not.toHaveProperty('speed');
    expect(shown({ flags: '0x1003\n', speed: '4294967295\n' })?.fields).not.toHaveProperty('speed');
  });

  it('are left out when switched off or loopback', () => {
    expect(shown({ flags: '0x1002\n' })).toBeUndefined();
    expect(shown({ flags: '0x9\n' })).toBeUndefined();
    expect(shown({})?.tags).toEqual({ interface: 'eth0' });
  });
});

describe('people logged in', () => {
  const record = (type: number, name: string, bytes = 384) => {
    const buffer = Buffer.alloc(bytes);
    buffer.writeInt16LE(type);
    buffer.write(name, 44);
    return buffer;
  };

  it.each([384, 400])('are counted by session and by name in records of %i bytes', (bytes) => {
    const sessions = ['an', 'an', 'binh'].map((name) => record(7, name, bytes));
    expect(parseUsers(Buffer.concat([record(2, 'reboot', bytes), ...sessions]))).toEqual({
      sessions: 3,
      names: 2,
    });
  });

  it('are not known from a file of another layout', () => {
    expect(parseUsers(Buffer.alloc(100))).toBeUndefined();
    expect(parseUsers(Buffer.alloc(0))).toEqual({ sessions: 0, names: 0 });
  });
});

it('counts a process whose name holds brackets, and one in a state that is new to us', () => {
  const count = new ProcessCount();
  count.add('7 (a) R (b)) Z 1 7 7 0 -1 64 1 1 0 0 1 1 0 0 16 0 3 0 9 1 1');
  count.add('8 (x) ? 1 7 7 0 -1 64 1 1 0 0 1 1 0 0 16 0 2 0 9 1 1');
  count.add('gone');
  expect(count.reading().fields).toMatchObject({
    zombies: 1,
    unknown: 1,
    total: 2,
    total_threads: 5,
    running: 0,
  });
});

describe('a damaged file', () => {
  const parsers: Record<string, (text: string) => unknown> = {
    stat: parseCpuTimes,
    meminfo: parseMeminfo,
    loadavg: parseLoadAverage,
    uptime: parseUptime,
    diskstats: diskioReadings,
    'net/dev': parseNetDev,
    'self/mountinfo': parseMountinfo,
    'pressure/io': (text) => pressureReadings('io', text),
  };

  it.each(Object.entries(parsers))('%s is read as far as it goes or refused by name', (file, parse) => {
    const whole = recorded(`linux-6.18/proc/${file}`);
    const damage = fc.record({
      at: fc.nat(whole.length),
      length: fc.nat(40),
      put: fc.string({ maxLength: 10 }),
    });
    fc.assert(
      fc.property(damage, ({ at, length, put }) => {
        try {
          parse(whole.slice(0, at) + put + whole.slice(at + length));
        } catch (error) {
          expect(error).toBeInstanceOf(SourceError);
        }
      }),
    );
  });
});
