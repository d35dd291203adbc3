import { GENERATION, type Rat } from '../radio-state.ts';
import type { DipKind, DipRow } from './dip.ts';

/** `between`: neither begins nor ends a dip. undefined: the row says nothing about it. */
export type Verdict = 'bad' | 'between' | 'good' | undefined;

/** `before`: the last technology above what the rule is about, where there was one. */
export type Evaluate = (row: DipRow, before: Rat | undefined) => Verdict;

export interface DipRule {
  readonly name: string;
  readonly kind: DipKind;
  readonly evaluate: Evaluate;
  /** Bad so long without a break before it counts. */
  readonly openAfterMs: number;
  /** Good so long without a break before it has ended; 0: at once. */
  readonly closeAfterMs: number;
  /** Readings further apart than this are not one run. */
  readonly maxGapMs: number;
  /** So long a dip outlives silence; after that its end is not known. */
  readonly holdMs: number;
}

const hasLevel = (rat: Rat | undefined): boolean => rat === undefined || GENERATION[rat] >= 4;

/** RSRP of 4G and 5G. Where there is neither, another kind of dip is told, so this one is over. */
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

/** On a lower technology after 5G. No network at all is a dip of its own. */
export const fallenBack: Evaluate = ({ rat }, before) => {
  if (rat === undefined) return undefined;
  if (GENERATION[rat] >= 5) return 'good';
  return rat === 'none' || before === undefined ? 'between' : 'bad';
};

function against(value: number | undefined, limit: number, deadband: number): Verdict {
  if (value === undefined) return undefined;
  if (value < limit) return 'bad';
  return value >= limit + deadband ? 'good' : 'between';
}
