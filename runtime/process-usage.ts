import { monitorEventLoopDelay } from 'node:perf_hooks';

/** What a process takes of the machine. */
export interface ProcessUsage {
  readonly rssBytes: number;
  /** User and system time since its start, ms. */
  readonly cpuMs: number;
  readonly uptimeS: number;
}

/** Of this process. */
export function readProcessUsage(): ProcessUsage {
  const { user, system } = process.cpuUsage();
  return {
    rssBytes: process.memoryUsage.rss(),
    cpuMs: (user + system) / 1_000,
    uptimeS: Math.round(process.uptime()),
  };
}

/** Coarse, so that measuring costs next to nothing. */
const RESOLUTION_MS = 50;

/**
 * Reads the 99th percentile, ms, since the reading before: each reader is for one caller. The monitor does not keep the
 * process alive.
 */
export function createEventLoopDelayReader(): () => number {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  return () => {
    // The histogram holds the time from one timer to the next, the resolution included.
    const p99Ms = Math.max(0, delay.percentile(99) / 1e6 - RESOLUTION_MS);
    delay.reset();
    return p99Ms;
  };
}
