import type { CityScale } from '../shapes.ts';

/** Configuration of the load generator, a separate process so that its cost is not measured as central's. */
export interface LoadConfig {
  readonly brokerUrl: string;
  readonly epoch: string;
  /** `city`: the reference city, each agent once per interval. `flood`: as fast as acknowledgements allow, after `resume`. */
  readonly shape: 'city' | 'flood';
  readonly intervalMs: number;
  /** For `city`. */
  readonly scale: CityScale;
  /** For `city`: how often the agent of the beat sends. */
  readonly beatMs: number;
  /** Line protocol for a Telegraf, which acknowledges nothing: a flood goes as fast as this InfluxDB has points written. */
  readonly telegrafInfluxUrl?: string;
}

/**
 * Each is answered by a LoadReport. `reset` forgets latencies and opens the window, `close` closes it. `pause` and `resume`
 * stop and start everything that is sent.
 */
export type LoadRequest = 'report' | 'reset' | 'close' | 'pause' | 'resume';

export interface LoadReport {
  /** By the generator's monotonic clock. */
  readonly atMs: number;
  readonly sentPoints: number;
  readonly sentValues: number;
  readonly ackedPoints: number;
  readonly ackedValues: number;
  /** What was sent in the window, and how much of that is acknowledged by now. */
  readonly window: WindowTotals;
  readonly unackedBatches: number;
  /** How many connections there will be; 0 until it is known. */
  readonly agents: number;
  readonly connected: number;
  readonly ackP50Ms: number;
  readonly ackP99Ms: number;
}

export interface WindowTotals {
  readonly sentValues: number;
  readonly ackedValues: number;
}
