import { systemClock, type Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/logger.ts';
import { runServices, type Service } from '../runtime/service.ts';
import { buildCity } from './city/build-city.ts';
import { recurringFaults } from './city/recurring-faults.ts';
import type { DemoFaults } from './demo/demo-faults.ts';
import { createFleet, type FleetStats } from './fleet/fleet.ts';

export interface SimulateOptions {
  readonly brokerUrl: string;
  readonly units: number;
  readonly seed: number;
  readonly intervalMs: number;
  readonly directory: string;
  readonly credentials: (agent: string) => { readonly username: string; readonly password: string };
  readonly shutdown: AbortSignal;
  readonly log: Logger;
  /** What a person may do to the city while it runs. */
  readonly demo?: DemoFaults;
  readonly onReady?: () => void;
  readonly onProgress?: (stats: FleetStats) => void;
}

const PROGRESS_EVERY_MS = 1_000;
const STOP_TIMEOUT_MS = 10_000;
/** Without faults, so that every agent can connect first. */
const NO_FAULTS_MS = 60_000;

/** Runs a simulated city until `shutdown`. Its faults depend on the time of day; none is active at the start. */
export async function runSimulate(options: SimulateOptions): Promise<void> {
  const { seed, units, log, shutdown, demo } = options;
  const nowMs = systemClock.now();
  const quiet = { fromMs: nowMs, toMs: nowMs + NO_FAULTS_MS };
  const model = buildCity({
    seed,
    unitCount: units,
    intervalMs: options.intervalMs,
    faults: (inventory) => {
      const recurring = recurringFaults(inventory, seed, quiet);
      return demo?.over(recurring) ?? recurring;
    },
  });
  const fleet = createFleet({
    model: demo?.applyTo(model) ?? model,
    directory: options.directory,
    connection: (agent) => ({ url: options.brokerUrl, ...options.credentials(agent) }),
    intervalMs: options.intervalMs,
    clock: systemClock,
    ...(demo !== undefined && { clockOf: (agent: string) => clockOf(agent, demo) }),
    random: Math.random,
    log,
    signal: shutdown,
  });
  await runServices([fleet, progress(() => fleet.stats(), options.onProgress)], {
    log,
    shutdown,
    stopTimeoutMs: STOP_TIMEOUT_MS,
    ...(options.onReady !== undefined && { onReady: options.onReady }),
  });
}

function clockOf(agent: string, demo: DemoFaults): Clock {
  return {
    ...systemClock,
    now: () => {
      const nowMs = systemClock.now();
      return nowMs + demo.clockOffsetMs(agent, nowMs);
    },
  };
}

function progress(stats: () => FleetStats, onProgress: ((stats: FleetStats) => void) | undefined): Service {
  let timer: NodeJS.Timeout | undefined;
  return {
    name: 'progress',
    start: async () => {
      if (onProgress !== undefined) timer = setInterval(() => onProgress(stats()), PROGRESS_EVERY_MS);
    },
    stop: async () => clearInterval(timer),
  };
}
