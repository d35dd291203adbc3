import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../runtime/manual-clock.ts';
import { createDiskProbe } from './disk-probe.ts';
import type { FsStats } from './disk.ts';
import type { Mount } from './mounts.ts';

const signal = new AbortController().signal;
const mount = (path: string, fsType = 'ext4'): Mount => ({
  deviceNumber: '8:1',
  root: '/',
  path,
  fsType,
  source: '/dev/mapper/vg-root',
  readOnly: false,
});
const stats: FsStats = { bsize: 4_096n, blocks: 1_000n, bfree: 300n, bavail: 200n, files: 50n, ffree: 40n };

describe('disk usage', () => {
  it('is what Telegraf says: free for users, and used of what users may use', async () => {
    const probe = createDiskProbe({ clock: new ManualClock(), statFs: async () => stats });
    const { readings } = await probe.read([mount('/')], signal);
    expect(readings).toEqual([
      {
        measurement: 'disk',
        tags: { path: '/', device: 'mapper/vg-root', fstype: 'ext4', mode: 'rw' },
        fields: {
          total: 4_096_000,
          free: 819_200,
          used: 2_867_200,
          used_percent: (100 * 700) / 900,
          inodes_total: 50,
          inodes_free: 40,
          inodes_used: 10,
          inodes_used_percent: 20,
        },
      },
    ]);
  });

  it('of the machine around a container is read below its root, and told by its own path', async () => {
    const asked: string[] = [];
    const statFs = async (path: string): Promise<FsStats> => {
      asked.push(path);
      return stats;
    };
    const probe = createDiskProbe({ clock: new ManualClock(), rootPath: '/host', statFs });
    const { readings } = await probe.read([mount('/'), mount('/srv/data')], signal);
    expect(asked).toEqual(['/host/', '/host/srv/data']);
    expect(readings.map(({ tags }) => tags['path'])).toEqual(['/', '/srv/data']);
  });

  it('passes over a filesystem without blocks, and names a mount that fails', async () => {
    const statFs = async (path: string): Promise<FsStats> => {
      if (path === '/gone') throw new Error('EIO: i/o error');
      return { ...stats, blocks: 0n };
    };
    const probe = createDiskProbe({ clock: new ManualClock(), statFs });
    const { readings, errors } = await probe.read([mount('/none'), mount('/gone')], signal);
    expect(readings).toEqual([]);
    expect(errors.map((error) => error.message)).toEqual(['disk /gone: EIO: i/o error']);
  });

  it('waits two seconds for a dead server once, then skips it until it answers', async () => {
    const clock = new ManualClock();
    const asked: string[] = [];
    let revive: (stats: FsStats) => void = () => undefined;
    const statFs = (path: string): Promise<FsStats> => {
      asked.push(path);
      return path === '/dead' ? new Promise((resolve) => (revive = resolve)) : Promise.resolve(stats);
    };
    const probe = createDiskProbe({ clock, statFs });
    const mounts = [mount('/'), mount('/dead', 'nfs4'), mount('/other', 'nfs4')];

    const first = probe.read(mounts, signal);
    await clock.advance(2_000);
    expect((await first).errors.map((error) => error.message)).toEqual([
      'disk /dead: did not answer within 2000 ms',
      'disk /other: not read while /dead does not answer',
    ]);
    const second = await probe.read(mounts, signal);
    expect(second.readings.map((reading) => reading.tags['path'])).toEqual(['/']);
    expect(second.errors[0]?.message).toBe('disk /dead: still does not answer');
    expect(asked).toEqual(['/', '/dead', '/']);

    revive(stats);
    await clock.advance(0);
    const third = probe.read([mount('/other', 'nfs4')], signal);
    expect((await third).readings).toHaveLength(1);
  });
});
