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
  it('waits a second for other items, then commits them together', async () => {
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

  it('splits what is too large for one group, and commits an oversized item alone', async () => {
    const { clock, commits, group } = setUp({ maxBytes: 100 });
    group.add('a', 60);
    group.add('b', 60);
    group.add('giant', 500);
    await clock.advance(0);
    expect(commits).toEqual([['a'], ['b'], ['giant']]);
    expect(group.waitingBytes).toBe(0);
  });

  it('runs no timer while nothing waits, and reports when it is idle', async () => {
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

  it('commits waiting items at once when it is closed', async () => {
    const { commits, group } = setUp();
    group.add('a', 1);
    await group.close();
    expect(commits).toEqual([['a']]);
  });
});
