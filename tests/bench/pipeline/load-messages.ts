/** Configuration of the load generator, a separate process so that its cost is not measured as central's. */
export interface LoadConfig {
  readonly brokerUrl: string;
  readonly epoch: string;
  /** `city`: the reference city, each agent once per interval. `flood`: as fast as acknowledgements allow, after `resume`. */
  readonly shape: 'city' | 'flood';
  readonly intervalMs: number;
}

/** Each is answered by a LoadReport. `reset` forgets latencies. `pause` and `resume` are for a flood. */
export type LoadRequest = 'report' | 'reset' | 'pause' | 'resume';

export interface LoadReport {
  /** By the generator's monotonic clock. */
  readonly atMs: number;
  readonly sentValues: number;
  readonly ackedPoints: number;
  readonly ackedValues: number;
  readonly unackedBatches: number;
  /** How many connections there will be; 0 until it is known. */
  readonly agents: number;
  readonly connected: number;
  readonly ackP50Ms: number;
  readonly ackP99Ms: number;
}
