/** What the server gives away at most. */
export interface Ndt7Limits {
  /** Tests at once; those beyond are answered 503. */
  readonly maxClients: number;
  /** Of one test, from its first to its last byte, whatever the client does. */
  readonly maxTestMs: number;
  /** Of one test, in its direction. */
  readonly maxTestBytes: number;
  /** Of all tests together, in each direction; without it as fast as it goes. */
  readonly maxBitsPerSecond?: number;
}

export const DEFAULT_LIMITS: Ndt7Limits = { maxClients: 20, maxTestMs: 15_000, maxTestBytes: 1_500_000_000 };
