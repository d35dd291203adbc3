import { beforeEach, describe, expect, it } from 'vitest';
import type { Sample } from '../../contract/sample.ts';
import { ManualClock } from '../../runtime/manual-clock.ts';
import type { MaintenanceWindow } from '../alerts/life/maintenance/window.ts';
import { MaintenanceRollup } from './maintenance-rollup.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const START_MS = 1_800_000_000_000;

let clock: ManualClock;
let window: MaintenanceWindow;
/** By window and time, as a store has them. */
let stored: Map<string, Sample['fields']>;
let rollup: MaintenanceRollup;
beforeEach(() => {
  clock = new ManualClock(START_MS);
  const schedule = { repeats: 'once', startsAtMs: START_MS, endsAtMs: START_MS + 60 * MINUTE_MS } as const;
  window = {
    ...{ id: 'm-1', revision: 1, by: 'lan', madeAtMs: 0, changedBy: 'lan', changedAtMs: 0, schedule },
    ...{
      covers: ['unit:26734', 'link:up-1'],
      withDependents: false,
      reason: 'a new line',
      approvedBy: 'minh',
    },
  };
  stored = new Map();
  start();
});

function start(): void {
  rollup = new MaintenanceRollup({
    maintenance: {
      list: ({ state }) => (state === undefined || isOpen() ? [{ number: 1, window }] : []),
      next: (_window, _most, afterMs?: number) =>
        startsAtMs() <= clock.now() && (afterMs ?? clock.now()) < endsAtMs()
          ? [{ fromMs: startsAtMs(), toMs: endsAtMs() }]
          : [],
      get: () => window,
    },
    own: {
      write: (samples) => {
        for (const { tags, fields, timeMs } of samples)
          stored.set(`${tags['window'] ?? ''} ${timeMs}`, fields);
      },
    },
    ...{ clock, rawRetentionMs: 7 * DAY_MS },
  });
}

const startsAtMs = (): number => ('startsAtMs' in window.schedule ? window.schedule.startsAtMs : 0);
const endsAtMs = (): number =>
  Math.min('endsAtMs' in window.schedule ? window.schedule.endsAtMs : 0, window.endedAtMs ?? Infinity);
const isOpen = (): boolean => startsAtMs() <= clock.now() && clock.now() < endsAtMs();

async function run(minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    rollup.write();
    await clock.advance(MINUTE_MS);
  }
}

describe('a maintenance window', () => {
  it('is one point at its begin, with its end, however often it is written', async () => {
    await run(90);
    expect([...stored]).toEqual([
      [
        `m-1 ${START_MS}`,
        {
          ...{ reason: 'a new line', approved_by: 'minh', covers: 'unit:26734 link:up-1' },
          ended_at: START_MS + 60 * MINUTE_MS,
        },
      ],
    ]);
  });

  it('that a person ends early ends then, and an earlier cut is none of it', async () => {
    window = { ...window, cutAtMs: START_MS - DAY_MS };
    await run(10);
    window = { ...window, endedAtMs: clock.now() };
    await run(2);
    expect([...stored.values()].map(({ ended_at }) => ended_at)).toEqual([START_MS + 10 * MINUTE_MS]);
  });

  it('that a person ends just before central is killed ends then all the same', async () => {
    await run(10);
    window = { ...window, endedAtMs: clock.now() };
    await clock.advance(MINUTE_MS);
    start();
    await run(1);
    expect([...stored.values()].map(({ ended_at }) => ended_at)).toEqual([START_MS + 10 * MINUTE_MS]);
  });

  it('that a person moves to another day while it is open ends then', async () => {
    await run(10);
    window = {
      ...window,
      changedAtMs: clock.now(),
      schedule: { repeats: 'once', startsAtMs: START_MS + DAY_MS, endsAtMs: START_MS + DAY_MS + MINUTE_MS },
    };
    await run(3);
    expect([...stored.values()].map(({ ended_at }) => ended_at)).toEqual([START_MS + 10 * MINUTE_MS]);
  });

  it('that lasts for longer than rows are kept stays as it was written last', async () => {
    window = {
      ...window,
      schedule: { repeats: 'once', startsAtMs: START_MS, endsAtMs: START_MS + 30 * DAY_MS },
    };
    await clock.advance(7 * DAY_MS);
    await run(1);
    expect(stored.size).toBe(0);
  });
});
