/** What the bench tells the process of simulated devices, over Node's channel between processes. */
export type DeviceRequest =
  | { readonly kind: 'start'; readonly devices: number; readonly ports: number; readonly dead: number }
  /** Forget the rounds so far. */
  | { readonly kind: 'reset' }
  | { readonly kind: 'rounds' };

export interface DevicesReady {
  /** UDP ports of 127.0.0.1, a device each; the last `dead` of them never answer. */
  readonly ports: readonly number[];
}

/** One reading of all living devices, as they saw it. */
export interface Round {
  readonly requests: number;
  /** From the first request to any of them to the last one. */
  readonly durationMs: number;
  /** Median over the devices, from the first to the last request to each. */
  readonly deviceMs: number;
}

export interface RoundsReport {
  /** Those in which every living device was read. */
  readonly rounds: readonly Round[];
}
