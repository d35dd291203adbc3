import type { Sample } from '../../contract/sample.ts';
import { riseShare, type FaultTrack } from './faults.ts';
import { chance, drift } from './noise.ts';
import type { ServerTags } from './place-tags.ts';
import { clamp, hundredth } from './rounding.ts';

const DISK_BYTES = 960 * 1024 ** 3;
const DISK_FILLS_MS = 20 * 60_000;
const HALF_HOUR_MS = 30 * 60_000;
const QUARTER_DAY_MS = 6 * 3_600_000;

/** Follows the load, with slow drift; returns the share that is used. */
export function memoryMeter(seed: number, tags: Sample['tags'], total: number) {
  return (timeMs: number, load: number, into: Sample[]): number => {
    const usedShare = clamp(0.35 + 0.3 * load + 0.05 * drift(seed, timeMs, HALF_HOUR_MS), 0.1, 0.85);
    // In pages, as the kernel counts.
    const used = Math.floor((total * usedShare) / 4_096) * 4_096;
    into.push({
      measurement: 'mem',
      tags,
      fields: {
        total,
        used,
        available: total - used,
        used_percent: hundredth(100 * usedShare),
        available_percent: hundredth(100 * (1 - usedShare)),
      },
      timeMs,
    });
    return usedShare;
  };
}

/** One file system; the fault fills it within 20 minutes. */
export function diskMeter(
  seed: number,
  { host, site, unit }: ServerTags,
  filling: FaultTrack,
  inodesUsedPct: number,
) {
  const tags = { host, site, unit, path: '/', fstype: 'ext4' };
  const usual = 0.3 + 0.4 * chance(seed, -1);
  return (timeMs: number, into: Sample[]): void => {
    const fault = filling.at(timeMs);
    const rest = usual + 0.01 * drift(seed, timeMs, QUARTER_DAY_MS);
    const share =
      fault === undefined ? rest : rest + (0.985 - rest) * riseShare(fault, timeMs, DISK_FILLS_MS);
    const used = Math.floor((DISK_BYTES * share) / 4_096) * 4_096;
    into.push({
      measurement: 'disk',
      tags,
      fields: {
        total: DISK_BYTES,
        used,
        free: DISK_BYTES - used,
        used_percent: hundredth(100 * share),
        inodes_used_percent: inodesUsedPct,
      },
      timeMs,
    });
  };
}

/** Counters since boot: proportional to seconds of full load. */
export function counterMeter({ host, site, unit }: ServerTags, size: number) {
  const diskTags = { host, site, unit, name: 'sda' };
  const netTags = { host, site, unit, interface: 'eth0' };
  const nicBps = 2e7 + 4e7 * size;
  return (timeMs: number, workS: number, into: Sample[]): void => {
    const received = Math.floor(nicBps * workS);
    const sent = Math.floor(0.7 * nicBps * workS);
    into.push(
      {
        measurement: 'diskio',
        tags: diskTags,
        fields: {
          reads: Math.floor(180 * size * workS),
          writes: Math.floor(420 * size * workS),
          read_bytes: 4_096 * Math.floor(1_500 * size * workS),
          write_bytes: 4_096 * Math.floor(3_600 * size * workS),
          io_time: Math.floor(360 * size * workS),
        },
        timeMs,
      },
      {
        measurement: 'net',
        tags: netTags,
        fields: {
          bytes_recv: received,
          bytes_sent: sent,
          packets_recv: Math.floor(received / 900),
          packets_sent: Math.floor(sent / 1_100),
          err_in: Math.floor(3e-5 * workS),
          err_out: 0,
          drop_in: Math.floor(3e-4 * workS),
          drop_out: 0,
        },
        timeMs,
      },
    );
  };
}
