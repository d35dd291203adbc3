import type { Rat } from '../radio-state.ts';

export type DipKind = 'level' | 'quality' | 'no_registration' | 'fall_back';

/** One reading. A missing value is unknown. */
export interface DipRow {
  /** Unix time, ms. */
  readonly timeMs: number;
  readonly rat?: Rat | undefined;
  readonly registered?: boolean | undefined;
  readonly rsrpDbm?: number | undefined;
  readonly sinrDb?: number | undefined;
  /** Kept with the dip from its start; not used by the finder. */
  readonly labels: Readonly<Record<string, string>>;
}

/** A dip so far. Minimums are of its bad readings. */
export interface Dip {
  readonly startMs: number;
  /** Its last reading that was not good. */
  readonly endMs: number;
  /** Time within it without readings. */
  readonly unknownMs: number;
  readonly rsrpMinDbm?: number | undefined;
  readonly sinrMinDb?: number | undefined;
  /** The technology before it, if known. */
  readonly fromRat?: Rat | undefined;
  /** The lowest technology in it. */
  readonly toRat?: Rat | undefined;
  readonly labels: Readonly<Record<string, string>>;
}

export interface DipEvent {
  /** The rule's name. */
  readonly rule: string;
  readonly kind: DipKind;
  readonly isOpen: boolean;
  /** False: readings stopped, or the clock was set back, before its end. */
  readonly endKnown: boolean;
  readonly dip: Dip;
}
