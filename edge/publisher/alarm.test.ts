import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../runtime/manual-clock.ts';
import { Alarm } from './alarm.ts';

describe('the alarm', () => {
  it('rings once at the earliest time asked for, with one timer at most', async () => {
    const clock = new ManualClock(0);
    const rings: number[] = [];
    const alarm = new Alarm(clock, () => rings.push(clock.now()));
    alarm.setBy(500);
    alarm.setBy(900);
    alarm.setBy(300);
    expect(clock.sleeperCount).toBe(1);
    await clock.advance(2_000);
    expect(rings).toEqual([300]);
    alarm.setBy(2_100);
    await clock.advance(1_000);
    expect(rings).toEqual([300, 2_100]);
  });

  it('is silent once cleared', async () => {
    const clock = new ManualClock(0);
    const alarm = new Alarm(clock, () => expect.unreachable());
    alarm.setBy(10);
    alarm.clear();
    expect(clock.sleeperCount).toBe(0);
    await clock.advance(100);
  });
});
