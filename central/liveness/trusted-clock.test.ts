import { beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../runtime/logger.ts';
import { ManualClock } from '../../runtime/manual-clock.ts';
import { consensusOf } from './clock-consensus.ts';
import { TrustedClock } from './trusted-clock.ts';

const START_MS = 1_800_000_000_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let machine: ManualClock;
let clock: TrustedClock;
/** True time: what agents with a right clock have. */
let truthMs: () => number;

beforeEach(() => {
  machine = new ManualClock(START_MS);
  clock = new TrustedClock(machine, silentLogger);
  truthMs = () => machine.monotonicMs();
});

/** Seconds of checks, with agents whose clocks are off by `errorsMs`. Returns by how much central's time was set. */
async function run(seconds: number, errorsMs: readonly number[], transitMs = 40): Promise<number> {
  let setByMs = 0;
  for (let second = 0; second < seconds; second++) {
    await machine.advance(1_000);
    setByMs += clock.check(errorsMs.map((errorMs) => clock.now() - (truthMs() + errorMs) + transitMs));
  }
  return setByMs;
}

const GOOD = [0, 20, -300, 900, 0];

describe('when the clock of the machine steps', () => {
  it.each([-HOUR_MS, HOUR_MS, 8 * DAY_MS, -30_000])(
    "by %d ms for a minute, central's time goes on evenly as the agents confirm, and the difference is told",
    async (stepMs) => {
      await run(5, GOOD);
      machine.stepWallClock(stepMs);
      expect(clock.now()).toBe(truthMs());
      expect(await run(60, GOOD)).toBe(0);
      expect(clock.now()).toBe(truthMs());
      expect(clock.standing()).toEqual({
        machineOffsetMs: stepMs,
        isCertain: true,
        isAgreed: false,
      });
      machine.stepWallClock(-stepMs);
      await run(1, GOOD);
      expect(clock.standing()).toEqual({ machineOffsetMs: 0, isCertain: true, isAgreed: true });
    },
  );

  it('because the machine slept, agents agree with it and central follows at once', async () => {
    await run(5, GOOD);
    machine.stepWallClock(2 * HOUR_MS);
    truthMs = () => machine.monotonicMs() + 2 * HOUR_MS;
    expect(await run(1, GOOD)).toBe(2 * HOUR_MS);
    expect(clock.standing()).toEqual({ machineOffsetMs: 0, isCertain: true, isAgreed: true });
  });

  it('and there are too few agents to ask, central follows after five minutes', async () => {
    await run(5, [0]);
    machine.stepWallClock(HOUR_MS);
    expect(await run(300, [0])).toBe(0);
    expect(await run(2, [0])).toBe(HOUR_MS);
  });

  it('corrections of a few seconds are simply followed', async () => {
    machine.stepWallClock(-4_000);
    expect(clock.now()).toBe(truthMs() - 4_000);
    expect(await run(1, GOOD)).toBe(0);
    expect(clock.standing().machineOffsetMs).toBe(0);
  });
});

describe('when central starts with a wrong clock', () => {
  it('that is behind, most agents prove it at once', async () => {
    truthMs = () => machine.monotonicMs() + 8 * DAY_MS;
    expect(clock.standing().isCertain).toBe(false);
    const setByMs = await run(1, GOOD);
    expect(Math.abs(setByMs - 8 * DAY_MS)).toBeLessThan(1_000);
    await run(1, GOOD);
    expect(clock.standing().isCertain).toBe(true);
    expect(Math.abs(clock.standing().machineOffsetMs + 8 * DAY_MS)).toBeLessThan(1_000);
  });

  it('that is ahead, it waits a minute, since the agents could only be late, and is uncertain until then', async () => {
    truthMs = () => machine.monotonicMs() - HOUR_MS;
    expect(await run(59, GOOD)).toBe(0);
    expect(clock.standing().isCertain).toBe(false);
    expect(Math.abs((await run(5, GOOD)) + HOUR_MS)).toBeLessThan(1_000);
    expect(clock.standing().isCertain).toBe(true);
  });

  it('of agents that are off themselves a few do not count, and without a majority central keeps its time', async () => {
    expect(await run(120, [0, 0, 0, HOUR_MS, -DAY_MS])).toBe(0);
    expect(clock.standing().isCertain).toBe(true);
    expect(await run(120, [0, HOUR_MS, 2 * HOUR_MS, 3 * HOUR_MS])).toBe(0);
  });
});

it('after a stall the messages of all agents are late for a moment, which says nothing of the clock', async () => {
  await run(5, GOOD);
  expect(await run(20, GOOD, 600_000)).toBe(0);
  expect(clock.standing().isCertain).toBe(false);
  expect(await run(1, GOOD)).toBe(0);
  expect(clock.standing().isCertain).toBe(true);
});

it('a consensus needs three agents and a majority within a minute of its median', () => {
  expect(consensusOf([0, 0])).toBeUndefined();
  expect(consensusOf([-7_000, 5, 9_000])).toEqual({ offsetMs: 5, agents: 3 });
  expect(consensusOf([0, 200_000, 400_000, 600_000])).toBeUndefined();
});
