import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../runtime/manual-clock.ts';
import { GroupCommit } from './group-commit.ts';

function setUp(options: { maxItems?: number; maxBytes?: number } = {}) {
  const clock = new ManualClock();
  const commits: (readonly string[])[] = [];
  let idleCount = 0;
  const group = new GroupCommit<string>({
    clock,
    delayMs: 1_000,
    maxItems: options.maxItems ?? 3,
    maxBytes: options.maxBytes ?? 1_000,
    commit: async (items) => {
      commits.push(items);
    },
    idle: async () => {
      idleCount++;
    },
  });
  return { clock, commits, group, idleCount: () => idleCount };
}

describe('group commit', () => {
  it('waits a second for others, then writes what came', async () => {
    const { clock, commits, group } = setUp();
    group.add('a', 1);
    await clock.advance(600);
    group.add('b', 1);
    await clock.advance(399);
    expect(commits).toEqual([]);
    await clock.advance(1);
    expect(commits).toEqual([['a', 'b']]);
  });

  it('does not wait when the group is full in number or in bytes', async () => {
    const { clock, commits, group } = setUp();
    for (const item of ['a', 'b', 'c', 'd']) group.add(item, 1);
    await clock.advance(0);
    expect(commits).toEqual([['a', 'b', 'c']]);
    group.add('e', 999);
    await clock.advance(0);
    expect(commits).toEqual([
      ['a', 'b', 'c'],
      ['d', 'e'],
    ]);
  });

  it('splits what is too large for one group, and lets a giant through alone', async () => {
    const { clock, commits, group } = setUp({ maxBytes: 100 });
    group.add('a', 60);
    group.add('b', 60);
    group.add('giant', 500);
    await clock.advance(0);
    expect(commits).toEqual([['a'], ['b'], ['giant']]);
    expect(group.waitingBytes).toBe(0);
  });

  it('holds no timer while nothing waits, and says when it falls idle', async () => {
    const { clock, group, idleCount } = setUp();
    expect(clock.sleeperCount).toBe(0);
    group.add('a', 1);
    expect(clock.sleeperCount).toBe(1);
    await clock.advance(1_000);
    expect(clock.sleeperCount).toBe(0);
    expect(idleCount()).toBe(1);
  });

  it('commits without items on request', async () => {
    const { clock, commits, group } = setUp();
    group.request();
    await clock.advance(1_000);
    expect(commits).toEqual([[]]);
  });

  it('commits at once what waits when it is closed', async () => {
    const { commits, group } = setUp();
    group.add('a', 1);
    await group.close();
    expect(commits).toEqual([['a']]);
  });
});
