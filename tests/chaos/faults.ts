import type { EdgeFleet } from './edge-fleet.ts';
import type { ServerProcess } from '../support/server-process.ts';
import type { ShiftedClock } from '../support/shifted-clock.ts';
import type { Pace } from './combination.ts';

/** Something that happens to one part under load, and ends. */
export interface Fault {
  readonly name: string;
  run(): Promise<void>;
}

export interface Killable {
  readonly name: string;
  kill(): Promise<void>;
  start(): Promise<void>;
}

export interface FaultDeps {
  readonly pace: Pace;
  readonly random: () => number;
  readonly sleep: (delayMs: number) => Promise<void>;
}

const HOUR_MS = 3_600_000;
const CENTRAL_STEPS_MS = [-HOUR_MS, HOUR_MS, 192 * HOUR_MS];

export function killFault(part: Killable, { pace, random, sleep }: FaultDeps): Fault {
  return {
    name: `kill -9 ${part.name}`,
    run: async () => {
      await part.kill();
      await sleep(pace.downMinMs + random() * (pace.downMaxMs - pace.downMinMs));
      await part.start();
    },
  };
}

/** As a snapshot or a migration of its machine does. */
export function pauseFault(central: ServerProcess, { pace, sleep }: FaultDeps): Fault {
  return {
    name: `central stopped for ${pace.pausedMs} ms`,
    run: async () => {
      central.signal('SIGSTOP');
      await sleep(pace.pausedMs);
      central.signal('SIGCONT');
    },
  };
}

/** An hour back, an hour ahead, or further than what is kept. */
export function centralClockFault(clock: ShiftedClock, { pace, random, sleep }: FaultDeps): Fault {
  const offsetMs = CENTRAL_STEPS_MS[Math.floor(random() * CENTRAL_STEPS_MS.length)] ?? HOUR_MS;
  return {
    name: `clock of central steps by ${offsetMs} ms`,
    run: async () => {
      clock.setOffset(offsetMs);
      await sleep(pace.betweenKillsMs);
      clock.setOffset(0);
    },
  };
}

/** Back to before the run, so that no time comes twice; no further than what is kept. */
export function agentClockFault(fleet: EdgeFleet, { pace, sleep }: FaultDeps): Fault {
  return {
    name: 'clock of one agent steps an hour back',
    run: async () => {
      fleet.setClockOfOne(-HOUR_MS);
      await sleep(pace.betweenKillsMs);
      fleet.setClockOfOne(0);
    },
  };
}
