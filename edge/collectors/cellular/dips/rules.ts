import { GENERATION, type Rat } from '../radio-state.ts';
import type { DipKind, DipRow } from './dip.ts';

/** `between`: neither starts nor ends a dip. undefined: the row has no value for it. */
export type Verdict = 'bad' | 'between' | 'good' | undefined;

/** `before`: the last technology of the rule's generation, if there was one. */
export type Evaluate = (row: DipRow, before: Rat | undefined) => Verdict;

export interface DipRule {
  readonly name: string;
  readonly kind: DipKind;
  readonly evaluate: Evaluate;
  /** Of this generation, or a higher one, is the technology that is kept as `before`. */
  readonly generation: number;
  /** A dip opens after this long without a good reading. */
  readonly openAfterMs: number;
  /** A dip ends after this long without a bad reading; 0: at once. */
  readonly closeAfterMs: number;
  /** Readings further apart are not consecutive. */
  readonly maxGapMs: number;
  /** An open dip survives a gap of this length; after that its end is unknown. */
  readonly holdMs: number;
}

const hasLevel = (rat: Rat | undefined): boolean => rat === undefined || GENERATION[rat] >= 4;

/** RSRP of 4G and 5G. With neither, another kind of dip is reported, so this one ends. */
export function levelBelow(limitDbm: number, deadbandDb: number): Evaluate {
  return ({ rat, rsrpDbm }) => (hasLevel(rat) ? against(rsrpDbm, limitDbm, deadbandDb) : 'good');
}

export function qualityBelow(limitDb: number, deadbandDb: number): Evaluate {
  return ({ rat, sinrDb }) => (hasLevel(rat) ? against(sinrDb, limitDb, deadbandDb) : 'good');
}

export const notRegistered: Evaluate = ({ registered }) => {
  if (registered === undefined) return undefined;
  return registered ? 'good' : 'bad';
};

/** Any technology, and none, below this generation. */
export function belowGeneration(generation: number): Evaluate {
  return ({ rat }) => {
    if (rat === undefined) return undefined;
    return GENERATION[rat] < generation ? 'bad' : 'good';
  };
}

/** On a lower technology after this generation. No network at all is a separate kind of dip. */
export function fallenBack(generation: number): Evaluate {
  return ({ rat }, before) => {
    if (rat === undefined) return undefined;
    if (GENERATION[rat] >= generation) return 'good';
    // A record of another setting may have a lower technology as the one before.
    const hadIt = before !== undefined && GENERATION[before] >= generation;
    return rat !== 'none' && hadIt ? 'bad' : 'between';
  };
}

function against(value: number | undefined, limit: number, deadband: number): Verdict {
  if (value === undefined) return undefined;
  if (value < limit) return 'bad';
  return value >= limit + deadband ? 'good' : 'between';
}
