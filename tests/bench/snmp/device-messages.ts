/** Messages of the bench to the process of simulated devices, over Node's IPC channel. */
export type DeviceRequest =
  | { readonly kind: 'start'; readonly devices: number; readonly ports: number; readonly dead: number }
  /** Forget the rounds so far. */
  | { readonly kind: 'reset' }
  | { readonly kind: 'rounds' };

export interface DevicesReady {
  /** UDP ports of 127.0.0.1, one per device; the last `dead` of them never answer. */
  readonly ports: readonly number[];
}

/** One reading of all devices that answer, as the devices measured it. */
export interface Round {
  readonly requests: number;
  /** From the first request to any of them to the last one. */
  readonly durationMs: number;
  /** Median over the devices, from the first to the last request to each. */
  readonly deviceMs: number;
}

export interface RoundsReport {
  /** Rounds in which every device that answers was read. */
  readonly rounds: readonly Round[];
}
