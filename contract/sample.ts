/** A stored value. `bigint` carries integers beyond 2^53 (64-bit counters). */
export type FieldValue = number | bigint | string | boolean;

/** One measurement at one time, as a collector returns it. */
export interface Sample {
  readonly measurement: string;
  readonly tags: Readonly<Record<string, string>>;
  /** "Not available" is the absence of a field, never 0, -1 or "--". */
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** Unix time by the agent's clock, ms. */
  readonly timeMs: number;
}
