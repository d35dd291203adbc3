import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mdstatReadings } from './mdstat.ts';

const mdstat = (...lines: string[]) =>
  mdstatReadings(['Personalities : [raid1]', ...lines, '', 'unused devices: <none>', ''].join('\n'));
const array = (...lines: string[]) => mdstat(...lines).readings[0];

describe('/proc/mdstat', () => {
  it('has nothing to say where there is no array', () => {
    const nothing = { readings: [], errors: [] };
    expect(mdstatReadings('Personalities : \nunused devices: <none>\n')).toEqual(nothing);
    expect(mdstatReadings('')).toEqual(nothing);
  });

  it.each([
    ['raid0', 'md2 : active raid0 sdb1[1] sda1[0]', '1953260544 blocks super 1.2 512k chunks', 2],
    ['linear', 'md3 : active linear sdc[2] sdb[1] sda[0]', '2929890816 blocks super 1.2 0k rounding', 3],
    ['raid1', 'md0 : active raid1 nvme1n1p2[1] nvme0n1p2[0]', '976630464 blocks super 1.2 [2/2] [UU]', 2],
    [
      'raid5',
      'md1 : active raid5 c[3] b[1] a[0]',
      '100 blocks level 5, 512k chunk, algorithm 2 [3/3] [UUU]',
      3,
    ],
    [
      'raid6',
      'md1 : active raid6 d[3] c[2] b[1] a[0]',
      '100 blocks level 6, 64k chunk, algorithm 2 [4/4] [UUUU]',
      4,
    ],
    [
      'raid10',
      'md1 : active raid10 d[3] c[2] b[1] a[0]',
      '100 blocks 512K chunks 2 near-copies [4/4] [UUUU]',
      4,
    ],
  ])('reads a healthy %s', (_, head, size, disks) => {
    expect(array(head, `      ${size}`)?.fields).toMatchObject({
      degraded: false,
      disks_total: disks,
      disks_active: disks,
      disks_down: 0,
    });
  });

  it('sees a member that failed and one that is missing', () => {
    const failed = array('md0 : active raid1 sdb1[1](F) sda1[0]', '      976630464 blocks [2/1] [U_]');
    expect(failed?.fields).toMatchObject({ degraded: true, disks_failed: 1, disks_down: 1, disks_active: 1 });
    const missing = array('md0 : active raid1 sda1[0]', '      976630464 blocks [2/1] [U_]');
    expect(missing?.fields).toMatchObject({ degraded: true, disks_failed: 0, disks_down: 1 });
  });

  it('takes an array that is not running as degraded, but not the container of a vendor format', () => {
    const stopped = array('md5 : inactive sdc1[0](S) sdd1[1](S)', '      976630464 blocks super 1.2');
    expect(stopped).toMatchObject({
      tags: { activity_state: 'inactive', devices: 'sdc1,sdd1' },
      fields: { degraded: true, disks_spare: 2, disks_active: 0 },
    });
    const container = array('md127 : inactive sdb[1](S) sda[0](S)', '      6306 blocks super external:imsm');
    expect(container?.fields).toMatchObject({ degraded: false });
  });

  it.each(['broken', 'newer-than-this'])('takes an array that is %s as degraded', (state) => {
    const reading = array(`md0 : ${state} raid1 sdb1[1] sda1[0]`, '      976630464 blocks [2/2] [UU]');
    expect(reading).toMatchObject({ tags: { activity_state: state }, fields: { degraded: true } });
  });

  it('reads the other arrays beside one that it cannot read', () => {
    const { readings, errors } = mdstat(
      'md0 : active raid1 sda[0]',
      '      many blocks',
      'md1 : broken raid1 sdb[0](F)',
      '      100 blocks [2/0] [__]',
      'what is this',
      '      200 blocks [2/2] [UU]',
    );
    expect(readings).toMatchObject([
      { tags: { name: 'md1' }, fields: { blocks_total: 100, degraded: true } },
    ]);
    expect(errors.map(({ message }) => message)).toEqual([
      expect.stringContaining('expected the size of md0 in blocks'),
      expect.stringContaining('got "what is this"'),
    ]);
  });

  it('reads an array in it, which is read-only until written to', () => {
    const volume = array(
      'md126 : active (auto-read-only) raid1 sda[1] sdb[0]',
      '      976758784 blocks super external:/md127/0 [2/2] [UU]',
    );
    expect(volume).toMatchObject({
      tags: { name: 'md126', devices: 'sda,sdb' },
      fields: { degraded: false },
    });
  });

  it.each([
    ['recovery', 'recovering'],
    ['resync', 'resyncing'],
    ['check', 'checking'],
    ['repair', 'repairing'],
    ['reshape', 'reshaping'],
  ])('follows a %s', (action, state) => {
    const reading = array(
      'md0 : active raid1 sdb1[2] sda1[0]',
      '      976630464 blocks super 1.2 [2/2] [UU]',
      `      [==>..................]  ${action} = 12.6% (123043392/976630464) finish=127.5min speed=111440K/sec`,
      '      bitmap: 1/8 pages [4KB], 65536KB chunk',
    );
    expect(reading).toMatchObject({
      tags: { activity_state: state },
      fields: {
        blocks_synced: 123_043_392,
        blocks_synced_pct: 12.6,
        blocks_synced_finish_time: 127.5,
        blocks_synced_speed: 111_440,
      },
    });
  });

  it.each(['DELAYED', 'PENDING', 'REMOTE'])('has no progress while a resync is %s', (word) => {
    const reading = array(
      'md0 : active raid1 sdb1[1] sda1[0]',
      '      100 blocks [2/2] [UU]',
      `      	resync=${word}`,
    );
    expect(reading?.tags).toMatchObject({ activity_state: 'resyncing' });
    expect(reading?.fields).toMatchObject({ blocks_synced: 0 });
    expect(reading?.fields).not.toHaveProperty('blocks_synced_pct');
  });

  it('keeps sizes exact beyond 2^53', () => {
    const reading = array('md0 : active raid0 sda[0]', '      18014398509481985 blocks super 1.2');
    expect(reading?.fields).toMatchObject({ blocks_total: 18_014_398_509_481_985n });
  });

  it.each([
    [
      'a line of no array',
      ['what is this'],
      'expected an array and its state as in md(4), got "what is this"',
    ],
    ['no state', ['md0 : [1/2] sda[0]'], 'expected an array and its state as in md(4)'],
    ['no size', ['md0 : active raid1 sda[0]', '      many blocks'], 'expected the size of md0 in blocks'],
    ['a detail before any array', ['      100 blocks'], 'expected an array and its state as in md(4)'],
    [
      'progress in words',
      ['md0 : active raid1 sda[0]', '      100 blocks [1/1] [U]', '      recovery = soon'],
      'expected the progress of the recovery of md0',
    ],
    [
      'more than all',
      ['md0 : active raid1 sda[0]', '      100 blocks [1/1] [U]', '      recovery = 900.0% (1/2)'],
      'expected the progress of the recovery of md0',
    ],
  ])('names the file and the line with %s', (_, lines, message) => {
    const { readings, errors } = mdstat(...lines);
    expect(readings).toEqual([]);
    expect(errors.map((error) => error.message)).toEqual([
      expect.stringContaining(`/proc/mdstat: ${message}`),
    ]);
  });

  it('reports any invalid input as an error', () => {
    const word = fc.constantFrom(
      'md0',
      ':',
      'active',
      'sda[0](F)',
      '100 blocks',
      '[2/1]',
      'recovery =',
      '%',
      '\n',
      '  ',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(word).map((words) => words.join(' ')),
    );
    fc.assert(
      fc.property(text, (rubbish) => {
        for (const { message } of mdstatReadings(rubbish).errors) expect(message).toContain('/proc/mdstat: ');
      }),
    );
  });
});
