import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../runtime/manual-clock.ts';
import { MinuteTurns } from './minute-turns.ts';

const START_MS = 1_800_000_000_000;
const LOOK_MS = 10_000;
const MINUTE_MS = 60_000;

let clock: ManualClock;
let turns: MinuteTurns;
/** Which minutes had their turn, counted from the start. */
let taken: number[];
beforeEach(() => {
  clock = new ManualClock(START_MS);
  turns = new MinuteTurns(clock);
  taken = [];
});

function look(): void {
  const moment = turns.take();
  if (moment !== undefined) taken.push((moment.minuteMs - START_MS) / MINUTE_MS);
}

async function run(ms: number): Promise<void> {
  for (let done = 0; done < ms; done += LOOK_MS) {
    await clock.advance(LOOK_MS);
    look();
  }
}

describe('each minute', () => {
  it('has one turn, and the first when central has settled', async () => {
    await run(20_000);
    expect(taken).toEqual([]);
    await run(3 * MINUTE_MS);
    expect(taken).toEqual([0, 1, 2, 3]);
  });

  it('in which central stood still is left out, and none is made up', async () => {
    await run(2 * MINUTE_MS);
    clock.freeze(10 * MINUTE_MS);
    await run(MINUTE_MS);
    expect(taken).toEqual([0, 1, 2, 12, 13]);
  });

  it('goes on after a restart, without a gap of more than a minute wherever in the minute that is', async () => {
    for (let second = 0; second < 60; second += 5) {
      clock = new ManualClock(START_MS);
      turns = new MinuteTurns(clock);
      taken = [];
      await run(3 * MINUTE_MS);
      await clock.advance(1_000 * second);
      // Killed, and back after five seconds.
      await clock.advance(5_000);
      turns = new MinuteTurns(clock);
      await run(3 * MINUTE_MS);
      const gaps = taken.slice(1).map((minute, at) => minute - (taken[at] ?? minute));
      expect(Math.max(...gaps), `after ${second} s`).toBe(1);
    }
  });

  it('comes again when the clock of central was set back', async () => {
    await run(2 * MINUTE_MS);
    clock.stepWallClock(-MINUTE_MS);
    await run(MINUTE_MS);
    expect(taken).toEqual([0, 1, 2, 1, 2]);
  });
});
