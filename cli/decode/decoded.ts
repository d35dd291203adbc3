import type { Sample } from '../../contract/sample.ts';
import type { RadioState } from '../../edge/collectors/cellular/radio-state.ts';

/** A part of a payload that is not taken. */
export interface Refusal {
  /** Which part, in the payload's own terms: `line 3`, `row 2 of ping`, `the payload`. */
  readonly where: string;
  readonly reason: string;
}

/** How Wardwatch understands a payload. */
export interface Decoded {
  readonly samples: readonly Sample[];
  readonly refusals: readonly Refusal[];
}

/** `nowMs`: for what has no time of its own. Never throws: what cannot be read is a refusal. */
export type Decoder = (bytes: Buffer, nowMs: number) => Decoded;

/** One reading of a modem. `where`: as in a refusal. */
export interface DecodedState {
  readonly where: string;
  readonly state: RadioState;
}
