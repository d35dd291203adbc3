/** Limits of the server. */
export interface Ndt7Limits {
  /** Concurrent tests; further ones are answered 503. */
  readonly maxClients: number;
  /** Duration of one test, whatever the client does. */
  readonly maxTestMs: number;
  /** Bytes of one test. */
  readonly maxTestBytes: number;
  /** Of all tests together, in each direction. Default: unlimited. */
  readonly maxBitsPerSecond?: number;
}

export const DEFAULT_LIMITS: Ndt7Limits = { maxClients: 20, maxTestMs: 15_000, maxTestBytes: 1_500_000_000 };
