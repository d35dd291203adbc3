import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../runtime/manual-clock.ts';
import { EarliestTimer } from './earliest-timer.ts';

describe('the timer', () => {
  it('fires once at the earliest time asked for, with one sleep at most', async () => {
    const clock = new ManualClock(0);
    const firedAt: number[] = [];
    const timer = new EarliestTimer(clock, () => firedAt.push(clock.now()));
    timer.setBy(500);
    timer.setBy(900);
    timer.setBy(300);
    expect(clock.sleeperCount).toBe(1);
    await clock.advance(2_000);
    expect(firedAt).toEqual([300]);
    timer.setBy(2_100);
    await clock.advance(1_000);
    expect(firedAt).toEqual([300, 2_100]);
  });

  it('does not fire once cleared', async () => {
    const clock = new ManualClock(0);
    const timer = new EarliestTimer(clock, () => expect.unreachable());
    timer.setBy(10);
    timer.clear();
    expect(clock.sleeperCount).toBe(0);
    await clock.advance(100);
  });
});
