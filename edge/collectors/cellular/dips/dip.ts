import type { Rat } from '../radio-state.ts';

export type DipKind = 'level' | 'quality' | 'no_registration' | 'fall_back';

/** One reading of the stream. A value that is missing is not known. */
export interface DipRow {
  /** Unix time, ms. */
  readonly timeMs: number;
  readonly rat?: Rat | undefined;
  readonly registered?: boolean | undefined;
  readonly rsrpDbm?: number | undefined;
  readonly sinrDb?: number | undefined;
  /** What a dip remembers of the moment it began; means nothing to the finder. */
  readonly labels: Readonly<Record<string, string>>;
}

/** A dip so far. Numbers are of its bad readings. */
export interface Dip {
  readonly startMs: number;
  /** Its last reading that was not good again. */
  readonly endMs: number;
  /** Time within it in which nothing was read. */
  readonly unknownMs: number;
  readonly rsrpMinDbm?: number | undefined;
  readonly sinrMinDb?: number | undefined;
  /** The technology before it, where it is known. */
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
  /** false: readings ceased, or the clock was set back, before its end was seen. */
  readonly endKnown: boolean;
  readonly dip: Dip;
}
